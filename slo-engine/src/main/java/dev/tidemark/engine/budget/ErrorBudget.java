package dev.tidemark.engine.budget;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What may be bad in one window, and what of it is left. Immutable.
 *
 * @param name of the window, such as {@code 30d} or {@code month (Europe/Warsaw)}
 * @param start of the window
 * @param end of the window, exclusive: now for a rolling one, the unit's end for a calendar one
 * @param counts good and total so far, corrections taken into account
 * @param rawCounts the same without corrections
 * @param target the share that must be good
 * @param slice length of a slice when the counts are slices of time, zero when they are events
 * @param expectedEvents how many events the whole window is expected to hold; 0 takes what was seen
 */
public record ErrorBudget(
    String name,
    Instant start,
    Instant end,
    EventCounts counts,
    EventCounts rawCounts,
    Target target,
    Duration slice,
    double expectedEvents) {

  /** True length of the window. */
  public Duration length() {
    return Duration.between(start, end);
  }

  /** Whether the counts are slices of time. */
  public boolean isSliced() {
    return !slice.isZero();
  }

  /** Whether corrections changed the counts. */
  public boolean isCorrected() {
    return !counts.equals(rawCounts);
  }

  /** Returns the indicator over the window, or empty when nothing was counted. */
  public OptionalDouble sliRatio() {
    return sliRatio(counts);
  }

  /** Returns the indicator as it were without corrections, or empty when nothing was counted. */
  public OptionalDouble rawSliRatio() {
    return sliRatio(rawCounts);
  }

  private static OptionalDouble sliRatio(EventCounts of) {
    return of.total() <= 0 ? OptionalDouble.empty() : OptionalDouble.of(of.good() / of.total());
  }

  /**
   * Returns what is left of the budget: 1 is all, 0 none, negative overspent; empty when nothing
   * was counted. Slices not seen yet count as good, so that a budget of thirty days is not gone
   * with the first bad minute after the start.
   */
  public OptionalDouble leftRatio() {
    return leftRatio(counts);
  }

  /** Returns what would be left without corrections, or empty when nothing was counted. */
  public OptionalDouble rawLeftRatio() {
    return leftRatio(rawCounts);
  }

  private OptionalDouble leftRatio(EventCounts of) {
    double total = whole(of);
    if (of.total() <= 0 || total <= 0) {
      return OptionalDouble.empty();
    }
    double allowed = total * target.budgetRatio();
    if (allowed <= 0) {
      return OptionalDouble.of(of.bad() > 0 ? -1 : 1);
    }
    return OptionalDouble.of(1 - of.bad() / allowed);
  }

  /** Slices or events that the whole window holds, as far as anybody can say. */
  private double whole(EventCounts of) {
    if (isSliced()) {
      return Math.max(of.total(), (double) length().toMillis() / slice.toMillis());
    }
    return Math.max(of.total(), expectedEvents);
  }

  /** What is left, in slices or events; negative when overspent. */
  public double leftCount() {
    return whole(counts) * target.budgetRatio() - counts.bad();
  }

  /**
   * What is left in time: bad slices, or, for events, complete failure at the window's mean
   * traffic. Negative when overspent.
   */
  public Duration leftTime() {
    double allowedMillis = length().toMillis() * target.budgetRatio();
    return Duration.ofMillis(Math.round(leftRatio().orElse(1) * allowedMillis));
  }

  /**
   * Returns what is left in words, such as {@code 17 bad minutes left} or {@code 120 bad events
   * left (17 min of failure)}.
   */
  public String leftText() {
    if (counts.total() <= 0) {
      return "nothing measured yet";
    }
    double left = leftCount();
    if (isSliced()) {
      double minutes = left * slice.toMillis() / 60_000.0;
      return minutes >= 0
          ? Math.round(minutes) + " bad minutes left"
          : Math.round(-minutes) + " bad minutes too many";
    }
    return left >= 0
        ? (long) Math.floor(left + 1e-9) + " bad events left"
        : (long) Math.ceil(-left - 1e-9) + " bad events too many";
  }
}
