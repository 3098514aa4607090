package dev.tidemark.engine.store;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;

/** Reads back what was stored, every signal once. Blocks; not for an event loop. */
public interface SignalReader {
  /**
   * Hands over the points of the selected series with event time in [from, to), oldest first, each
   * identity once.
   */
  void readPoints(
      Collection<Selector> selectors, Instant from, Instant to, Consumer<MetricPoint> consumer);

  /** Takes a point with what is known of its arrival. */
  @FunctionalInterface
  interface Arrivals {
    /**
     * Takes one.
     *
     * @param receivedAt when it was taken for the first time (engine time)
     */
    void take(MetricPoint point, Instant receivedAt);
  }

  /**
   * The same points as {@link #readPoints}, with when each was received; series by series, of each
   * the oldest first.
   */
  void readArrivals(Collection<Selector> selectors, Instant from, Instant to, Arrivals consumer);

  /**
   * Hands over the points of the selected series that were received in [from, to) whatever their
   * event time, each identity once, in the order of event time.
   */
  void readPointsReceived(
      Collection<Selector> selectors, Instant from, Instant to, Consumer<MetricPoint> consumer);
}
