package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.NoDataPolicy;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Thresholds: a slice is good if the last value of every series in it compares well. */
final class GaugeState extends ObjectiveState {
  private final Sli.Threshold threshold;
  private final Map<Long, NavigableMap<Long, Double>> values = new HashMap<>();

  GaugeState(Objective objective, Sli.Threshold threshold, Instant start) {
    super(objective, start);
    this.threshold = threshold;
  }

  @Override
  long apply(MetricPoint point, double increase) {
    long at = Math.floorDiv(point.timeNanos(), 1_000_000L);
    values.computeIfAbsent(point.series().id(), id -> new TreeMap<>()).put(at, point.value());
    return at;
  }

  @Override
  Slice judge(long sliceStart) {
    boolean seen = false;
    for (NavigableMap<Long, Double> series : values.values()) {
      Map.Entry<Long, Double> last = series.lowerEntry(sliceStart + sliceMillis);
      if (last != null && last.getKey() >= sliceStart) {
        seen = true;
        if (!threshold.comparison().test(last.getValue(), threshold.value())) {
          return Slice.BAD;
        }
      }
    }
    if (seen) {
      return Slice.GOOD;
    }
    return objective.noData() == NoDataPolicy.BAD
        ? Slice.BAD
        : objective.noData() == NoDataPolicy.GOOD ? Slice.GOOD : Slice.NOTHING;
  }

  @Override
  boolean speaksFor(long sliceStart, Slice verdict) {
    return values.values().stream()
        .anyMatch(series -> !series.subMap(sliceStart, sliceStart + sliceMillis).isEmpty());
  }

  @Override
  void forgetBefore(long millis) {
    values.values().forEach(series -> series.headMap(millis, false).clear());
    values.values().removeIf(Map::isEmpty);
  }
}
