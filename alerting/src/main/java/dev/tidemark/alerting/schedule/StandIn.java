package dev.tidemark.alerting.schedule;

import java.time.Instant;
import java.util.List;

/**
 * Somebody stands in for whoever would be on call.
 *
 * @param from first moment
 * @param to first moment after it
 * @param member who stands in
 */
public record StandIn(Instant from, Instant to, String member) {
  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException when it does not end after it began
   */
  public StandIn {
    if (!to.isAfter(from)) {
      throw new IllegalArgumentException("it ends at " + to + ", which is not after " + from);
    }
  }

  Shift shift() {
    return new Shift(from, to, List.of(member));
  }
}
