package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When Pyrra alerts: at burn rates of 14, 7, 2 and 1 over shares of the budget's window, for 28
 * days 1 h, 6 h, 1 d and 4 d. Its critical alerts page, its warnings are tickets; what its rules
 * wait beside that has no place here. Stateless.
 *
 * <p>Source: Pyrra's {@code slo/rules.go}, static burn rates.
 */
final class PyrraAlerting {
  private record Tier(int windowParts, int shortParts, double factor, Severity severity) {}

  /** Parts of the budget's window: a 672nd of 28 days is an hour. */
  private static final List<Tier> TIERS =
      List.of(
          new Tier(28 * 24, 28 * 24 * 12, 14, Severity.PAGE),
          new Tier(28 * 4, 28 * 24 * 2, 7, Severity.PAGE),
          new Tier(28, 28 * 12, 2, Severity.TICKET),
          new Tier(7, 28 * 4, 1, Severity.TICKET));

  private PyrraAlerting() {}

  /** Reads it; empty when nobody is to be told, or nothing could ever alert. */
  static List<BurnRateCondition> read(YamlNode spec, Duration window, Number percent) {
    Optional<YamlNode> alerting = spec.find("alerting");
    alerting.ifPresent(
        at ->
            Losses.others(
                at,
                Set.of("disabled", "burnrates", "absent", "absentName"),
                Map.of(
                    "name",
                    "alerts are named after their objective; match on 'objective'",
                    "burnRateType",
                    "factors do not follow the traffic; minEvents and confidence of a kind:"
                        + " Dataset keep a handful of events from alerting")));
    boolean disabled = alerting.map(at -> is(at, "disabled", "true")).orElse(false);
    boolean absent = !disabled && !alerting.map(at -> is(at, "absent", "false")).orElse(false);
    if (absent) {
      alerting
          .flatMap(at -> at.find("absent"))
          .or(() -> alerting)
          .orElse(spec)
          .warn(
              "Pyrra's alert for an absent metric is not carried: add a heartbeat or freshness"
                  + " objective for who sends it");
    }
    boolean silent = disabled || alerting.map(at -> is(at, "burnrates", "false")).orElse(false);
    return silent ? List.of() : conditions(window, percent);
  }

  private static List<BurnRateCondition> conditions(Duration window, Number percent) {
    double budget = 1 - percent.doubleValue() / 100;
    List<BurnRateCondition> conditions = new ArrayList<>();
    for (Tier tier : TIERS) {
      Duration longWindow = part(window, tier.windowParts());
      Duration shortWindow = part(window, tier.shortParts());
      // What needs more than everything to be bad never alerts there either.
      if (tier.factor() * budget <= 1 + 1e-9 && shortWindow.toMinutes() >= 1) {
        conditions.add(
            new BurnRateCondition(longWindow, shortWindow, tier.factor(), tier.severity()));
      }
    }
    return conditions;
  }

  /** Rounded to minutes, as there. */
  private static Duration part(Duration window, int parts) {
    return Duration.ofMinutes(Math.round(window.toMillis() / 60_000.0 / parts));
  }

  private static boolean is(YamlNode map, String key, String word) {
    return map.text(key).filter(word::equals).isPresent();
  }
}
