package dev.tidemark.engine.selfwatch;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * A part of Tidemark that has to go round for ever, so that people are told.
 *
 * @param name as in a sentence, such as {@code the courier}
 * @param age true time since it was seen at work; may be asked by any thread
 * @param bound from this age on it stands still
 */
public record Pulse(String name, Supplier<Duration> age, Duration bound) {
  /** Whether it has not been seen at work for too long. */
  public boolean standsStill() {
    return age.get().compareTo(bound) >= 0;
  }
}
