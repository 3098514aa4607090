package dev.tidemark.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.dashboards.view.Frame;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class PageRendererTest {
  private final Map<String, String> pages = PageGallery.pages(Samples.frame());

  @Test
  void every_page_has_one_heading_one_main_and_a_title() {
    pages.forEach(
        (name, html) -> {
          Document page = Jsoup.parse(html);
          assertThat(page.select("h1")).as(name).hasSize(1);
          assertThat(page.select("main")).as(name).hasSize(1);
          assertThat(page.title()).as(name).endsWith("· Tidemark");
          assertThat(html).as(name).doesNotContain("{{").doesNotContain("[dev.tidemark");
        });
  }

  @Test
  void no_page_needs_an_inline_script_or_style() {
    pages.forEach(
        (name, html) -> {
          Document page = Jsoup.parse(html);
          assertThat(page.select("[style], style")).as(name).isEmpty();
          assertThat(page.select("script:not([src])")).as(name).isEmpty();
          for (Element element : page.getAllElements()) {
            assertThat(element.attributes().asList())
                .as(name)
                .noneMatch(attribute -> attribute.getKey().startsWith("on"));
          }
        });
  }

  @Test
  void all_links_lead_to_known_paths() {
    pages.forEach(
        (name, html) -> {
          for (Element link : Jsoup.parse(html).select("a[href]")) {
            assertThat(link.attr("href"))
                .as(name)
                .matches(
                    "#main|/(slos|datasets|incidents|runbooks|metrics|healthz|openapi.yaml)"
                        + "|/(slos|datasets|incidents|runbooks)/[^/]+"
                        + "|/incidents/[^/]+/postmortem(\\.md)?|/api/v1/deliveries/dead|/calendars/[^/]+\\.ics"
                        + "|/dashboards/(executive|oncall|debug)|/dashboards/debug/[^/]+");
          }
          for (Element needed : Jsoup.parse(html).select("script[src], link[href]")) {
            String path = needed.attr("src") + needed.attr("href");
            assertThat(Assets.find(path.replaceAll("\\?.*", ""))).as(path).isPresent();
          }
        });
  }

  @Test
  void a_frame_without_notice_user_and_incidents_shows_none_of_them() {
    Frame bare = new Frame(Samples.NOW, null, null, 0, false);

    Document page = Jsoup.parse(new PageRenderer().oncall(bare, Samples.oncall()));

    assertThat(page.select(".notice, .user, .count, script[src*=live]")).isEmpty();
  }
}
