package dev.tidemark.engine.backtest;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.store.KnownSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Stored signals, a day at a time so that the database never sorts more. Thread-safe. */
public final class StoredHistory implements SignalHistory {
  private static final Duration STRETCH = Duration.ofDays(1);

  private final KnownSignals signals;
  private final Known known;
  private final Duration judgingDelay;

  /** When a stored signal counts as known. */
  public enum Known {
    /** When it was received, as the live run knew it: what came late is missing until then. */
    RECEIVED,
    /** At its event time, however late it came: for history that was loaded afterwards. */
    EVENT
  }

  /**
   * Reads from a store.
   *
   * @param judgingDelay how long the live run waits for signals under way after a slice's end; what
   *     came within it was in time
   */
  public StoredHistory(KnownSignals signals, Known known, Duration judgingDelay) {
    this.signals = signals;
    this.known = known;
    this.judgingDelay = judgingDelay;
  }

  @Override
  public void read(Collection<Selector> selectors, Instant from, Instant to, Reader reader) {
    for (Instant start = from; start.isBefore(to); start = start.plus(STRETCH)) {
      Instant end = start.plus(STRETCH).isBefore(to) ? start.plus(STRETCH) : to;
      switch (known) {
        case EVENT ->
            signals.readPoints(
                selectors, start, end, point -> reader.point(point, point.timeNanos()));
        case RECEIVED ->
            signals.readPointsKnown(selectors, start, end, judgingDelay, reader::point);
      }
    }
  }
}
