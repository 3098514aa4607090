package dev.tidemark.dashboards;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.cache.ConcurrentMapTemplateCache;
import com.github.jknack.handlebars.context.MethodValueResolver;
import com.github.jknack.handlebars.io.ClassPathTemplateLoader;
import dev.tidemark.dashboards.view.PostmortemView;
import dev.tidemark.dashboards.view.ReportView;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The review as one file to send around: HTML without anything from outside, or Markdown. Safe for
 * any thread.
 */
public final class ReportRenderer {
  private static final String TEMPLATES = "/dev/tidemark/dashboards/templates";

  private final Handlebars html = templates(EscapingStrategy.HTML_ENTITY);
  private final Handlebars markdown = templates(ReportRenderer::escaped);

  private static Handlebars templates(EscapingStrategy escaping) {
    return new Handlebars(new ClassPathTemplateLoader(TEMPLATES, ".hbs"))
        .with(escaping)
        .with(new ConcurrentMapTemplateCache())
        .prettyPrint(true);
  }

  /** Keeps names from becoming markup or from ending a table's cell. */
  private static CharSequence escaped(CharSequence text) {
    return text.toString()
        .replaceAll("[\\r\\n]+", " ")
        .replaceAll("([\\\\|*_`<>\\[\\]#])", "\\\\$1");
  }

  /** Returns a whole HTML document. */
  public String html(ReportView view) {
    return apply(html, "report-html", view);
  }

  /** Returns Markdown with tables. */
  public String markdown(ReportView view) {
    return apply(markdown, "report-markdown", view);
  }

  /** Returns a postmortem as Markdown, with room for what only people know. */
  public String markdown(PostmortemView view) {
    return apply(markdown, "postmortem-markdown", view);
  }

  private static String apply(Handlebars templates, String name, Record view) {
    try {
      return templates
          .compile(name)
          .apply(Context.newBuilder(view).resolver(MethodValueResolver.INSTANCE).build());
    } catch (IOException e) {
      throw new UncheckedIOException("the report could not be rendered", e);
    }
  }
}
