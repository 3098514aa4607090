package dev.tidemark.engine.condition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.NoDataPolicy;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.EventCounts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one objective has spent: its windows as they happened and as they were corrected, and its
 * conditions. Corrected numbers govern, raw ones stand beside them. Not thread-safe.
 */
final class ObjectiveBook implements Conditions.Knowledge {
  static final long NEVER = Long.MIN_VALUE;
  private static final EventCounts ONE_SLICE = new EventCounts(0, 1);

  final Objective objective;
  private final WindowLayout layout;
  private final Conditions conditions;
  private final long sliceMillis;

  /** What lies further back no window counts. */
  private final long reachMillis;

  /** Whether silence lets windows stand still. */
  private final boolean freezing;

  private final WatchedTime watched;
  private CorrectedCounts counts;

  /** Slices in which anything happened; null for slices of time, where each counts itself. */
  private @Nullable CorrectedCounts data;

  /** End of the newest slice with data. */
  private long dataEnd = NEVER;

  private Oddities oddities = new Oddities();

  /** End of the newest slice that moves windows on. */
  private long end = NEVER;

  private boolean frozen;
  private boolean moved;

  /** Whether time went on without anything to add. */
  private boolean quiet;

  ObjectiveBook(Objective objective, Instant start) {
    this.objective = objective;
    this.sliceMillis = sliceMillis(objective);
    this.reachMillis = objective.reach().toMillis();
    this.freezing = objective.noData() == NoDataPolicy.FROZEN;
    this.layout = new WindowLayout(objective);
    this.counts = layout.counts(sliceMillis, start);
    this.data = objective.sli().isSliced() ? null : layout.data(sliceMillis, start);
    this.conditions = new Conditions(objective, layout, counts.raw().windows);
    this.watched =
        new WatchedTime(
            Math.floorDiv(start.toEpochMilli(), sliceMillis) * sliceMillis, sliceMillis);
  }

  /** How long a slice is, in ms. */
  static long sliceMillis(Objective objective) {
    return Math.max(1_000, objective.slice().toMillis());
  }

  /**
   * Puts calendar windows where they were before a restart, before anything is restored: into the
   * unit of the last slice that was judged, also when the next unit has begun since. Where silence
   * freezes them only data say which unit that is.
   *
   * @param checkpoint up to which everything was judged
   * @param again start of the first slice that is judged again
   */
  void resumeAt(long checkpoint, long again) {
    putCalendarsInto(freezing ? again : Math.floorDiv(checkpoint, sliceMillis) * sliceMillis - 1);
  }

  private void putCalendarsInto(long moment) {
    Instant at = Instant.ofEpochMilli(moment);
    counts.resumeAt(at);
    if (data != null) {
      data.resumeAt(at);
    }
  }

  /** Takes a bucket that was judged before a restart. Returns whether it is the oldest so far. */
  @CanIgnoreReturnValue
  boolean restore(long start, EventCounts is, boolean isUnknown, boolean counted) {
    boolean oldest = watched.reachesBackTo(start);
    if (counted) {
      watched.note(start, isUnknown);
      if (!isUnknown) {
        end = Math.max(end, start + sliceMillis);
      }
      if (!is.isEmpty()) {
        if (dataEnd == NEVER && freezing) {
          putCalendarsInto(start);
        }
        oddities.note(start, is);
        counts.add(start, EventCounts.NONE, is);
        noteData(start, EventCounts.NONE, is);
      }
    }
    return oldest;
  }

  private void noteData(long start, EventCounts before, EventCounts after) {
    if (!after.isEmpty()) {
      dataEnd = Math.max(dataEnd, start + sliceMillis);
    }
    if (data != null && before.isEmpty() != after.isEmpty()) {
      data.add(start, slices(before), slices(after));
    }
  }

  private static EventCounts slices(EventCounts counts) {
    return counts.isEmpty() ? EventCounts.NONE : ONE_SLICE;
  }

  /**
   * Whether {@link #restoreSum} is as good as restoring bucket by bucket: not where a month's end
   * or a correction may lie within a stretch, nor where time may stand still.
   */
  boolean takesSums(Duration stretch, Duration age) {
    return counts.corrections().isEmpty()
        && counts.raw().calendars.length == 0
        && !freezing
        && counts.raw().windows.takesSums(stretch, age);
  }

  /** Takes the sums of known buckets. Returns whether they are the oldest so far. */
  boolean restoreSum(long firstStart, long start, EventCounts sum, long counting) {
    boolean oldest = watched.reachesBackTo(firstStart);
    oddities.noteSum(start, sum, counting);
    counts.add(start, EventCounts.NONE, sum);
    if (counting > 0) {
      dataEnd = Math.max(dataEnd, start + sliceMillis);
      if (data != null) {
        data.add(start, EventCounts.NONE, new EventCounts(0, counting));
      }
    }
    return oldest;
  }

  /** Says of which windows the counts are: what was written under another shape is of no use. */
  String shape() {
    return layout.shape();
  }

  /** Whether what was counted for one objective can go on to be counted for the other. */
  static boolean countsAlike(Objective one, Objective other) {
    boolean slices = one.sli().isSliced();
    // Events are events however they are cut; a bad hour is not a bad minute.
    return slices == other.sli().isSliced() && (!slices || one.slice().equals(other.slice()));
  }

