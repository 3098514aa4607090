package dev.tidemark.dashboards;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.cache.ConcurrentMapTemplateCache;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.context.MethodValueResolver;
import com.github.jknack.handlebars.io.ClassPathTemplateLoader;
import dev.tidemark.dashboards.view.DatasetView;
import dev.tidemark.dashboards.view.DebugView;
import dev.tidemark.dashboards.view.ErrorView;
import dev.tidemark.dashboards.view.ExecutiveView;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.IncidentView;
import dev.tidemark.dashboards.view.IndexView;
import dev.tidemark.dashboards.view.LinkView;
import dev.tidemark.dashboards.view.OncallView;
import dev.tidemark.dashboards.view.PostmortemView;
import dev.tidemark.dashboards.view.RunbookView;
import dev.tidemark.dashboards.view.Section;
import dev.tidemark.dashboards.view.SignInView;
import dev.tidemark.dashboards.view.SloView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Turns views into whole HTML pages. Templates are compiled when they are used for the first time.
 * Safe for any thread. Every text of a view is escaped, whatever it contains; only {@link
 * dev.tidemark.dashboards.view.SafeHtml} is not. Pages contain no inline script and no inline
 * style, so that {@code Content-Security-Policy: default-src 'self'} holds.
 */
public final class PageRenderer {
  private static final String TEMPLATES = "/dev/tidemark/dashboards/templates";
  private static final List<Section> NAVIGATION =
      Stream.of(Section.values()).filter(section -> section != Section.NONE).toList();

  private final Handlebars handlebars;
  private final String stylesheet;
  private final String script;

  /** Finds the assets that every page names. */
  public PageRenderer() {
    handlebars =
        new Handlebars(new ClassPathTemplateLoader(TEMPLATES, ".hbs"))
            .with(EscapingStrategy.HTML_ENTITY)
            .with(new ConcurrentMapTemplateCache())
            .prettyPrint(true);
    PageHelpers.register(handlebars);
    stylesheet = Assets.versioned("/assets/tidemark.css");
    script = Assets.versioned("/assets/tidemark.js");
  }

  /** Renders {@code /dashboards/executive}. */
  public String executive(Frame frame, ExecutiveView view) {
    return page("executive", frame, view, Section.EXECUTIVE, "Executive");
  }

  /** Renders {@code /dashboards/oncall}. */
  public String oncall(Frame frame, OncallView view) {
    return page("oncall", frame, view, Section.ONCALL, "On-call");
  }

  /** Renders {@code /dashboards/debug/PIPELINE}. */
  public String debug(Frame frame, DebugView view) {
    return page("debug", frame, view, Section.DEBUG, view.pipeline());
  }

  /** Renders {@code /slos/NAME}. */
  public String slo(Frame frame, SloView view) {
    return page("slo", frame, view, Section.SLOS, view.displayName());
  }

  /** Renders {@code /datasets/NAME}. */
  public String dataset(Frame frame, DatasetView view) {
    return page("dataset", frame, view, Section.DATASETS, view.displayName());
  }

  /** Renders {@code /incidents/ID}. */
  public String incident(Frame frame, IncidentView view) {
    return page("incident", frame, view, Section.INCIDENTS, view.title());
  }

  /** Renders {@code /incidents/ID/postmortem}. */
  public String postmortem(Frame frame, PostmortemView view) {
    return page("postmortem", frame, view, Section.INCIDENTS, "Postmortem of " + view.id());
  }

  /** Renders {@code /runbooks/ID}. */
  public String runbook(Frame frame, RunbookView view) {
    return page("runbook", frame, view, Section.RUNBOOKS, view.title());
  }

  /** Renders a list of things that have pages of their own. */
  public String index(Frame frame, IndexView view) {
    return page("index", frame, view, view.section(), view.title());
  }

  /** Renders the page for a request that cannot be served. */
  public String error(Frame frame, ErrorView view) {
    return page("error", frame, view, Section.NONE, view.title());
  }

  /** Renders {@code /a/TOKEN}. */
  public String link(Frame frame, LinkView view) {
    return page("link-action", frame, view, Section.NONE, view.title());
  }

  /** Renders the form that asks for a token. */
  public String signIn(Frame frame, SignInView view) {
    return page("sign-in", frame, view, Section.NONE, "Sign in");
  }

  private String page(String name, Frame frame, Object view, Section section, String title) {
    try {
      String main = handlebars.compile(name).apply(context(view, Map.of("frame", frame)));
      return handlebars
          .compile("layout")
          .apply(
              context(
                  Map.of(
                      "frame", frame,
                      "title", title,
                      "section", section,
                      "sections", NAVIGATION,
                      "page", name,
                      "stylesheet", stylesheet,
                      "script", script,
                      "main", new Handlebars.SafeString(main)),
                  Map.of()));
    } catch (IOException e) {
      throw new UncheckedIOException("page \"" + name + "\" could not be rendered", e);
    }
  }

  private static Context context(Object model, Map<String, Object> more) {
    // Records have no getX: components are found as methods. No fields, no getters: views only.
    return Context.newBuilder(model)
        .resolver(MapValueResolver.INSTANCE, MethodValueResolver.INSTANCE)
        .combine(more)
        .build();
  }
}
