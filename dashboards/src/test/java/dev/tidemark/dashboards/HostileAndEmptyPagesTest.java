package dev.tidemark.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.dashboards.view.SafeHtml;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostileAndEmptyPagesTest {
  private static final String HOSTILE =
      "javascript:alert(1)\"'><script>alert(1)</script><x-evil onfocus=alert(1)>{{7}}`</main>";

  @Test
  void no_text_of_any_view_becomes_markup() {
    Map<String, String> pages =
        pages(
            (component, value) ->
                value instanceof String && component.getDeclaringRecord() != SafeHtml.class
                    ? HOSTILE
                    : value);

    pages.forEach(
        (name, html) -> {
          Document page = Jsoup.parse(html);
          assertThat(page.select("x-evil, [onfocus], script:not([src])")).as(name).isEmpty();
          assertThat(page.select("main")).as(name).hasSize(1);
          for (Element link : page.select("a[href], form[action]")) {
            assertThat(link.attr("href") + link.attr("action")).as(name).matches("[/#].*");
          }
        });
  }

  @Test
  void every_page_says_what_is_missing_instead_of_leaving_a_hole() {
    Map<String, String> pages =
        pages(
            (component, value) ->
                component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                    ? null
                    : value instanceof List ? List.of() : value);

    pages.forEach(
        (name, html) -> {
          Document page = Jsoup.parse(html);
          assertThat(page.select("h1").text()).as(name).isNotBlank();
          assertThat(page.select("main").text()).as(name).doesNotContain("null");
          for (Element table : page.select("main table")) {
            assertThat(table.select("tbody td")).as(name).isNotEmpty();
          }
          for (Element section : page.select("main section")) {
            assertThat(section.text()).as(name).isNotBlank();
          }
        });
    assertThat(parse(pages, "oncall").select("h1").text()).isEqualTo("No open incidents");
    assertThat(parse(pages, "oncall").select(".empty")).hasSizeGreaterThanOrEqualTo(5);
    assertThat(parse(pages, "executive").select(".empty")).hasSize(3);
    assertThat(parse(pages, "debug").select(".empty")).hasSize(4);
  }

  private static Document parse(Map<String, String> pages, String name) {
    return Jsoup.parse(Objects.requireNonNull(pages.get(name)));
  }

  private static Map<String, String> pages(
      BiFunction<RecordComponent, Object, @Nullable Object> change) {
    PageRenderer renderer = new PageRenderer();
    var frame = Rewritten.copy(Samples.frame(), change);
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("executive", renderer.executive(frame, Rewritten.copy(Samples.executive(), change)));
    pages.put("oncall", renderer.oncall(frame, Rewritten.copy(Samples.oncall(), change)));
    pages.put("debug", renderer.debug(frame, Rewritten.copy(MoreSamples.debug(), change)));
    pages.put("slo", renderer.slo(frame, Rewritten.copy(Samples.slo(), change)));
    pages.put("dataset", renderer.dataset(frame, Rewritten.copy(Samples.dataset(), change)));
    pages.put("incident", renderer.incident(frame, Rewritten.copy(Samples.incident(), change)));
    pages.put("runbook", renderer.runbook(frame, Rewritten.copy(MoreSamples.runbook(), change)));
    pages.put("index", renderer.index(frame, Rewritten.copy(MoreSamples.index(), change)));
    pages.put("error", renderer.error(frame, Rewritten.copy(MoreSamples.error(), change)));
    pages.put(
        "postmortem", renderer.postmortem(frame, Rewritten.copy(MoreSamples.postmortem(), change)));
    pages.put("link", renderer.link(frame, Rewritten.copy(MoreSamples.link(), change)));
    pages.put("sign-in", renderer.signIn(frame, Rewritten.copy(MoreSamples.signIn(), change)));
    return pages;
  }
}
