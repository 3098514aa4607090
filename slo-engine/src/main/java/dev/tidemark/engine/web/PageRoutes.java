package dev.tidemark.engine.web;

import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.SignInView;
import dev.tidemark.engine.api.DeadLetters;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.IncidentActions;
import dev.tidemark.engine.links.LinkSigner;
import dev.tidemark.engine.links.RefusedLinks;
import dev.tidemark.engine.store.PipelineHistory;
import dev.tidemark.engine.store.clickhouse.ClickHouseDatasetHistory;
import dev.tidemark.engine.store.clickhouse.ClickHousePipelineHistory;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pages. Rendering asks the judge and the store, so it runs on worker threads. Thread-safe. */
public final class PageRoutes {
  private static final String ONCALL = "/dashboards/oncall";

  private final EngineState state;
  private final PageRenderer renderer;
  private final Pages pages;
  private final RunbookViews runbooks;
  private final OverviewPages overviews;
  private final CatalogPages catalog;
  private final PipelinePages pipelines;
  private final IncidentPages incidents;
  private final LinkPages links;
  private final DeadLetters letters;

  /** Renders this state. */
  public PageRoutes(
      Vertx vertx,
      EngineState state,
      PageRenderer renderer,
      IncidentActions actions,
      DeadLetters letters,
      LinkSigner signer,
      RefusedLinks refused) {
    this.state = state;
    this.renderer = renderer;
    this.letters = letters;
    this.pages = new Pages(vertx, state, renderer);
    PipelineHistory history = new ClickHousePipelineHistory(state.clickHouse());
    DebugViews debugViews = new DebugViews(history);
    DatasetViews datasetViews =
        new DatasetViews(new ClickHouseDatasetHistory(state.clickHouse()), history, debugViews);
    this.runbooks = new RunbookViews(state.runbooks());
    IncidentViews incidentViews = new IncidentViews(runbooks::title);
    this.overviews =
        new OverviewPages(
            state, pages, renderer, incidentViews, new DutyViews(state, letters, signer));
    this.catalog = new CatalogPages(state, pages, renderer, incidentViews, datasetViews, runbooks);
    this.pipelines = new PipelinePages(state, pages, renderer, debugViews);
    this.incidents = new IncidentPages(state, pages, renderer, incidentViews, runbooks, actions);
    this.links = new LinkPages(state, pages, renderer, actions, signer, refused);
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router.get("/").handler(context -> context.redirect(ONCALL));
    AssetRoutes.mount(router);
    router.get("/signin").handler(c -> pages.show(c, frame -> signIn(frame, c)));
    router.get(ONCALL).handler(c -> pages.show(c, overviews::oncall));
    router.get("/dashboards/executive").handler(c -> pages.show(c, overviews::executive));
    router.get("/dashboards/debug").handler(c -> pages.show(c, pipelines::pipelines));
    router
        .get("/dashboards/debug/:name")
        .handler(
            c ->
                pages.show(
                    c,
                    frame ->
                        pipelines.debug(
                            frame,
                            c.pathParam("name"),
                            Objects.requireNonNullElse(c.request().getParam("run"), ""))));
    router.get("/slos").handler(c -> pages.show(c, catalog::slos));
    router
        .get("/slos/:name")
        .handler(c -> pages.show(c, frame -> catalog.slo(frame, c.pathParam("name"))));
    router.get("/datasets").handler(c -> pages.show(c, catalog::datasets));
    router
        .get("/datasets/:name")
        .handler(c -> pages.show(c, frame -> catalog.dataset(frame, c.pathParam("name"))));
    router
        .post("/deliveries/retry")
        .handler(BodyHandler.create(false).setBodyLimit(16 * 1024))
        .handler(c -> pages.submit(c, ONCALL, () -> retry(c)));
    router
        .post("/deliveries/dismiss")
        .handler(BodyHandler.create(false).setBodyLimit(16 * 1024))
        .handler(c -> pages.submit(c, ONCALL, () -> dismiss(c)));
    incidents.mount(router);
    links.mount(router);
    router
        .get("/runbooks")
        .handler(c -> pages.show(c, frame -> renderer.index(frame, runbooks.index(frame.now()))));
    router
        .get("/runbooks/:id")
        .handler(
            c ->
                pages.show(
                    c,
                    frame -> runbook(frame, c.pathParam("id"), c.request().getParam("incident"))));
  }

  private String retry(RoutingContext context) {
    OutboxEntry unused = letters.retry(Pages.field(context, "id"), Pages.actor(context));
    return ONCALL;
  }

  private String dismiss(RoutingContext context) {
    OutboxEntry unused = letters.dismiss(Pages.field(context, "id"), Pages.actor(context));
    return ONCALL;
  }

  private String signIn(Frame frame, RoutingContext context) {
    return renderer.signIn(
        frame,
        new SignInView(
            "/signin",
            Objects.requireNonNullElse(context.request().getParam("next"), "/"),
            context.request().getParam("problem") == null ? null : "This token is not known.",
            null));
  }

  private String runbook(Frame frame, String id, @Nullable String incidentId) {
    Optional<Incident> incident =
        incidentId == null ? Optional.empty() : state.alerting().find(incidentId);
    return renderer.runbook(
        frame,
        runbooks
            .page(id, incident, frame.now())
            .orElseThrow(
                () -> new MissingPageException("There is no runbook '" + id + "'.", "/runbooks")));
  }
}
