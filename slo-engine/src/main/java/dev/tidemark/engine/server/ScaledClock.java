package dev.tidemark.engine.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that runs faster than life from a given moment, and at life's pace once it has caught up
 * with it. Immutable and thread-safe.
 */
public final class ScaledClock extends Clock {
  private final Clock real;
  private final Instant realStart;
  private final Instant simulatedStart;
  private final double speed;
  private final ZoneId zone;

  /**
   * Starts a clock.
   *
   * @param real the true time
   * @param simulatedStart what it shows now; not after the true time
   * @param speed simulated seconds per true second, at least 1
   */
  public ScaledClock(Clock real, Instant simulatedStart, double speed) {
    this(real, real.instant(), simulatedStart, speed, ZoneOffset.UTC);
  }

  private ScaledClock(
      Clock real, Instant realStart, Instant simulatedStart, double speed, ZoneId zone) {
    this.real = real;
    this.realStart = realStart;
    this.simulatedStart = simulatedStart;
    this.speed = speed;
    this.zone = zone;
  }

  /** The true moment at which it was started. */
  public Instant realStart() {
    return realStart;
  }

  /** What it showed then. */
  public Instant simulatedStart() {
    return simulatedStart;
  }

  /** Simulated seconds per true second. */
  public double speed() {
    return speed;
  }

  @Override
  public Instant instant() {
    Instant now = real.instant();
    Duration passed = Duration.between(realStart, now);
    Instant simulated = simulatedStart.plusNanos((long) (passed.toNanos() * speed));
    return simulated.isAfter(now) ? now : simulated;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new ScaledClock(real, realStart, simulatedStart, speed, zone);
  }
}
