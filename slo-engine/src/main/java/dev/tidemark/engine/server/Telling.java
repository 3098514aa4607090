package dev.tidemark.engine.server;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.AlertState;
import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Silences;
import dev.tidemark.engine.alertmanager.ExternalAlertMaker;
import dev.tidemark.engine.alertmanager.ExternalAlerts;
import dev.tidemark.engine.alerts.StoredIncidents;
import dev.tidemark.engine.alerts.StoredOutbox;
import dev.tidemark.engine.alerts.StoredSilences;
import dev.tidemark.engine.loop.LiveLineage;
import dev.tidemark.engine.loop.Teller;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.selfwatch.SelfAlerts;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.telemetry.EngineMetrics;
import dev.tidemark.runbooks.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Makes incidents of alerts: those of the objectives, those that other programs raise, and those
 * about Tidemark itself. Thread-safe.
 */
final class Telling {
  private final Alerting alerting;
  private final ExternalAlerts external;
  private final ExternalAlertMaker externalAlerts;
  private final SelfAlerts selfAlerts = new SelfAlerts();
  private final LiveLineage lineage;
  private final PlanBook plans;
  private final Teller teller;

  /**
   * Prepares it; {@link #start()} begins to tell.
   *
   * @param documents keep incidents, silences and what other programs raise
   * @param outbox takes what is to be sent
   * @param held whether this server may tell now
   * @param changed called after something changed that a page may show
   * @param parts closes what is made
   */
  Telling(
      Documents documents,
      StoredOutbox outbox,
      TellingRules rules,
      Surroundings surroundings,
      Times times,
      BooleanSupplier held,
      EngineMetrics metrics,
      Runnable changed,
      Parts parts) {
    this.alerting =
        new Alerting(
            new StoredIncidents(documents),
            outbox,
            new Silences(new StoredSilences(documents, times.clock())),
            rules.routes(),
            rules.settings(),
            rules.links(),
            id -> rules.runbooks().find(id).map(Runbook::title).orElse(null),
            times.start());
    this.external = new ExternalAlerts(documents, times.start());
    this.externalAlerts = new ExternalAlertMaker(external, surroundings.lineage().graph());
    this.lineage = surroundings.lineage();
    this.plans = surroundings.plans();
    this.teller =
        parts.own(
            new Teller(
                alerting,
                firing(alerting.openIncidents()),
                new Others(),
                times.clock(),
                times.steady(),
                held,
                metrics,
                changed));
    metrics.gauge(
        "tidemark_told_behind_seconds",
        "How far behind the clock that is for which people have been told, or need not be.",
        () -> Duration.between(teller.toldUntil(), times.clock().instant()).toMillis() / 1e3);
  }

  private static List<Alert> firing(List<Incident> incidents) {
    return incidents.stream()
        .flatMap(incident -> incident.alerts().stream())
        .filter(alert -> alert.state() == AlertState.FIRING)
        .toList();
  }

  /** What fires besides the objectives' own. */
  private final class Others implements Teller.OtherAlerts {
    @Override
    public List<Alert> firing(List<Alert> own, Instant at) {
      external.expire(at);
      List<Alert> others =
          new ArrayList<>(
              externalAlerts.alerts(
                  lineage.graph(),
                  lineage.troubles(),
                  lineage.objectives(),
                  own,
                  plans.plans().at(at)));
      others.addAll(selfAlerts.firing());
      return others;
    }

    @Override
    public long arrivals() {
      return external.changes();
    }
  }

  void start() {
    teller.start();
  }

  Teller teller() {
    return teller;
  }

  /** Keeps the incidents. */
  Alerting alerting() {
    return alerting;
  }

  /** What other programs raise. */
  ExternalAlerts external() {
    return external;
  }

  /** Takes what Tidemark finds wrong with itself. */
  SelfAlerts selfAlerts() {
    return selfAlerts;
  }
}
