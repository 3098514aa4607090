package dev.tidemark.engine.demo;

import io.opentelemetry.sdk.common.Clock;

/**
 * The demo's time, for a child process: it stands until it is started, then it is faster than life
 * until it has caught up with it. Thread-safe.
 */
final class SimulatedClock implements Clock {
  private final long simulatedMillis;
  private final double speed;
  private volatile long realMillis = Long.MAX_VALUE;

  /**
   * Makes a clock that stands.
   *
   * @param simulatedMillis what it shows, ms since the epoch
   * @param speed simulated seconds per second
   */
  SimulatedClock(long simulatedMillis, double speed) {
    this.simulatedMillis = simulatedMillis;
    this.speed = speed;
  }

  /** Lets it run from a true moment on, ms since the epoch. */
  void startAt(long moment) {
    realMillis = moment;
  }

  @Override
  public long now() {
    long real = Clock.getDefault().now();
    long started = realMillis;
    long passed = started == Long.MAX_VALUE ? 0 : Math.max(0, real - started * 1_000_000);
    return Math.min(real, simulatedMillis * 1_000_000 + (long) (passed * speed));
  }

  @Override
  public long nanoTime() {
    return now();
  }
}
