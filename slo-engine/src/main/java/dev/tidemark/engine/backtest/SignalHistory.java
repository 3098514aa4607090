package dev.tidemark.engine.backtest;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Instant;
import java.util.Collection;

/** Signals of the past. Several threads may read at once. */
public interface SignalHistory {
  /** Takes points one after the other. */
  interface Reader {
    /**
     * Takes one point.
     *
     * @param knownNanos when it is taken to have been known, ns since the epoch; never goes back
     */
    void point(MetricPoint point, long knownNanos);
  }

  /**
   * Hands over the points of the selected series that became known in [from, to).
   *
   * @throws BacktestException when the history cannot be read
   */
  void read(Collection<Selector> selectors, Instant from, Instant to, Reader reader);
}
