package dev.tidemark.alerting;

import java.time.Duration;

/**
 * How incidents end and come back.
 *
 * @param resolveHold how long nothing may fire before an incident is resolved; zero resolves at
 *     once
 * @param reopenWindow how long after its end the same trouble reopens an incident instead of
 *     opening a new one
 * @param flaps when coming back counts as flapping
 */
public record IncidentSettings(Duration resolveHold, Duration reopenWindow, FlapDetection flaps) {
  /** Two minutes of hold, half an hour for coming back. */
  public static final IncidentSettings DEFAULT =
      new IncidentSettings(Duration.ofMinutes(2), Duration.ofMinutes(30));

  /** Takes what comes back three times within an hour for flapping. */
  public IncidentSettings(Duration resolveHold, Duration reopenWindow) {
    this(resolveHold, reopenWindow, FlapDetection.DEFAULT);
  }

  /**
   * When coming back counts as flapping.
   *
   * @param reopenings so many, at least 1
   * @param window within this
   */
  public record FlapDetection(int reopenings, Duration window) {
    /** Three within an hour. */
    public static final FlapDetection DEFAULT = new FlapDetection(3, Duration.ofHours(1));

    public FlapDetection {
      if (reopenings < 1 || window.isNegative() || window.isZero()) {
        throw new IllegalArgumentException(
            "flapping needs at least one reopening within a time above zero, not "
                + reopenings
                + " within "
                + window);
      }
    }
  }

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
