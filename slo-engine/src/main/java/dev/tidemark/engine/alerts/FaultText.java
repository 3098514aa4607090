package dev.tidemark.engine.alerts;

import dev.tidemark.dashboards.Formats;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What is wrong when a promise is broken, as the title of an incident: short, and the same for as
 * long as the incident lasts. It says what the promise was, never how far it is missed: that moves
 * by the minute, and stands in the body of each message. A page says that it is so, a ticket that
 * it is so too often, because of the slow burn that makes it nobody knows whether it is so just
 * now. Stateless.
 */
final class FaultText {
  private static final Map<String, String> COUNTED =
      Map.of(
          "runs", "too many runs fail",
          "validity", "too many records are rejected",
          "duplicates", "too many records come twice",
          "queries", "too many queries fail",
          "schema", "schema checks fail",
          "access", "access checks fail",
          "catalog", "datasets are missing from the catalogue",
          "checks", "checks fail");

  private FaultText() {}

  /**
   * Returns the words, with plain spaces only; empty for what only its owner's own name says well,
   * such as a ratio of any two metrics.
   *
   * @param dataset that the alert is on
   */
  static Optional<String> of(Objective objective, String dataset, Severity severity) {
    Optional<String> fault =
        objective.roster().isDeclared()
            ? Optional.empty()
            : fault(objective, dataset, severity == Severity.PAGE ? "" : " too often");
    return fault.map(text -> text.replace('\u00a0', ' '));
  }

  private static Optional<String> fault(Objective objective, String dataset, String often) {
    Sli sli = objective.sli();
    if (sli instanceof Sli.Freshness freshness) {
      return Optional.of(
          dataset
              + " is stale"
              + often
              + ": newest record older than "
              + Formats.duration(freshness.within()));
    }
    if (sli instanceof Sli.Heartbeat heartbeat) {
      String connector = objective.subject().name();
      return Optional.of(
          (dataset.equals(connector) ? "" : dataset + ": ")
              + "connector "
              + connector
              + " is silent"
              + often
              + ", no heartbeat for "
              + Formats.duration(heartbeat.every().plus(heartbeat.grace())));
    }
    if (sli instanceof Sli.Completeness completeness) {
      return Optional.of(
          dataset
              + " is incomplete"
              + often
              + ": under "
              + Formats.percent(completeness.atLeastRatio())
              + " of the expected records in "
              + Formats.duration(completeness.per()));
    }
    if (sli instanceof Sli.Arrival) {
      return Optional.of(dataset + " is late" + often + ": not " + PromiseText.of(sli));
    }
    if (sli instanceof Sli.Latency latency) {
      return Optional.of(
          dataset
              + ": "
              + latency.kind()
              + " over "
              + Formats.duration(Duration.ofMillis(Math.round(latency.limitSeconds() * 1e3)))
              + often);
    }
    if (sli instanceof Sli.Quotient quotient) {
      return Optional.of(
          dataset
              + ": "
              + quotient.kind()
              + " over "
              + PromiseText.perUnit(quotient)
              + " in "
              + Formats.duration(quotient.per())
              + often);
    }
    if (sli instanceof Sli.Threshold threshold) {
      return Optional.of(
          dataset
              + ": "
              + PromiseText.gauge(threshold)
              + switch (threshold.comparison()) {
                case LTE -> " over ";
                case LT -> " not under ";
                case GTE -> " under ";
                case GT -> " not over ";
              }
              + PromiseText.number(threshold.value())
              + often);
    }
    return Optional.ofNullable(COUNTED.get(sli.kind())).map(what -> dataset + ": " + what);
  }
}
