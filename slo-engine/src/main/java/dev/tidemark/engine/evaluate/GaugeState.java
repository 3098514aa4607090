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

/** Gauges: the values of every series that may still decide about a slice. */
abstract class GaugeState extends ObjectiveState {
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
  final long apply(MetricPoint point, double increase) {
    long at = Math.floorDiv(point.timeNanos(), 1_000_000L);
    values.computeIfAbsent(point.series().id(), id -> new TreeMap<>()).put(at, point.value());
    return at;
  }

  @Override
  final Slice judge(long sliceStart) {
    List<NavigableMap<Long, Double>> seen = new ArrayList<>();
    for (NavigableMap<Long, Double> series : values.values()) {
      NavigableMap<Long, Double> own =
          series.subMap(sliceStart, true, sliceStart + sliceMillis, false);
      if (!own.isEmpty()) {
        seen.add(own);
      }
    }
    Slice verdict = judge(seen);
    return verdict.equals(Slice.NOTHING) ? silence() : verdict;
  }

  @Override
  final boolean speaksFor(long sliceStart, Slice verdict) {
    return values.values().stream()
        .anyMatch(series -> !series.subMap(sliceStart, sliceStart + sliceMillis).isEmpty());
  }

  @Override
  final void forgetBefore(long millis) {
    values.values().forEach(series -> series.headMap(millis, false).clear());
    values.values().removeIf(Map::isEmpty);
  }
}
