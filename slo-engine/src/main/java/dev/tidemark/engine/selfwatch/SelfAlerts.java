package dev.tidemark.engine.selfwatch;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Alerts about Tidemark itself: with cause {@code tidemark:…} and label {@code domain: platform},
 * routed like all others. Thread-safe.
 *
 * <p>What the bounds mean: two minutes behind, a heartbeat of one minute is told too late; a
 * sixteenth of the spool is a sign that ClickHouse does not keep up, and leaves hours to act; a
 * notification that waits for ten minutes was refused several times; one that was given up was
 * meant for somebody, so the first is enough, until a person has it sent again or leaves it at
 * that. What a receiver refuses is told to others at once, this alert included. Decisions that are
 * on one disk only for a quarter of an hour outlast no broken machine.
 */
public final class SelfAlerts {
  private static final double MEBIBYTE = 1 << 20;

  private record Rule(
      String name,
      String title,
      Severity severity,
      Hysteresis bounds,
      ToDoubleFunction<OwnHealth> value,
      Function<OwnHealth, String> evidence) {}

  private final List<Rule> rules =
      List.of(
          new Rule(
              "judging",
              "Judging is behind",
              Severity.PAGE,
              new Hysteresis(120, Duration.ofSeconds(30), 30, Duration.ofMinutes(1)),
              health -> health.judgedBehind().toSeconds(),
              health -> "judging is " + minutes(health.judgedBehind()) + " behind the clock"),
          new Rule(
              "clickhouse",
              "ClickHouse does not answer",
              Severity.PAGE,
              new Hysteresis(1, Duration.ofMinutes(2), 1, Duration.ofSeconds(30)),
              health -> health.clickHouseAnswers() ? 0 : 1,
              health ->
                  "signals wait on the own disk (%.0f MiB of 4096)"
                      .formatted(health.spooledBytes() / MEBIBYTE)),
          new Rule(
              "spool",
              "Signals pile up on the own disk",
              Severity.TICKET,
              new Hysteresis(
                  256 * MEBIBYTE, Duration.ofMinutes(1), 32 * MEBIBYTE, Duration.ofMinutes(1)),
              OwnHealth::spooledBytes,
              health ->
                  "%.0f MiB of 4096 wait for ClickHouse"
                      .formatted(health.spooledBytes() / MEBIBYTE)),
          new Rule(
              "delivery",
              "Notifications do not get through",
              Severity.PAGE,
              new Hysteresis(600, Duration.ZERO, 120, Duration.ofMinutes(1)),
              health -> health.oldestUndelivered().toSeconds(),
              health -> "the oldest notification waits for " + minutes(health.oldestUndelivered())),
          new Rule(
              "given-up",
              "Notifications were given up",
              Severity.PAGE,
              new Hysteresis(1, Duration.ZERO, 1, Duration.ZERO),
              OwnHealth::givenUp,
              health ->
                  (health.givenUp() == 1 ? "one was" : health.givenUp() + " were")
                      + " given up; the on-call page says to whom and why"),
          new Rule(
              "standstill",
              "A part of Tidemark stands still",
              Severity.PAGE,
              new Hysteresis(1, Duration.ZERO, 1, Duration.ofMinutes(1)),
              health -> health.standing().size(),
              health -> String.join(", ", health.standing()) + ": not seen at work; restart it"),
          new Rule(
              "mirror",
              "Decisions are not copied to ClickHouse",
              Severity.TICKET,
              new Hysteresis(900, Duration.ZERO, 60, Duration.ofMinutes(1)),
              health -> health.uncopiedFor().toSeconds(),
              health ->
                  "incidents and notifications are on the own disk only, for "
                      + minutes(health.uncopiedFor())),
          new Rule(
              "audit",
              "Audit entries were lost",
              Severity.TICKET,
              new Hysteresis(1, Duration.ZERO, 1, Duration.ofHours(1)),
              OwnHealth::auditDropped,
              health -> "more came at once than could be written down"));

  private final Map<String, Instant> since = new HashMap<>();
  private volatile List<Alert> firing = List.of();

  /**
   * Takes how Tidemark is.
   *
   * @param watch true time since some moment, never less than the last one given
   * @param now engine time
   */
  public synchronized void observe(OwnHealth health, Duration watch, Instant now) {
    List<Alert> alerts = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.bounds().at(watch, rule.value().applyAsDouble(health))) {
        Instant began = since.computeIfAbsent(rule.name(), name -> now);
        alerts.add(alert(rule, began, rule.evidence().apply(health), now));
      } else {
        since.remove(rule.name());
      }
    }
    firing = List.copyOf(alerts);
  }

  /** Returns what fires. */
  public List<Alert> firing() {
    return firing;
  }

  private static Alert alert(Rule rule, Instant since, String evidence, Instant now) {
    return Alert.firing("tidemark/" + rule.name(), "tidemark", rule.title(), rule.severity(), since)
        .updatedAt(now)
        .labels(Map.of("domain", "platform", "tidemark", rule.name()))
        .annotations(Map.of("summary", rule.title() + ": " + evidence))
        .cause(
            new Cause(
                "tidemark",
                rule.name(),
                true,
                List.of(evidence),
                List.of(Cause.key("tidemark", rule.name()))))
        .build();
  }

  private static String minutes(Duration length) {
    return length.toMinutes() < 1 ? length.toSeconds() + " s" : length.toMinutes() + " min";
  }
}
