package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.NoDataPolicy;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.definition.Sli.Budgeting;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Ratios, latencies and completeness: two counts per slice in event time, turned into a verdict by
 * the budgeting method.
 */
final class CountState extends ObjectiveState {
  /** First and second count per slice: good or bad, and total; or observed and expected. */
  private final NavigableMap<Long, double[]> counts = new TreeMap<>();

  CountState(Objective objective, Instant start) {
    super(objective, start);
  }

  @Override
  long apply(MetricPoint point, double increase) {
    long at = Math.floorDiv(point.timeNanos(), 1_000_000L);
    double[] slice = counts.computeIfAbsent(floor(at), start -> new double[2]);
    if (objective.sli() instanceof Sli.Ratio ratio) {
      if (ratio.good().matches(point.series())) {
        slice[0] += increase;
      }
      if (ratio.total().matches(point.series())) {
        slice[1] += increase;
      }
    } else if (objective.sli() instanceof Sli.Completeness completeness) {
      slice[completeness.observed().matches(point.series()) ? 0 : 1] += increase;
    } else if (objective.sli() instanceof Sli.Latency latency) {
      double good = 0;
      double total = 0;
      for (int i = 0; i < point.bucketCounts().length; i++) {
        total += point.bucketCounts()[i];
        // A bucket counts as good if all of it lies at or below the limit.
        if (i < point.bounds().length && point.bounds()[i] <= latency.limitSeconds()) {
          good += point.bucketCounts()[i];
        }
      }
      slice[0] += good;
      slice[1] += total;
    }
    return at;
  }

  @Override
  Slice judge(long sliceStart) {
    double[] slice = counts.get(sliceStart);
    if (slice == null || slice[1] == 0) {
      return switch (objective.noData()) {
        case GOOD -> Slice.GOOD;
        case BAD -> Slice.BAD;
        case IGNORED -> Slice.NOTHING;
      };
    }
    if (objective.sli() instanceof Sli.Completeness completeness) {
      return Slice.of(slice[0] / slice[1] >= completeness.atLeastRatio());
    }
    boolean inverted = objective.sli() instanceof Sli.Ratio ratio && ratio.goodIsBad();
    double good = inverted ? slice[1] - slice[0] : slice[0];
    Budgeting budgeting =
        objective.sli() instanceof Sli.Ratio ratio
            ? ratio.budgeting()
            : objective.sli() instanceof Sli.Latency latency
                ? latency.budgeting()
                : new Budgeting.Occurrences();
    if (budgeting instanceof Budgeting.Timeslices timeslices) {
      return Slice.of(good / slice[1] >= timeslices.sliceTargetRatio());
    }
    if (budgeting instanceof Budgeting.RatioTimeslices) {
      return new Slice(new EventCounts(good / slice[1], 1), false);
    }
    return new Slice(new EventCounts(good, slice[1]), false);
  }

  @Override
  boolean speaksFor(long sliceStart, Slice verdict) {
    double[] slice = counts.get(sliceStart);
    return slice != null && slice[1] != 0;
  }

  @Override
  void forgetBefore(long millis) {
    counts.headMap(floor(millis), false).clear();
  }

  /** Whether slices without events say something. */
  boolean silenceCounts() {
    return objective.noData() != NoDataPolicy.IGNORED;
  }
}
