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
 * @param seen how much of the window the counts come from: watched so far, without what corrections
 *     dropped
 * @param dropped how much of the window corrections take out of the budget, good and bad; the rest
 *     is what the budget is a share of
 */
public record ErrorBudget(
    String name,
    Instant start,
    Instant end,
    EventCounts counts,
    EventCounts rawCounts,
    Target target,
    Duration slice,
    double expectedEvents,
    Duration seen,
    Duration dropped) {
  /** Below this many of a unit the next smaller one tells more. */
  private static final double FEW = 2;

  private static final double MINUTE = 60;
  private static final double HOUR = 3_600;
  private static final double DAY = 86_400;

  private static final double ROUNDING = 1e-9;

  /** True length of the window. */
  public Duration length() {
    return Duration.between(start, end);
  }

  /** Length of the window without what corrections dropped. */
  public Duration counted() {
    Duration rest = length().minus(dropped);
    return rest.isNegative() ? Duration.ZERO : rest;
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
    return leftRatio(counts, counted());
  }

  /** Returns what would be left without corrections, or empty when nothing was counted. */
  public OptionalDouble rawLeftRatio() {
    return leftRatio(rawCounts, length());
  }

  private OptionalDouble leftRatio(EventCounts of, Duration within) {
    double total = whole(of, within);
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
  private double whole(EventCounts of, Duration within) {
    if (isSliced()) {
      return Math.max(of.total(), (double) within.toMillis() / slice.toMillis());
    }
    return Math.max(of.total(), expectedEvents);
  }

  /** What is left, in slices or events; negative when overspent. */
  public double leftCount() {
    return whole(counts, counted()) * target.budgetRatio() - counts.bad();
  }

  /**
   * Returns what would be left at this moment of a budget that is spread evenly over the window:
   * where the budget is a share of the events seen so far, more of them will bring more of it.
   * Otherwise the same as {@link #leftRatio}.
   */
  public OptionalDouble leftOfWholeRatio() {
    OptionalDouble left = leftRatio();
    if (left.isEmpty() || isSliced() || expectedEvents > 0 || counted().isZero()) {
      return left;
    }
    double share = Math.min(1, (double) seen.toMillis() / counted().toMillis());
    return OptionalDouble.of(1 - (1 - left.getAsDouble()) * share);
  }

  /**
   * What is left in time: bad slices, or, for events, complete failure at the mean traffic that was
   * seen or is expected. Negative when overspent.
   */
  public Duration leftTime() {
    return Duration.ofMillis(Math.round(leftMillis()));
  }

  private double leftMillis() {
    if (isSliced()) {
      return leftCount() * slice.toMillis();
    }
    if (expectedEvents > 0 && expectedEvents >= counts.total()) {
      return leftCount() * counted().toMillis() / expectedEvents;
    }
    if (counts.total() <= 0) {
      return counted().toMillis() * target.budgetRatio();
    }
    Duration from = seen.isZero() ? counted() : seen;
    return leftCount() * from.toMillis() / counts.total();
  }

  /**
   * Returns what is left in words, such as {@code 17 bad minutes left}, {@code 26 bad seconds left}
   * or {@code 120 bad events left (17 min of failure)}.
   */
  public String leftText() {
    if (counts.total() <= 0) {
      return "nothing measured yet";
    }
    double left = leftCount();
    double seconds = Math.abs(leftMillis()) / 1_000;
    if (isSliced()) {
      boolean few = seconds < FEW * MINUTE;
      long amount = Math.round(few ? seconds : seconds / MINUTE);
      return amount
          + (few ? " bad second" : " bad minute")
          + (amount == 1 ? "" : "s")
          + (left >= 0 ? " left" : " too many");
    }
    long events = (long) (left >= 0 ? Math.floor(left + ROUNDING) : Math.ceil(-left - ROUNDING));
    return events
        + (events == 1 ? " bad event" : " bad events")
        + (left >= 0 ? " left (" : " too many (")
        + words(seconds)
        + " of failure)";
  }

  private static String words(double seconds) {
    if (seconds < FEW * MINUTE) {
      return Math.round(seconds) + " s";
    }
    if (seconds < FEW * HOUR) {
      return Math.round(seconds / MINUTE) + " min";
    }
    return seconds < FEW * DAY
        ? Math.round(seconds / HOUR) + " h"
        : Math.round(seconds / DAY) + " d";
  }
}
