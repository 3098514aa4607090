package dev.tidemark.engine.model;

/**
 * Good and total events of one stretch of event time. Bad is derived, so that the two never
 * disagree.
 *
 * @param good events (or weighted slices) that met the objective, at least 0
 * @param total all events that count, at least 0; corrections may make {@code good} exceed it for a
 *     moment when good and total come from separate counters, which is kept and reported, not
 *     clamped
 */
public record EventCounts(double good, double total) {
  /** Nothing happened. */
  public static final EventCounts NONE = new EventCounts(0, 0);

  /** Returns {@code total - good}; negative only where good exceeds total. */
  public double bad() {
    return total - good;
  }

  /** Returns the sum of both. */
  public EventCounts plus(EventCounts other) {
    return new EventCounts(good + other.good, total + other.total);
  }

  /** Returns this without {@code other}. */
  public EventCounts minus(EventCounts other) {
    return new EventCounts(good - other.good, total - other.total);
  }

  /** Returns whether no event counts at all. */
  public boolean isEmpty() {
    return total == 0 && good == 0;
  }
}
