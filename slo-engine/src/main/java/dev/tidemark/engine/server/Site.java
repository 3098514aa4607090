package dev.tidemark.engine.server;

import dev.tidemark.alerting.notify.Notifiers;
import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.engine.alertmanager.AlertmanagerRoutes;
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
import dev.tidemark.engine.planned.Backfills;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.store.SignalSink;
import dev.tidemark.engine.store.clickhouse.SeenSeries;
import dev.tidemark.engine.web.PageRoutes;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** What people and programs ask and do: API and pages. Thread-safe. */
final class Site {
  private static final long PATIENCE_SECONDS = 20;

  private final Vertx vertx;
  private final EngineState state;
  private final EventStream stream;
  private final Surroundings surroundings;
  private final SeenSeries seen;
  private final SignalSink sink;
  private final Telling telling;
  private final Notifiers notifiers;
  private final SignedLinks links;
  private final AuditLog audit;
  private final Times times;

  /**
   * Names what it shows and whom it tells what people do.
   *
   * @param sink takes the end of a backfill
   * @param telling knows everything that fires
   * @param notifiers of the receivers that may be tried
   */
  Site(
      Vertx vertx,
      EngineState state,
      EventStream stream,
      Surroundings surroundings,
      SeenSeries seen,
      SignalSink sink,
      Telling telling,
      Notifiers notifiers,
      SignedLinks links,
      AuditLog audit,
      Times times) {
    this.vertx = vertx;
    this.state = state;
    this.stream = stream;
    this.surroundings = surroundings;
    this.seen = seen;
    this.sink = sink;
    this.telling = telling;
    this.notifiers = notifiers;
    this.links = links;
    this.audit = audit;
    this.times = times;
  }

  void mount(Router router) {
    PlanBook plans = surroundings.plans();
    Declarations declarations = new Declarations(state, plans);
    IncidentActions actions = new IncidentActions(state, declarations);
    DeadLetters letters = new DeadLetters(state);
    new ApiRoutes(vertx, state, stream).mount(router);
    new IncidentRoutes(vertx, state, actions).mount(router);
    new FollowUpRoutes(vertx, state, new FollowUps(state)).mount(router);
    new ReceiverRoutes(vertx, state, notifiers).mount(router);
    new ScheduleRoutes(vertx, state, links.signer(), links.refused()).mount(router);
    new DeliveryRoutes(vertx, letters).mount(router);
    new SilenceRoutes(vertx, state).mount(router);
    new AlertmanagerRoutes(
            vertx,
            times.clock(),
            state.alerting(),
            telling.external(),
            telling.teller()::current,
            audit::note)
        .mount(router);
    new ReportRoutes(vertx, state).mount(router);
    new BacktestRoutes(vertx, state, plans::list, times.judgingDelay()).mount(router);
    new DefinitionRoutes(vertx, seen).mount(router);
    new BackfillRoutes(vertx, state, plans, declarations, actions, this::ended).mount(router);
    new HistoryRoutes(vertx, state).mount(router);
    new CatalogRoutes(vertx, surroundings.catalog(), times.clock()).mount(router);
    new PageRoutes(
            vertx, state, new PageRenderer(), actions, letters, links.signer(), links.refused())
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
