package dev.tidemark.engine.selfwatch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fires once a value has been at or above a bound for a while, and ceases once it has been below a
 * lower one for a while; in between nothing changes. Not thread-safe.
 */
final class Hysteresis {
  private final double raiseAt;
  private final Duration raiseAfter;
  private final double clearBelow;
  private final Duration clearAfter;
  private @Nullable Duration crossedSince;
  private boolean firing;

  /**
   * Sets the bounds.
   *
   * @param raiseAt fires at this value and above
   * @param raiseAfter when the value has been there for so long
   * @param clearBelow ceases below this, which is not more than {@code raiseAt}
   * @param clearAfter when the value has been there for so long
   */
  Hysteresis(double raiseAt, Duration raiseAfter, double clearBelow, Duration clearAfter) {
    if (clearBelow > raiseAt) {
      throw new IllegalArgumentException("it would fire and cease at the same value");
    }
    this.raiseAt = raiseAt;
    this.raiseAfter = raiseAfter;
    this.clearBelow = clearBelow;
    this.clearAfter = clearAfter;
  }

  /**
   * Takes the value at a time and returns whether it fires.
   *
   * @param watch true time since some moment, never less than the last one given
   */
  boolean at(Duration watch, double value) {
    boolean crossed = firing ? value < clearBelow : value >= raiseAt;
    if (!crossed) {
      crossedSince = null;
      return firing;
    }
    Duration since = crossedSince == null ? watch : crossedSince;
    crossedSince = since;
    if (watch.minus(since).compareTo(firing ? clearAfter : raiseAfter) >= 0) {
      firing = !firing;
      crossedSince = null;
    }
    return firing;
  }
}
