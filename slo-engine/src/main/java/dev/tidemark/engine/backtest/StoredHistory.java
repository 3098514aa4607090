package dev.tidemark.engine.backtest;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.store.SignalReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * Stored signals in the order of their event time, a day at a time so that the database never sorts
 * more. What came late counts as known at its event time.
 */
public final class StoredHistory implements SignalHistory {
  private static final Duration STRETCH = Duration.ofDays(1);

  private final SignalReader signals;

  /** Reads from a store. */
  public StoredHistory(SignalReader signals) {
    this.signals = signals;
  }

  @Override
  public void read(Collection<Selector> selectors, Instant from, Instant to, Reader reader) {
    for (Instant start = from; start.isBefore(to); start = start.plus(STRETCH)) {
      Instant end = start.plus(STRETCH).isBefore(to) ? start.plus(STRETCH) : to;
      signals.readPoints(selectors, start, end, point -> reader.point(point, point.timeNanos()));
    }
  }
}
