package dev.tidemark.alerting;

import java.time.Duration;

/**
 * How incidents end and come back.
 *
 * @param resolveHold how long nothing may fire before an incident is resolved; zero resolves at
 *     once
 * @param reopenWindow how long after its end the same trouble reopens an incident instead of
 *     opening a new one
 */
public record IncidentSettings(Duration resolveHold, Duration reopenWindow) {
  /** Two minutes of hold, half an hour for coming back. */
  public static final IncidentSettings DEFAULT =
      new IncidentSettings(Duration.ofMinutes(2), Duration.ofMinutes(30));

  public IncidentSettings {
    if (resolveHold.isNegative() || reopenWindow.isNegative()) {
      throw new IllegalArgumentException(
          "resolveHold and reopenWindow must not be negative: "
              + resolveHold
              + ", "
              + reopenWindow);
    }
  }
}
