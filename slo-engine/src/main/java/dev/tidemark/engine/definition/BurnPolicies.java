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
 * <p>factor = budget share × window ÷ long window, but never below 1: at a burn rate of 1 the
 * budget lasts exactly as long as its window, and nobody is told while an objective is on budget.
 * What that lifts to 1 is a ticket, never a page.
 *
 * <table>
 *   <caption>Factors by length of the budget's window</caption>
 *   <tr><th>window</th><th>1 h / 5 min</th><th>6 h / 30 min</th><th>1 d / 2 h</th><th>3 d / 6 h</th></tr>
 *   <tr><td>7 d</td><td>16.8</td><td>5.6</td><td>2.8</td><td></td></tr>
 *   <tr><td>28 d</td><td>13.44</td><td>5.6</td><td>2.8</td><td>1</td></tr>
 *   <tr><td>30 d</td><td>14.4</td><td>6</td><td>3</td><td>1</td></tr>
 *   <tr><td>90 d</td><td>21.6</td><td>10.8</td><td>4.5</td><td>3</td></tr>
 * </table>
 *
 * <p>The first two page, the others are tickets. A window between two rows has the factors of the
 * shorter one, a longer one than 90 days those of 90. Under seven days factors shrink with the
 * window, down to 1.
 *
 * <p>Source: Google, "The Site Reliability Workbook", chapter 5, for 28 and 30 days; Datadog's
 * documentation of burn rate alerts for 7 and 90 days, whose slowest tier of 3 days is ours.
 */
public final class BurnPolicies {
  private BurnPolicies() {}

  /**
   * A day's or three days' window says nothing after its first minute: what can wait waits until a
   * tenth of it has been watched. A page does not wait. Slices with data are not asked for: checks
   * by the hour and nightly runs never have them in a tenth of all minutes.
   */
  private static final double TICKET_WATCHED = 0.1;

  private static final double TOLERANCE = 1e-9;

  private record Tier(
      Duration longWindow, Duration shortWindow, double budgetShare, Severity severity) {
    static List<Tier> of(double hour, double sixHours, double day) {
      return List.of(
          new Tier(Duration.ofHours(1), Duration.ofMinutes(5), hour, Severity.PAGE),
          new Tier(Duration.ofHours(6), Duration.ofMinutes(30), sixHours, Severity.PAGE),
          new Tier(Duration.ofDays(1), Duration.ofHours(2), day, Severity.TICKET));
    }

    static List<Tier> of(double hour, double sixHours, double day, double threeDays) {
      List<Tier> tiers = new ArrayList<>(of(hour, sixHours, day));
      tiers.add(new Tier(Duration.ofDays(3), Duration.ofHours(6), threeDays, Severity.TICKET));
      return List.copyOf(tiers);
    }
  }

  private record Row(Duration window, List<Tier> tiers) {}

  /** By length of window, ascending. */
  private static final List<Row> ROWS =
      List.of(
          new Row(Duration.ofDays(7), Tier.of(0.10, 0.20, 0.40)),
          new Row(Duration.ofDays(28), Tier.of(0.02, 0.05, 0.10, 0.10)),
          new Row(Duration.ofDays(30), Tier.of(0.02, 0.05, 0.10, 0.10)),
          new Row(Duration.ofDays(90), Tier.of(0.01, 0.03, 0.05, 0.10)));

  /**
   * Returns the conditions for a budget window. A tier that could never fire at this target (factor
   * × budget above 1), or that is not shorter than the budget window, is left out.
   */
  public static List<BurnRateCondition> defaults(Duration window, Target target) {
    return tiers(window).stream().filter(tier -> isReachable(tier, target)).toList();
  }

  /** Returns the conditions that are left out because they could never fire at this target. */
  public static List<BurnRateCondition> unreachable(Duration window, Target target) {
    return tiers(window).stream().filter(tier -> !isReachable(tier, target)).toList();
  }

  private static boolean isReachable(BurnRateCondition condition, Target target) {
    return condition.factor() * target.budgetRatio() <= 1 + TOLERANCE;
  }

  private static List<BurnRateCondition> tiers(Duration window) {
    Row row = ROWS.get(0);
    for (Row longer : ROWS) {
      row = longer.window().compareTo(window) <= 0 ? longer : row;
    }
    Duration base = window.compareTo(row.window()) < 0 ? window : row.window();
    List<BurnRateCondition> conditions = new ArrayList<>();
    for (Tier tier : row.tiers()) {
      double factor = tier.budgetShare() * base.toMillis() / tier.longWindow().toMillis();
      Severity severity = factor < 1 ? Severity.TICKET : tier.severity();
      if (tier.longWindow().compareTo(window) < 0) {
        conditions.add(
            new BurnRateCondition(
                tier.longWindow(),
                tier.shortWindow(),
                Math.max(1, factor),
                severity,
                0,
                Optional.empty(),
                Duration.ZERO,
                severity == Severity.TICKET ? TICKET_WATCHED : 0));
      }
    }
    return conditions;
  }
}
