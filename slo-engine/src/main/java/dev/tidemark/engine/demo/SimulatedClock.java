package dev.tidemark.engine.demo;

import io.opentelemetry.sdk.common.Clock;

/** The demo's time, for a child process: faster than life until it has caught up with it. */
record SimulatedClock(long realMillis, long simulatedMillis, double speed) implements Clock {
  @Override
  public long now() {
    long real = Clock.getDefault().now();
    long passed = real - realMillis * 1_000_000;
    return Math.min(real, simulatedMillis * 1_000_000 + (long) (Math.max(0, passed) * speed));
  }

  @Override
  public long nanoTime() {
    return now();
  }
}
