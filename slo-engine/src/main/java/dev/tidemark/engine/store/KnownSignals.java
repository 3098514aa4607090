package dev.tidemark.engine.store;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Reads back what was stored in the order in which it was known. Blocks; not for an event loop. */
public interface KnownSignals extends SignalReader {
  /** Takes a point and when it was known. */
  interface KnownConsumer {
    /**
     * Takes one.
     *
     * @param knownNanos ns since the epoch
     */
    void point(MetricPoint point, long knownNanos);
  }

  /**
   * Hands over the points of the selected series that whoever judges became aware of in [from, to)
   * of event time, in that order, each identity once. A point is known from its event time on, or,
   * when it came later than {@code delay} after it, from the moment on at which it was received
   * less the delay. Of a point that was received several times the store may have kept any.
   *
   * @param delay by which judging lags behind the clock
   */
  void readPointsKnown(
      Collection<Selector> selectors,
      Instant from,
      Instant to,
      Duration delay,
      KnownConsumer consumer);
}
