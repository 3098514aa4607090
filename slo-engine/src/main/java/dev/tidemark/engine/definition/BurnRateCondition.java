package dev.tidemark.engine.definition;

import java.time.Duration;
import java.util.Optional;

/**
 * Fires when the burn rate reaches {@code factor} in both windows.
 *
 * @param longWindow shows that it matters
 * @param shortWindow shows that it still goes on; about a twelfth of the long one
 * @param factor burn rate, 1 means the budget is used up exactly at the window's end
 * @param severity who is told
 * @param coverageRatio share of the long window's slices, 0 to 1, that have data before this may
 *     begin to hold
 * @param hours when it may begin to hold; empty means always
 * @param after how long the rates have to be reached without a pause before it holds
 * @param watchedRatio share of the long window, 0 to 1, for which the objective has been watched,
 *     with or without data, before this may begin to hold: a nightly run has data in one slice a
 *     day
 */
public record BurnRateCondition(
    Duration longWindow,
    Duration shortWindow,
    double factor,
    Severity severity,
    double coverageRatio,
    Optional<ActiveHours> hours,
    Duration after,
    double watchedRatio) {

  /** Holds as soon as there are enough data, however short the time was. */
  public BurnRateCondition(
      Duration longWindow,
      Duration shortWindow,
      double factor,
      Severity severity,
      double coverageRatio,
      Optional<ActiveHours> hours,
      Duration after) {
    this(longWindow, shortWindow, factor, severity, coverageRatio, hours, after, 0);
  }

  /** Holds at once. */
  public BurnRateCondition(
      Duration longWindow,
      Duration shortWindow,
      double factor,
      Severity severity,
      double coverageRatio,
      Optional<ActiveHours> hours) {
    this(longWindow, shortWindow, factor, severity, coverageRatio, hours, Duration.ZERO);
  }

  /** Holds at any hour, however little is known. */
  public BurnRateCondition(
      Duration longWindow, Duration shortWindow, double factor, Severity severity) {
    this(longWindow, shortWindow, factor, severity, 0, Optional.empty());
  }

  /** The same, but a ticket where no more than that is wanted. */
  public BurnRateCondition atMost(Severity most) {
    return severity == most || most == Severity.PAGE
        ? this
        : new BurnRateCondition(
            longWindow, shortWindow, factor, most, coverageRatio, hours, after, watchedRatio);
  }

  /** Page at once, or a ticket that can wait. */
  public enum Severity {
    PAGE,
    TICKET
  }
}
