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
 * @param coverageRatio share of the long window, 0 to 1, for which the objective has been watched
 *     before this may begin to hold
 * @param hours when it may begin to hold; empty means always
 * @param after how long the rates have to be reached without a pause before it holds
 */
public record BurnRateCondition(
    Duration longWindow,
    Duration shortWindow,
    double factor,
    Severity severity,
    double coverageRatio,
    Optional<ActiveHours> hours,
    Duration after) {

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
        : new BurnRateCondition(longWindow, shortWindow, factor, most, coverageRatio, hours, after);
  }

  /** Page at once, or a ticket that can wait. */
  public enum Severity {
    PAGE,
    TICKET
  }
}
