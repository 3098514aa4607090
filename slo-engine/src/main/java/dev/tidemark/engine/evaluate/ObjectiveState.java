package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One objective's way from signals to buckets. Slices are {@code [n·length, (n+1)·length)} since
 * the epoch. Kept in memory for as long as late signals are accepted; older ones are only in the
 * windows. Not thread-safe: owned by the {@link Evaluator}.
 */
abstract class ObjectiveState {
  final Objective objective;
  final long sliceMillis;

  /** Verdicts that may still change, by the start of their slice. */
  final NavigableMap<Long, Slice> judged = new TreeMap<>();

  /** Start of the first slice that is not judged yet. */
  long nextSlice;

  private @Nullable Instant badSince;

  /** What a slice was found to be. */
  record Slice(EventCounts counts, boolean unknown) {
    static final Slice GOOD = new Slice(new EventCounts(1, 1), false);
    static final Slice BAD = new Slice(new EventCounts(0, 1), false);
    static final Slice NOTHING = new Slice(EventCounts.NONE, false);
    static final Slice UNKNOWN = new Slice(EventCounts.NONE, true);

    static Slice of(boolean good) {
      return good ? GOOD : BAD;
    }
  }

  ObjectiveState(Objective objective, Instant start) {
    this.objective = objective;
    this.sliceMillis = Math.max(1_000, objective.slice().toMillis());
    this.nextSlice = floor(start.toEpochMilli());
  }

  /** Takes a point of a selected series, once. Returns the earliest moment that it concerns. */
  abstract long apply(MetricPoint point, double increase);

  /** Judges the slice that starts here from what is known now. */
  abstract Slice judge(long sliceStart);

  /** Whether a signal, not silence, says so of a slice in which Tidemark was away. */
  abstract boolean speaksFor(long sliceStart, Slice verdict);

  /** Forgets what only concerns moments before this one. */
  abstract void forgetBefore(long millis);

  final long floor(long millis) {
    return Math.floorDiv(millis, sliceMillis) * sliceMillis;
  }

  /** Whether the newest judged slice is bad. */
  final boolean currentlyBad() {
    return badSince != null;
  }

  /** Since when its slices are bad without a good one in between, or null. */
  final @Nullable Instant badSince() {
    return badSince;
  }

  /** Judges every slice that has ended by {@code at}. */
  final void judgeUntil(long at, List<long[]> down, Consumer<BucketChange> changes) {
    while (nextSlice + sliceMillis <= at) {
      long start = nextSlice;
      nextSlice += sliceMillis;
      Slice slice = down(start, down) ? Slice.UNKNOWN : judge(start);
      judged.put(start, slice);
      noteHealth(start, slice);
      if (!slice.counts().isEmpty() || slice.unknown()) {
        changes.accept(change(start, EventCounts.NONE, slice, false));
      }
    }
  }

  /** Judges slices again that a late signal may have changed. */
  final void restateFrom(long millis, Consumer<BucketChange> changes) {
    for (var entry : judged.tailMap(floor(millis), true).entrySet()) {
      Slice before = entry.getValue();
      Slice after = judge(entry.getKey());
      if (before.unknown() && !speaksFor(entry.getKey(), after)) {
        // Nobody was there to hear; only a signal that speaks for the slice ends the doubt.
        continue;
      }
      if (!after.equals(before)) {
        entry.setValue(after);
        changes.accept(change(entry.getKey(), before.counts(), after, true));
      }
    }
    if (!judged.isEmpty()) {
      badSince = null;
      for (var entry : judged.entrySet()) {
        noteHealth(entry.getKey(), entry.getValue());
      }
    }
  }

  private void noteHealth(long start, Slice slice) {
    if (slice.counts().bad() > 0) {
      if (badSince == null) {
        badSince = Instant.ofEpochMilli(start);
      }
    } else if (!slice.counts().isEmpty()) {
      badSince = null;
    }
  }

  private BucketChange change(long start, EventCounts before, Slice after, boolean restated) {
    return new BucketChange(
        objective.id(),
        Instant.ofEpochMilli(start),
        before,
        after.counts(),
        after.unknown(),
        restated);
  }

  private boolean down(long start, List<long[]> intervals) {
    for (long[] interval : intervals) {
      if (start + sliceMillis > interval[0] && start < interval[1]) {
        return true;
      }
    }
    return false;
  }
}
