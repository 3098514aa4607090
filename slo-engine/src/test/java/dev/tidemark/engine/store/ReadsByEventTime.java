package dev.tidemark.engine.store;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;

/** A reader for whom it is a mistake to ask when something arrived. */
public interface ReadsByEventTime extends SignalReader {
  @Override
  default void readArrivals(
      Collection<Selector> selectors, Instant from, Instant to, Arrivals consumer) {
    throw new UnsupportedOperationException();
  }

  @Override
  default void readPointsReceived(
      Collection<Selector> selectors, Instant from, Instant to, Consumer<MetricPoint> consumer) {
    throw new UnsupportedOperationException();
  }
}
