package dev.tidemark.engine.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until it is started, then runs faster than life, and at life's pace
 * once it has caught up with it. Thread-safe.
 */
public final class ScaledClock extends Clock {
  private final Clock real;
  private final Instant simulatedStart;
  private final double speed;
  private final ZoneId zone;
  private final AtomicReference<@Nullable Instant> realStart;

  /**
   * Makes a clock that stands.
   *
   * @param real the true time
   * @param simulatedStart what it shows; not after the true time
   * @param speed simulated seconds per true second, at least 1
   */
  public ScaledClock(Clock real, Instant simulatedStart, double speed) {
    this(real, simulatedStart, speed, ZoneOffset.UTC, new AtomicReference<>());
  }

  private ScaledClock(
      Clock real,
      Instant simulatedStart,
      double speed,
      ZoneId zone,
      AtomicReference<@Nullable Instant> realStart) {
    this.real = real;
    this.simulatedStart = simulatedStart;
    this.speed = speed;
    this.zone = zone;
    this.realStart = realStart;
  }

  /** Lets it run from a true moment on, which may be ahead. */
  public void startAt(Instant moment) {
    realStart.set(moment);
  }

  /** What it shows while it stands. */
  public Instant simulatedStart() {
    return simulatedStart;
  }

  @Override
  public Instant instant() {
    Instant start = realStart.get();
    Instant now = real.instant();
    if (start == null || now.isBefore(start)) {
      return simulatedStart;
    }
    Duration passed = Duration.between(start, now);
    Instant simulated = simulatedStart.plusNanos((long) (passed.toNanos() * speed));
    return simulated.isAfter(now) ? now : simulated;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new ScaledClock(real, simulatedStart, speed, zone, realStart);
  }
}
