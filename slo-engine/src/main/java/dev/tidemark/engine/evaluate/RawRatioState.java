package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.definition.Sli.Budgeting;
import dev.tidemark.engine.model.EventCounts;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;

/**
 * Ratios that somebody else computed: a slice's ratio is the mean over its series of the mean of
 * each one's values. A percentage is no ratio: what lies outside of 0 to 1 says nothing.
 */
final class RawRatioState extends GaugeState {
  private final Sli.RawRatio raw;

  RawRatioState(Objective objective, Sli.RawRatio raw, Instant start) {
    super(objective, start);
    this.raw = raw;
  }

  @Override
  Slice judge(List<NavigableMap<Long, Double>> series) {
    double sum = 0;
    int said = 0;
    for (NavigableMap<Long, Double> values : series) {
      double own = 0;
      int count = 0;
      for (double value : values.values()) {
        if (value >= 0 && value <= 1) {
          own += value;
          count++;
        }
      }
      if (count > 0) {
        sum += own / count;
        said++;
      }
    }
    if (said == 0) {
      return Slice.NOTHING;
    }
    double good = raw.ratioIsFailure() ? 1 - sum / said : sum / said;
    if (raw.budgeting() instanceof Budgeting.Timeslices timeslices) {
      return Slice.of(good >= timeslices.sliceTargetRatio());
    }
    return new Slice(new EventCounts(good, 1), false);
  }
}
