package dev.tidemark.engine.definition;

import java.time.Duration;

/**
 * Fires when the burn rate exceeds {@code factor} in both windows.
 *
 * @param longWindow shows that it matters
 * @param shortWindow shows that it still goes on; about a twelfth of the long one
 * @param factor burn rate, 1 means the budget is used up exactly at the window's end
 * @param severity who is told
 */
public record BurnRateCondition(
    Duration longWindow, Duration shortWindow, double factor, Severity severity) {

  /** Page at once, or a ticket that can wait. */
  public enum Severity {
    PAGE,
    TICKET
  }
}