  /**
   * Goes on where the book of the same objective ends that an edit of its definition puts out of
   * use. Conditions over the same windows go on to hold.
   *
   * @param old counts alike
   */
  void takeOver(ObjectiveBook old) {
    watched.takeOver(old.watched);
    end = Math.max(end, old.end);
    frozen = old.frozen;
    quiet = true;
    moved = true;
    oddities = old.oddities;
    if (old.shape().equals(shape())) {
      counts = old.counts;
      data = old.data;
    }
    dataEnd = Math.max(dataEnd, old.dataEnd);
    conditions.takeOver(old.conditions);
  }

  /**
   * Goes on after a time in which nobody watched this objective.
   *
   * @param at the slice in which it lies is the first that is judged again
   */
  void goOnAt(Instant at) {
    long next = Math.floorDiv(at.toEpochMilli(), sliceMillis) * sliceMillis;
    if (end != NEVER && end < next) {
      watched.doubt(end, next);
    }
    moved = true;
  }

  /**
   * Writes what was counted of slices before a moment.
   *
   * @param before start of the oldest slice that may still change
   * @param recent counts of that slice and of all after it
   */
  void write(DataOutput out, long before, Map<Instant, EventCounts> recent) throws IOException {
    counts.write(out, recent);
    if (data != null) {
      Map<Instant, EventCounts> slices = new LinkedHashMap<>();
      recent.forEach((start, is) -> slices.put(start, slices(is)));
      data.write(out, slices);
    }
    out.writeLong(Math.min(dataEnd, before));
    watched.write(out, before);
    out.writeLong(Math.min(end, before));
    oddities.write(out);
  }

  /** Takes over what was written under the same {@link #shape}. */
  void read(DataInput in) throws IOException {
    counts.read(in);
    if (data != null) {
      data.read(in);
    }
    dataEnd = in.readLong();
    watched.read(in);
    end = in.readLong();
    oddities.read(in);
  }

  /** Takes a judged or restated slice. */
  void changed(BucketChange change) {
    long start = change.start().toEpochMilli();
    oddities.changed(change);
    if (!freezes(change)) {
      counts.add(start, change.before(), change.after());
    }
    noteData(start, change.before(), change.after());
    watched.note(start, change.unknown());
    if (start + sliceMillis > end && !change.unknown()) {
      // Also when it was unknown at first and a late signal has spoken for it since.
      end = start + sliceMillis;
      frozen = false;
    }
    moved = true;
  }

  /** Whether nothing is known of a slice of whose like no window is to be moved on. */
  private boolean freezes(BucketChange change) {
    return freezing && change.before().isEmpty() && change.after().isEmpty();
  }

  /** Time went on by a slice that says nothing. */
  void silent(long endMillis) {
    if (freezing) {
      frozen = true;
      return;
    }
    end = Math.max(end, endMillis);
    quiet = true;
    moved = true;
  }

  /**
   * Takes other corrections. The buckets are those that any of them covers, as they happened.
   *
   * @param changed all corrections from now on; where two overlap the first one counts
   * @param happened start and counts of buckets; what is older than anything that is counted here
   *     is left out
   */
  void correct(List<Correction> changed, Map<Instant, EventCounts> happened) {
    Map<Instant, EventCounts> counted = new LinkedHashMap<>(happened);
    counted.keySet().removeIf(start -> start.toEpochMilli() < watched.since());
    counts.correct(changed, counted);
    moved = true;
  }

  /** Applies the corrections in force to a bucket that was counted as it happened. */
  void recount(long start, EventCounts is) {
    if (start >= watched.since()) {
      counts.recount(start, is);
      moved = true;
    }
  }

  /** What is odd about the counts. */
  Oddities oddities() {
    return oddities;
  }

  /** Start of the last slice of each stretch in which nobody knows. */
  List<Instant> unknownEnds() {
    return watched.unknownEnds();
  }

  /** Start of the oldest slice that was watched. */
  Instant watchedSince() {
    return Instant.ofEpochMilli(watched.since());
  }

  List<Correction> corrections() {
    return counts.corrections();
  }

  /**
   * Compares all conditions, if anything moved since the last time or one only waits for its hours
   * or has to last: with slices of a day nothing moves until midnight.
   */
  void update(Instant at) {
    if (end == NEVER || (!moved && !conditions.isWaiting())) {
      return;
    }
    moved = false;
    watched.forgetBefore(end - reachMillis);
    if (quiet) {
      counts.advanceTo(end);
    } else {
      // What was added last has moved the windows already, those that happened at least.
      counts.catchUp(end);
    }
    quiet = false;
    conditions.update(counts.adjusted().windows, this, at);
  }

  @Override
  public boolean isSeenEnough(BurnRateCondition condition) {
    Duration window = layout.effective(condition.longWindow());
    return (condition.coverageRatio() <= 0
            || slices().share(window, end) >= condition.coverageRatio())
        && (condition.watchedRatio() <= 0
            || watched.coverage(end, window.toMillis()) >= condition.watchedRatio());
  }

  /** Conditions, and which of them hold. */
  Conditions conditions() {
    return conditions;
  }

  /** What is spent now, for whoever reads it; stale as soon as anything changes. */
  Spending spending() {
    return new Spending(
        objective, layout, counts, slices(), watched, new Spending.Progress(end, dataEnd, frozen));
  }

  /** Slices in which anything happened. */
  private CorrectedCounts slices() {
    return data == null ? counts : data;
  }
}
