package dev.tidemark.dashboards;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.Template;
import com.github.jknack.handlebars.context.MethodValueResolver;
import com.github.jknack.handlebars.io.ClassPathTemplateLoader;
import dev.tidemark.dashboards.view.PostmortemView;
import dev.tidemark.dashboards.view.ReportView;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The review as one file to send around: HTML without anything from outside, or Markdown. */
public final class ReportRenderer {
  private static final String TEMPLATES = "/dev/tidemark/dashboards/templates";

  private final Template html;
  private final Template markdown;
  private final Template postmortem;

  /**
   * Compiles the templates.
   *
   * @throws UncheckedIOException if one is missing from the jar or does not compile
   */
  public ReportRenderer() {
    try {
      html = compile("report-html", EscapingStrategy.HTML_ENTITY);
      markdown = compile("report-markdown", ReportRenderer::escaped);
      postmortem = compile("postmortem-markdown", ReportRenderer::escaped);
    } catch (IOException e) {
      throw new UncheckedIOException("report templates could not be compiled", e);
    }
  }

  private static Template compile(String name, EscapingStrategy escaping) throws IOException {
    return new Handlebars(new ClassPathTemplateLoader(TEMPLATES, ".hbs"))
        .with(escaping)
        .prettyPrint(true)
        .compile(name);
  }

  /** Keeps names from becoming markup or from ending a table's cell. */
  private static CharSequence escaped(CharSequence text) {
    return text.toString()
        .replaceAll("[\\r\\n]+", " ")
        .replaceAll("([\\\\|*_`<>\\[\\]#])", "\\\\$1");
  }

  /** Returns a whole HTML document. */
  public String html(ReportView view) {
    return apply(html, view);
  }

  /** Returns Markdown with tables. */
  public String markdown(ReportView view) {
    return apply(markdown, view);
  }

  /** Returns a postmortem as Markdown, with room for what only people know. */
  public String markdown(PostmortemView view) {
    return apply(postmortem, view);
  }

  private static String apply(Template template, Record view) {
    try {
      return template.apply(
          Context.newBuilder(view).resolver(MethodValueResolver.INSTANCE).build());
    } catch (IOException e) {
      throw new UncheckedIOException("the report could not be rendered", e);
    }
  }
}
