package dev.tidemark.engine.server;

import dev.tidemark.engine.alerts.Deliveries;
import dev.tidemark.engine.alerts.StoredFollowUps;
import dev.tidemark.engine.alerts.StoredOutbox;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.Records;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.report.BudgetLedger;
import dev.tidemark.runbooks.RunbookLibrary;
import java.time.Clock;
import java.time.Duration;

/** What API and pages see of a server. Stateless. */
final class StateView {
  private StateView() {}

  static EngineState of(
      Stores stores,
      Judging judging,
      Surroundings surroundings,
      Telling telling,
      Delivery delivery,
      Intake intake,
      DefinitionReloader reloader,
      RunbookLibrary runbooks,
      Times times,
      String notice) {
    PlanBook plans = surroundings.plans();
    return new EngineState(
        times.steady(),
        judging,
        telling.alerting(),
        delivery.outbox(),
        surroundings.lineage()::graph,
        reloader::problems,
        runbooks,
        stores.buckets(),
        stores.connections(),
        () -> health(intake, judging, delivery.outbox(), times.clock()),
        delivery::stats,
        new Records(
            stores.history(),
            stores.auditBook(),
            new Deliveries(stores.documents()),
            new StoredFollowUps(stores.documents(), times.clock()),
            new BudgetLedger(
                stores.buckets(),
                stores.history(),
                stores.restatements(),
                stores.auditBook(),
                plans::plans,
                times.steady()),
            plans::plans,
            surroundings.catalog()::entries),
        notice);
  }

  private static EngineState.Health health(
      Intake intake, Judging judging, StoredOutbox outbox, Clock clock) {
    return new EngineState.Health(
        intake.sink().queuedRows(),
        intake.sink().spooledBytes(),
        intake.sink().lastError(),
        Duration.between(judging.loop().judgedUntil(), clock.instant()).toMillis() / 1e3,
        outbox.pending(),
        outbox.dead(),
        intake.sink().insertedRows());
  }
}
