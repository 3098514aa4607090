package dev.tidemark.engine.server;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that a story sets, so that hours pass at once and every time in a message is the same in
 * every run. Thread-safe.
 */
final class StoryClock extends Clock {
  /** Nanoseconds since the epoch. */
  private final AtomicLong now;

  private final ZoneId zone;

  StoryClock(Instant begin) {
    this(new AtomicLong(nanos(begin)), ZoneOffset.UTC);
  }

  private StoryClock(AtomicLong now, ZoneId zone) {
    this.now = now;
    this.zone = zone;
  }

  void set(Instant moment) {
    now.set(nanos(moment));
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(0, now.get());
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new StoryClock(now, other);
  }

  /** The same time for an agent. */
  io.opentelemetry.sdk.common.Clock forAgents() {
    return new io.opentelemetry.sdk.common.Clock() {
      @Override
      public long now() {
        return now.get();
      }

      @Override
      public long nanoTime() {
        return now();
      }
    };
  }
}
