package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** Thresholds: a slice is good if the last value of every series in it compares well. */
final class ThresholdState extends GaugeState {
  private final Sli.Threshold threshold;

  ThresholdState(Objective objective, Sli.Threshold threshold, Instant start) {
    super(objective, start);
    this.threshold = threshold;
  }

  @Override
  Slice judge(List<NavigableMap<Long, Double>> series) {
    for (NavigableMap<Long, Double> values : series) {
      Map.Entry<Long, Double> last = values.lastEntry();
      if (last != null && !threshold.comparison().test(last.getValue(), threshold.value())) {
        return Slice.BAD;
      }
    }
    return series.isEmpty() ? Slice.NOTHING : Slice.GOOD;
  }
}
