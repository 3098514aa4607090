package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Gauges: the values of every series that may still decide about a slice. Of two values that a
 * series has at the very same moment the greater one counts, whichever came first: nothing else
 * would be the same after a restart.
 */
abstract class GaugeState extends ObjectiveState {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /** By series: value by moment, ns since the epoch. */
  private final Map<Long, NavigableMap<Long, Double>> values = new HashMap<>();

  GaugeState(Objective objective, Instant start) {
    super(objective, start);
  }

  /**
   * Judges a slice.
   *
   * @param series the values of each series in the slice, by time; none is empty
   */
  abstract Slice judge(List<NavigableMap<Long, Double>> series);

  @Override
  final void inheritSignals(ObjectiveState old) {
    if (old instanceof GaugeState gauge) {
      values.putAll(gauge.values);
    }
  }

  @Override
  final long apply(MetricPoint point, double increase) {
    values
        .computeIfAbsent(point.series().id(), id -> new TreeMap<>())
        .merge(point.timeNanos(), point.value(), Math::max);
    return Math.floorDiv(point.timeNanos(), NANOS_PER_MILLI);
  }

  @Override
  final Slice judge(long sliceStart) {
    List<NavigableMap<Long, Double>> seen = new ArrayList<>();
    for (NavigableMap<Long, Double> series : values.values()) {
      NavigableMap<Long, Double> own = within(series, sliceStart);
      if (!own.isEmpty()) {
        seen.add(own);
      }
    }
    Slice verdict = judge(seen);
    return verdict.equals(Slice.NOTHING) ? silence() : verdict;
  }

  @Override
  final boolean speaksFor(long sliceStart, Slice verdict) {
    return values.values().stream().anyMatch(series -> !within(series, sliceStart).isEmpty());
  }

  private NavigableMap<Long, Double> within(NavigableMap<Long, Double> series, long sliceStart) {
    return series.subMap(
        sliceStart * NANOS_PER_MILLI, true, (sliceStart + sliceMillis) * NANOS_PER_MILLI, false);
  }

  @Override
  final void forgetBefore(long millis) {
    values.values().forEach(series -> series.headMap(millis * NANOS_PER_MILLI, false).clear());
    values.values().removeIf(Map::isEmpty);
  }
}
