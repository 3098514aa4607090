package dev.tidemark.engine.loop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * A clock that never goes back, for whatever counts how long people have waited. While the clock
 * that it follows is behind it, because that one was set back, it goes on by true time, slower by a
 * tenth, until it has been caught up; so a group wait or an escalation step is late by a tenth of
 * its length at most, however far the clock was set back. A clock that is set forward is followed
 * at once. Thread-safe.
 */
public final class SteadyClock extends Clock {
  /** One part of so many is left out while it waits to be caught up. */
  private static final int LEFT_OUT = 10;

  private final Clock followed;
  private final LongSupplier nanos;
  private Instant last;
  private long lastNanos;

  /** Follows a clock, by the process's own watch while that clock is behind. */
  public SteadyClock(Clock followed) {
    this(followed, System::nanoTime);
  }

  /**
   * Follows a clock.
   *
   * @param nanos true time since some moment, as {@link System#nanoTime()}
   */
  SteadyClock(Clock followed, LongSupplier nanos) {
    this.followed = followed;
    this.nanos = nanos;
    this.last = followed.instant();
    this.lastNanos = nanos.getAsLong();
  }

  @Override
  public synchronized Instant instant() {
    Instant now = followed.instant();
    long nowNanos = nanos.getAsLong();
    if (now.isBefore(last)) {
      long passed = nowNanos - lastNanos;
      last = last.plusNanos(passed - passed / LEFT_OUT);
    } else {
      last = now;
    }
    lastNanos = nowNanos;
    return last;
  }

  /** How far it is ahead of the clock that it follows; zero unless that one was set back. */
  public Duration ahead() {
    Duration ahead = Duration.between(followed.instant(), instant());
    return ahead.isNegative() ? Duration.ZERO : ahead;
  }

  @Override
  public ZoneId getZone() {
    return followed.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new SteadyClock(followed.withZone(zone), nanos);
  }
}
