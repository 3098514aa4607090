package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.definition.Sli.Budgeting;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ratios, quotients, latencies and completeness: two counts per slice in event time, turned into a
 * verdict by the budgeting method. With a roster every member is counted by itself, and a silent
 * one is bad: it fails the slice, or takes its share of a mean of ratios. Single events miss
 * nobody, so definitions refuse a roster there.
 */
final class CountState extends ObjectiveState {
  private static final String EVERYBODY = "";

  /** First and second count per slice: good or bad, and total; or observed and expected. */
  private Map<String, SliceCounts> members;

  /** The same, to go through without the map: this is the hot path. */
  private SliceCounts[] all;

  private final boolean declared;
  private final Budgeting budgeting;
  private final boolean inverted;

  CountState(Objective objective, Instant start) {
    super(objective, start);
    this.declared = objective.roster().isDeclared();
    this.members = fresh();
    this.all = members.values().toArray(SliceCounts[]::new);
    Sli sli = objective.sli();
    this.inverted = sli instanceof Sli.Ratio ratio && ratio.goodIsBad();
    this.budgeting =
        sli instanceof Sli.Ratio ratio
            ? ratio.budgeting()
            : sli instanceof Sli.Latency latency
                ? latency.budgeting()
                : new Budgeting.Occurrences();
  }

  private Map<String, SliceCounts> fresh() {
    long next = nextSlice / sliceMillis;
    if (!declared) {
      return Map.of(EVERYBODY, new SliceCounts(kept, next));
    }
    Map<String, SliceCounts> expected = new LinkedHashMap<>();
    objective
        .roster()
        .members()
        .forEach(member -> expected.put(member, new SliceCounts(kept, next)));
    return expected;
  }

  @Override
  void startAt(long millis) {
    super.startAt(millis);
    members = fresh();
    all = members.values().toArray(SliceCounts[]::new);
  }

  /** The slice that has begun goes on with what it holds. */
  @Override
  void inheritSignals(ObjectiveState old) {
    if (old instanceof CountState counted
        && old.sliceMillis == sliceMillis
        && old.objective.sli().getClass() == objective.sli().getClass()) {
      members.forEach(
          (member, counts) -> {
            SliceCounts before = counted.members.get(member);
            if (before != null) {
              counts.take(before, nextSlice / sliceMillis);
            }
          });
    }
  }

  @Override
  long apply(MetricPoint point, double increase) {
    long at = Math.floorDiv(point.timeNanos(), 1_000_000L);
    SliceCounts counts = all[0];
    if (declared) {
      String named = point.series().attribute(objective.roster().attribute());
      counts = members.get(named == null ? "" : named);
    }
    if (counts == null) {
      return at;
    }
    long slice = Math.floorDiv(at, sliceMillis);
    if (objective.sli() instanceof Sli.Ratio ratio) {
      counts.add(
          slice,
          ratio.good().matches(point.series()) ? increase : 0,
          ratio.total().matches(point.series()) ? increase : 0);
    } else if (objective.sli() instanceof Sli.Quotient quotient) {
      boolean above = quotient.numerator().matches(point.series());
      counts.add(slice, above ? increase : 0, above ? 0 : increase);
    } else if (objective.sli() instanceof Sli.Completeness completeness) {
      boolean observed = completeness.observed().matches(point.series());
      counts.add(slice, observed ? increase : 0, observed ? 0 : increase);
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
      counts.add(slice, good, total);
    }
    return at;
  }

  @Override
  Slice judge(long sliceStart) {
    long slice = Math.floorDiv(sliceStart, sliceMillis);
    double first = 0;
    double second = 0;
    boolean silent = false;
    boolean tooFew = false;
    double ratios = 0;
    for (SliceCounts counts : all) {
      counts.moveOn(slice);
      double own = counts.second(slice);
      silent |= own == 0;
      if (own != 0 && objective.sli() instanceof Sli.Completeness completeness) {
        tooFew |= counts.first(slice) / own < completeness.atLeastRatio();
      } else if (own != 0 && declared) {
        double ratio = counts.first(slice) / own;
        ratio = inverted ? 1 - ratio : ratio;
        ratios += ratio;
        tooFew |=
            budgeting instanceof Budgeting.Timeslices timeslices
                && ratio < timeslices.sliceTargetRatio();
      }
      first += counts.first(slice);
      second += own;
    }
    if (objective.sli() instanceof Sli.Quotient quotient && (first > 0 || second > 0)) {
      return Slice.of(first * quotient.unit() <= quotient.limit() * second);
    }
    if (second == 0) {
      return declared ? Slice.BAD : silence();
    }
    boolean absent = silent && declared;
    if (objective.sli() instanceof Sli.Completeness) {
      return Slice.of(!tooFew && !absent);
    }
    double good = inverted ? second - first : first;
    if (budgeting instanceof Budgeting.Timeslices timeslices) {
      return Slice.of(
          declared ? !tooFew && !absent : good / second >= timeslices.sliceTargetRatio());
    }
    if (budgeting instanceof Budgeting.RatioTimeslices) {
      // Every member weighs the same, and one that is silent has nothing good.
      double ratio = declared ? ratios / all.length : good / second;
      return new Slice(new EventCounts(ratio, 1), false);
    }
    return new Slice(new EventCounts(good, second), false);
  }

  @Override
  boolean speaksFor(long sliceStart, Slice verdict) {
    long slice = Math.floorDiv(sliceStart, sliceMillis);
    for (SliceCounts counts : all) {
      if (counts.second(slice) != 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  boolean addsUp() {
    return true;
  }

  @Override
  boolean countsWhatCame() {
    return true;
  }

  @Override
  void forgetBefore(long millis) {
    // The ring forgets by itself.
  }
}
