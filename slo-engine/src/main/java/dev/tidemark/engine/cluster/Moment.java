package dev.tidemark.engine.cluster;

import java.time.Duration;

/**
 * A moment by two watches of this machine, of which neither is right always: the monotonic one may
 * stand still while a machine sleeps, the one on the wall may be set. Immutable.
 *
 * @param nanos of {@link System#nanoTime}
 * @param wallMillis since 1970
 */
record Moment(long nanos, long wallMillis) {
  static Moment now() {
    return new Moment(System.nanoTime(), System.currentTimeMillis());
  }

  /** The time from this moment to a later one that is sure to have passed. */
  Duration passedAt(Moment later) {
    return Duration.ofNanos(later.nanos - nanos);
  }

  /**
   * The time that may have passed. A wall clock that is set forward makes it too long, which ends a
   * lease too early and never too late.
   */
  Duration passedAtMostAt(Moment later) {
    Duration wall = Duration.ofMillis(later.wallMillis - wallMillis);
    Duration passed = passedAt(later);
    return wall.compareTo(passed) > 0 ? wall : passed;
  }
}
