package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions that an objective has when its owner names none: multi-window, multi-burn-rate.
 *
 * <p>factor = budget share × window ÷ long window. For 30 days: page at 14.4 (2 % in 1 h) and 6 (5
 * % in 6 h), ticket at 3 (10 % in 1 d) and 1 (10 % in 3 d). Windows under 28 days take the shares
 * 10, 20 and 40 % of one hour, six hours and a day; for 7 days that is 16.8, 5.6 and 2.8.
 *
 * <p>Source: Google, "The Site Reliability Workbook", chapter 5; Datadog's documentation for
 * windows of 7 days.
 */
public final class BurnPolicies {
  private BurnPolicies() {}

  /**
   * A day's or three days' window says nothing after its first minute: what can wait waits until a
   * tenth of it has been watched. A page does not wait.
   */
  private static final double TICKET_COVERAGE = 0.1;

  private record Tier(
      Duration longWindow, Duration shortWindow, double budgetShare, Severity severity) {}

  private static final List<Tier> LONG =
      List.of(
          new Tier(Duration.ofHours(1), Duration.ofMinutes(5), 0.02, Severity.PAGE),
          new Tier(Duration.ofHours(6), Duration.ofMinutes(30), 0.05, Severity.PAGE),
          new Tier(Duration.ofDays(1), Duration.ofHours(2), 0.10, Severity.TICKET),
          new Tier(Duration.ofDays(3), Duration.ofHours(6), 0.10, Severity.TICKET));

  private static final List<Tier> SHORT =
      List.of(
          new Tier(Duration.ofHours(1), Duration.ofMinutes(5), 0.10, Severity.PAGE),
          new Tier(Duration.ofHours(6), Duration.ofMinutes(30), 0.20, Severity.PAGE),
          new Tier(Duration.ofDays(1), Duration.ofHours(2), 0.40, Severity.TICKET));

  /**
   * Returns the conditions for a budget window. A tier that could never fire at this target (factor
   * × budget above 1), or that is longer than the budget window, is left out.
   */
  public static List<BurnRateCondition> defaults(Duration window, Target target) {
    List<Tier> tiers = window.compareTo(Duration.ofDays(28)) >= 0 ? LONG : SHORT;
    List<BurnRateCondition> conditions = new ArrayList<>();
    for (Tier tier : tiers) {
      double factor = tier.budgetShare() * window.toMillis() / tier.longWindow().toMillis();
      boolean reachable = factor * target.budgetRatio() <= 1 + 1e-9;
      if (reachable && tier.longWindow().compareTo(window) < 0) {
        conditions.add(
            new BurnRateCondition(
                tier.longWindow(),
                tier.shortWindow(),
                factor,
                tier.severity(),
                tier.severity() == Severity.TICKET ? TICKET_COVERAGE : 0,
                Optional.empty()));
      }
    }
    return conditions;
  }
}
