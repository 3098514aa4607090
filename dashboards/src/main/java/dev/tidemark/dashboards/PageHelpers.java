package dev.tidemark.dashboards;

import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.Handlebars.SafeString;
import com.github.jknack.handlebars.Options;
import dev.tidemark.dashboards.view.Chart;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.SafeHtml;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The few things a template cannot say itself. Each escapes what it puts into markup. */
final class PageHelpers {
  private PageHelpers() {}

  static void register(Handlebars handlebars) {
    handlebars.registerHelper("time", (Instant at, Options options) -> time(at, options, false));
    handlebars.registerHelper("ago", (Instant at, Options options) -> time(at, options, true));
    handlebars.registerHelper("clock", (Instant at, Options options) -> clock(at));
    handlebars.registerHelper("html", (SafeHtml html, Options options) -> html(html));
    handlebars.registerHelper(
        "same", (Object one, Options options) -> one != null && one.equals(options.param(0)));
    handlebars.registerHelper("chart", (Chart chart, Options options) -> ChartJson.of(chart));
    handlebars.registerHelper(
        "url", (@Nullable String href, Options options) -> href == null ? "" : safeHref(href));
  }

  private static CharSequence time(@Nullable Instant at, Options options, boolean relative) {
    if (at == null) {
      return new SafeString("<span class=\"unknown\">unknown</span>");
    }
    Instant second = at.truncatedTo(ChronoUnit.SECONDS);
    Frame frame = options.get("frame");
    String exact = Formats.second(second);
    String shown =
        relative ? Formats.relative(second, frame.now()) : Formats.minute(second) + " UTC";
    // Only digits and words of Formats: nothing in it needs escaping.
    return new SafeString(
        "<time datetime=\"%s\" title=\"%s\"%s>%s</time>"
            .formatted(second, exact, relative ? " data-ago" : "", shown));
  }

  /** The time of day to the millisecond, for logs. */
  private static CharSequence clock(Instant at) {
    return new SafeString(
        "<time datetime=\"%s\" title=\"%s\">%s</time>"
            .formatted(at, Formats.second(at), Formats.clock(at)));
  }

  private static CharSequence html(@Nullable SafeHtml html) {
    return html == null ? "" : new SafeString(html.html());
  }

  /** Returns {@code href} if following it is harmless, otherwise a link to the same place. */
  private static String safeHref(String href) {
    boolean local = href.startsWith("#") || (href.startsWith("/") && !href.startsWith("//"));
    boolean web = href.startsWith("https://") || href.startsWith("http://");
    return local || web ? href : "#";
  }
}
