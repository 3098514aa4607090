package dev.tidemark.engine.loop;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a thread that goes round was seen at work last, in true time. One that has ended has no
 * pulse any more, however young its last beat is. Thread-safe.
 */
public final class Heartbeat {
  /** Older than any bound, and still a number of seconds that can be shown. */
  private static final Duration DEAD = Duration.ofDays(10_000);

  private final Thread thread;
  private final LongSupplier nanos;
  private volatile long beatNanos;

  /** Watches a thread, which may not have been started yet. */
  public Heartbeat(Thread thread) {
    this(thread, System::nanoTime);
  }

  Heartbeat(Thread thread, LongSupplier nanos) {
    this.thread = thread;
    this.nanos = nanos;
    this.beatNanos = nanos.getAsLong();
  }

  /** Notes that the thread is at work. */
  public void beat() {
    beatNanos = nanos.getAsLong();
  }

  /** True time since the last beat. */
  public Duration age() {
    return thread.getState() == Thread.State.TERMINATED
        ? DEAD
        : Duration.ofNanos(nanos.getAsLong() - beatNanos);
  }

  /** Name of the thread. */
  public String name() {
    return thread.getName();
  }
}
