package dev.tidemark.alerting.schedule;

import java.time.Instant;
import java.util.List;

/**
 * A time during which the same people are on call: [from, to).
 *
 * @param from first moment
 * @param to first moment after it
 * @param members who is on call, the first one first; empty when nobody is
 */
public record Shift(Instant from, Instant to, List<String> members) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException when it does not end after it began
   */
  public Shift {
    members = List.copyOf(members);
    if (!to.isAfter(from)) {
      throw new IllegalArgumentException("a shift from " + from + " cannot end at " + to);
    }
  }

  /** Whether a moment lies in it. */
  public boolean contains(Instant at) {
    return !at.isBefore(from) && at.isBefore(to);
  }
}
