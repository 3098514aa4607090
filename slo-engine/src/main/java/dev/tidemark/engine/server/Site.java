package dev.tidemark.engine.server;

import dev.tidemark.alerting.notify.Notifiers;
import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.engine.alertmanager.AlertmanagerRoutes;
import dev.tidemark.engine.alertmanager.ExternalAlerts;
import dev.tidemark.engine.api.ApiRoutes;
import dev.tidemark.engine.api.BackfillRoutes;
import dev.tidemark.engine.api.BacktestRoutes;
import dev.tidemark.engine.api.CatalogRoutes;
import dev.tidemark.engine.api.DeadLetters;
import dev.tidemark.engine.api.Declarations;
import dev.tidemark.engine.api.DefinitionRoutes;
import dev.tidemark.engine.api.DeliveryRoutes;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.EventStream;
import dev.tidemark.engine.api.FollowUpRoutes;
import dev.tidemark.engine.api.FollowUps;
import dev.tidemark.engine.api.HistoryRoutes;
import dev.tidemark.engine.api.IncidentActions;
import dev.tidemark.engine.api.IncidentRoutes;
import dev.tidemark.engine.api.ReceiverRoutes;
import dev.tidemark.engine.api.ReportRoutes;
import dev.tidemark.engine.api.ScheduleRoutes;
import dev.tidemark.engine.api.SilenceRoutes;
import dev.tidemark.engine.catalog.CatalogCoverage;
import dev.tidemark.engine.links.LinkSigner;
import dev.tidemark.engine.links.RefusedLinks;
import dev.tidemark.engine.loop.Teller;
import dev.tidemark.engine.planned.Backfills;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.store.SignalSink;
import dev.tidemark.engine.store.clickhouse.SeenSeries;
import dev.tidemark.engine.telemetry.EngineMetrics;
import dev.tidemark.engine.web.PageRoutes;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** What people and programs ask and do: API and pages. Thread-safe. */
final class Site {
  private static final long PATIENCE_SECONDS = 20;

  private final Vertx vertx;
  private final EngineState state;
  private final EventStream stream;
  private final PlanBook plans;
  private final CatalogCoverage catalog;
  private final SeenSeries seen;
  private final SignalSink sink;
  private final ExternalAlerts external;
  private final Teller teller;
  private final Notifiers notifiers;
  private final LinkSigner signer;
  private final RefusedLinks refused;
  private final AuditLog audit;
  private final Clock clock;
  private final Duration judgingDelay;

  /**
   * Names what it shows and whom it tells what people do.
   *
   * @param sink takes the end of a backfill
   * @param teller knows everything that fires
   * @param notifiers of the receivers that may be tried
   * @param signer of links and calendar addresses
   * @param clock engine time
   * @param judgingDelay how far judging stays behind it
   */
  Site(
      Vertx vertx,
      EngineState state,
      EventStream stream,
      PlanBook plans,
      CatalogCoverage catalog,
      SeenSeries seen,
      SignalSink sink,
      ExternalAlerts external,
      Teller teller,
      Notifiers notifiers,
      LinkSigner signer,
      AuditLog audit,
      EngineMetrics metrics,
      Clock clock,
      Duration judgingDelay) {
    this.vertx = vertx;
    this.state = state;
    this.stream = stream;
    this.plans = plans;
    this.catalog = catalog;
    this.seen = seen;
    this.sink = sink;
    this.external = external;
    this.teller = teller;
    this.notifiers = notifiers;
    this.signer = signer;
    this.refused = new RefusedLinks(clock, audit::note);
    this.audit = audit;
    this.clock = clock;
    this.judgingDelay = judgingDelay;
    metrics.counters(
        "tidemark_links_refused",
        "Signed links and calendar addresses that were refused since the start.",
        "reason",
        refused::counts);
  }

  void mount(Router router) {
    Declarations declarations = new Declarations(state, plans);
    IncidentActions actions = new IncidentActions(state, declarations);
    DeadLetters letters = new DeadLetters(state);
    new ApiRoutes(vertx, state, stream).mount(router);
    new IncidentRoutes(vertx, state, actions).mount(router);
    new FollowUpRoutes(vertx, state, new FollowUps(state)).mount(router);
    new ReceiverRoutes(vertx, state, notifiers).mount(router);
    new ScheduleRoutes(vertx, state, signer, refused).mount(router);
    new DeliveryRoutes(vertx, letters).mount(router);
    new SilenceRoutes(vertx, state).mount(router);
    new AlertmanagerRoutes(vertx, clock, state.alerting(), external, teller::current, audit::note)
        .mount(router);
    new ReportRoutes(vertx, state).mount(router);
    new BacktestRoutes(vertx, state, plans::list, judgingDelay).mount(router);
    new DefinitionRoutes(vertx, seen).mount(router);
    new BackfillRoutes(vertx, state, plans, declarations, actions, this::ended).mount(router);
    new HistoryRoutes(vertx, state).mount(router);
    new CatalogRoutes(vertx, catalog, clock).mount(router);
    new PageRoutes(vertx, state, new PageRenderer(), actions, letters, signer, refused)
        .mount(router);
  }

  /** A backfill that has ended is a signal like others, durable before the answer. */
  private void ended(PlannedWork work, Instant at) {
    Object unused =
        sink.append(Backfills.ended(work, at))
            .toCompletableFuture()
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .join();
  }
}
