package dev.tidemark.engine.server;

import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.engine.alerts.RoutingDefinitions;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Edits;
import dev.tidemark.engine.loop.Reload;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.report.BudgetLedger;
import dev.tidemark.engine.store.BucketStore;
import java.time.Clock;

/**
 * Puts changed definitions in force everywhere, in an order in which each part finds what it needs:
 * who is told, what is judged, what is known of datasets. Blocks; for the reloader's thread.
 */
final class DefinitionChange {
  private final Judging judging;
  private final Surroundings surroundings;
  private final Alerting alerting;
  private final Delivery delivery;
  private final KnownSeries known;
  private final AuditLog audit;
  private final Reload reload;
  private final Clock clock;

  /**
   * Names who has to hear of it.
   *
   * @param buckets from which windows that are others now are filled
   * @param clock engine time
   */
  DefinitionChange(
      Judging judging,
      Surroundings surroundings,
      Alerting alerting,
      Delivery delivery,
      KnownSeries known,
      AuditLog audit,
      BucketStore buckets,
      Clock clock) {
    this.judging = judging;
    this.surroundings = surroundings;
    this.alerting = alerting;
    this.delivery = delivery;
    this.known = known;
    this.audit = audit;
    this.reload = new Reload(buckets);
    this.clock = clock;
  }

  /** Puts them in force. */
  void apply(Definitions changed) {
    PlanBook plans = surroundings.plans();
    Definitions before = judging.answer(Judge::definitions);
    Routes routes = RoutingDefinitions.of(changed, System.getenv()).routes();
    alerting.routes(routes);
    delivery.routes(routes);
    surroundings.lineage().reload(changed);
    reload.apply(
        changed, plans.reload(changed, clock.instant()), judging, judging.loop()::judgedUntil);
    known.tell(judging, changed);
    plans.remind();
    surroundings.catalog().reload(changed);
    note(before, changed);
  }

  private void note(Definitions before, Definitions changed) {
    audit.note("tidemark", "definitions reloaded", "", changed.objectives().size() + " objectives");
    Edits.between(before, changed)
        .forEach((id, what) -> audit.note("tidemark", BudgetLedger.EDITED, id.value(), what));
  }
}
