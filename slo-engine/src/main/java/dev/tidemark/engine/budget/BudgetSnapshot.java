package dev.tidemark.engine.budget;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * An error budget at one moment. Immutable.
 *
 * @param at the moment
 * @param counts good and total of the budget's window
 * @param target the share that must be good
 * @param window nominal length of the budget's window
 * @param sliced whether counts are slices of time, so that they can be said in minutes
 * @param slice length of one slice
 * @param burnRates by window length
 * @param coverageRatio share of the window's slices of which something is known, 0 to 1
 */
public record BudgetSnapshot(
    Instant at,
    EventCounts counts,
    Target target,
    Duration window,
    boolean sliced,
    Duration slice,
    Map<Duration, BurnRate> burnRates,
    double coverageRatio) {

  /** Returns the indicator over the window, or empty when nothing was counted. */
  public OptionalDouble sliRatio() {
    return counts.total() <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(counts.good() / counts.total());
  }

  /**
   * Returns what is left of the budget: 1 is all, 0 none, negative overspent; empty when nothing
   * was counted. Slices not seen yet count as good, so that a budget of thirty days is not gone
   * with the first bad minute after the start.
   */
  public OptionalDouble leftRatio() {
    double total = expectedTotal();
    if (counts.total() <= 0 || total <= 0) {
      return OptionalDouble.empty();
    }
    double allowed = total * target.budgetRatio();
    if (allowed <= 0) {
      return OptionalDouble.of(counts.bad() > 0 ? -1 : 1);
    }
    return OptionalDouble.of(1 - counts.bad() / allowed);
  }

  private double expectedTotal() {
    return sliced
        ? Math.max(counts.total(), (double) window.toMillis() / slice.toMillis())
        : counts.total();
  }

  /**
   * Returns what is left in words, such as {@code 17 bad minutes left} or {@code 120 bad events
   * left}.
   */
  public String leftText() {
    double left = expectedTotal() * target.budgetRatio() - counts.bad();
    if (counts.total() <= 0) {
      return "nothing measured yet";
    }
    if (sliced) {
      double minutes = left * slice.toMillis() / 60_000.0;
      return minutes >= 0
          ? Math.round(minutes) + " bad minutes left"
          : Math.round(-minutes) + " bad minutes too many";
    }
    return left >= 0
        ? (long) Math.floor(left) + " bad events left"
        : (long) Math.ceil(-left) + " bad events too many";
  }
}
