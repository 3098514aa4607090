package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One objective's way from signals to buckets. Slices are {@code [n·length, (n+1)·length)} since
 * the epoch. Verdicts are kept in memory for as long as late signals are accepted; older ones are
 * only in the windows. Not thread-safe: owned by the {@link Evaluator}.
 */
abstract class ObjectiveState {
  private static final Duration SLACK = Duration.ofMinutes(10);
  private static final int KEPT_AT_MOST = 1_000_000;

  private static final byte NOTHING = 0;
  private static final byte GOOD = 1;
  private static final byte BAD = 2;
  private static final byte UNKNOWN = 3;
  private static final byte COUNTED = 4;

  final Objective objective;

  /** Of the objective, beside what every tick touches. */
  private final ObjectiveId id;

  final long sliceMillis;

  /** How many judged slices are kept. */
  final int kept;

  /** Start of the first slice that is not judged yet. */
  long nextSlice;

  /** Where its verdict will be kept. */
  private int nextAt;

  /** Place among all objectives. */
  int slot;

  /** Start of the first slice whose verdict is kept, or later than the last. */
  private long oldest;

  /** End of the newest slice that counted anything. */
  private long lastDataEnd = Long.MIN_VALUE;

  private long badSince = Long.MIN_VALUE;

  /** Starts of slices that are judged again after a restart and were unknown before it. */
  NavigableSet<Long> doubted = Collections.emptyNavigableSet();

  private final byte[] verdicts;

  /** Good and total of a slice beside each other; null until one needs more than a byte. */
  private double @Nullable [] counted;

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
    this.id = objective.id();
    this.sliceMillis = Math.max(1_000, objective.slice().toMillis());
    this.nextSlice = floor(start.toEpochMilli());
    this.oldest = nextSlice;
    long span = objective.allowedLateness().longest().plus(SLACK).toMillis();
    this.kept = (int) Math.min(KEPT_AT_MOST, span / sliceMillis + 2);
    this.verdicts = new byte[kept];
    this.nextAt = at(nextSlice);
  }

  /** Takes a point of a selected series, once. Returns the earliest moment that it concerns. */
  abstract long apply(MetricPoint point, double increase);

  /** Judges the slice that starts here from what is known now. */
  abstract Slice judge(long sliceStart);

  /** Whether a signal, not silence, says so of a slice in which Tidemark was away. */
  abstract boolean speaksFor(long sliceStart, Slice verdict);

  /**
   * Whether events of a time in which Tidemark was away count when they are known all the same:
   * they were stored before it went, or their sender kept them. Ages have to be restated instead.
   */
  boolean countsWhatCame() {
    return false;
  }

  /** What a slice without any data is, as the owner says. */
  final Slice silence() {
    return switch (objective.noData()) {
      case GOOD -> Slice.GOOD;
      case BAD -> Slice.BAD;
      case IGNORED, FROZEN -> Slice.NOTHING;
    };
  }

  /** Whether a point that comes twice would count twice. */
  boolean addsUp() {
    return false;
  }

  /** Whether silence makes it bad: then it matters since when anybody listened. */
  boolean agesInSilence() {
    return false;
  }

  /**
   * Goes on where a state ends that judged the same objective by other rules: what was bad is so
   * until a slice says otherwise, and signals that were heard are not forgotten.
   */
  final void inherit(ObjectiveState old) {
    lastDataEnd = old.lastDataEnd;
    badSince = old.badSince;
    if (objective.sli().selectors().equals(old.objective.sli().selectors())
        && objective.roster().equals(old.objective.roster())) {
      inheritSignals(old);
    }
  }

  /** Takes over the signals of a state that selects the same series. */
  abstract void inheritSignals(ObjectiveState old);

  /** Starts the grace again: signals before this moment could not be heard. */
  void listenAgain(Instant since) {
    // Only ages have a grace.
  }

  /**
   * Puts the moment at which listening began where it was before a restart. Only before the first
   * signal.
   */
  void listenedSince(Instant since) {
    // Only ages ask.
  }

  /** Moves the moment that stands in for a signal to when signals could first be heard. */
  void hearFrom(Instant moment) {
    // Only ages have such a moment.
  }

  /**
   * Takes what a slice was found to be before a restart, as far as signals that are heard again
   * cannot say it: that Tidemark was away, that the grace after that lasted, or what was found last
   * where nothing came since.
   */
  void recall(long start, EventCounts counts, boolean unknown) {
    if (!unknown && start < nextSlice && start + sliceMillis > lastDataEnd) {
      noteHealth(start, counts);
    }
    if (unknown && start + sliceMillis >= nextSlice - limit().toMillis()) {
      doubted = withRoom(doubted);
      doubted.add(start);
    }
  }

  /** Sets that stay empty of nearly all objectives are one: a tick goes through all of them. */
  static NavigableSet<Long> withRoom(NavigableSet<Long> set) {
    return set.isEmpty() ? new TreeSet<>() : set;
  }

  /** Everything was recalled that will be. */
  void recalled() {
    if (!doubted.isEmpty()) {
      doubted.headSet(nextSlice).clear();
    }
  }

  /** How long an old signal still decides whether a slice is good. */
  Duration limit() {
    return Duration.ZERO;
  }

  /** Members of the roster that are behind at the end of the newest judged slice. */
  List<String> behind() {
    return List.of();
  }

  /** The newest event time that a signal told of, for people; empty where there is no such. */
  Optional<Instant> newestEvent() {
    return Optional.empty();
  }

  /** Forgets what only concerns moments before this one. */
  abstract void forgetBefore(long millis);

  final long floor(long millis) {
    return Math.floorDiv(millis, sliceMillis) * sliceMillis;
  }

  /** Moves the first slice to be judged, for a start in the middle. */
  void startAt(long millis) {
    nextSlice = floor(millis);
    oldest = nextSlice;
    nextAt = at(nextSlice);
  }

  /** Whether the newest judged slice is bad. */
  final boolean currentlyBad() {
    return badSince != Long.MIN_VALUE;
  }

  /** Since when its slices are bad without a good one in between, or null. */
  final @Nullable Instant badSince() {
    return badSince == Long.MIN_VALUE ? null : Instant.ofEpochMilli(badSince);
  }

  /**
   * End of the newest slice that counted anything, ms since the epoch; the smallest long before.
   */
  final long lastDataEnd() {
    return lastDataEnd;
  }

  /** Start of the oldest slice that may still change. */
  final long oldestKept() {
    return Math.max(oldest, nextSlice - kept * sliceMillis);
  }

  /** Start of the oldest slice that may still change when everything until then is judged. */
  final long oldestKeptAt(long judgedUntil) {
    return floor(judgedUntil) - kept * sliceMillis;
  }

  /** The kept verdict of a judged slice. */
  final Slice verdict(long start) {
    int at = at(start);
    return switch (verdicts[at]) {
      case GOOD -> Slice.GOOD;
      case BAD -> Slice.BAD;
      case UNKNOWN -> Slice.UNKNOWN;
      case COUNTED -> {
        if (counted == null) {
          throw new IllegalStateException("counted slices have counts");
        }
        yield new Slice(new EventCounts(counted[2 * at], counted[2 * at + 1]), false);
      }
      default -> Slice.NOTHING;
    };
  }

  private void keep(int at, Slice slice) {
    EventCounts counts = slice.counts();
    if (slice.unknown()) {
      verdicts[at] = UNKNOWN;
    } else if (counts.isEmpty()) {
      verdicts[at] = NOTHING;
    } else if (counts.total() == 1 && (counts.good() == 1 || counts.good() == 0)) {
      verdicts[at] = counts.good() == 1 ? GOOD : BAD;
    } else {
      if (counted == null) {
        counted = new double[2 * kept];
      }
      verdicts[at] = COUNTED;
      counted[2 * at] = counts.good();
      counted[2 * at + 1] = counts.total();
    }
  }

  private int at(long start) {
    return (int) Math.floorMod(Math.floorDiv(start, sliceMillis), (long) kept);
  }

  /** Judges every slice that has ended by {@code at}. */
  final void judgeUntil(long at, List<long[]> down, Evaluator.ChangeListener changes) {
    while (nextSlice + sliceMillis <= at) {
      long start = nextSlice;
      Slice slice = judge(start);
      boolean away = isDown(start, down) || (!doubted.isEmpty() && doubted.remove(start));
      if (away && !(countsWhatCame() && speaksFor(start, slice))) {
        slice = Slice.UNKNOWN;
      }
      nextSlice += sliceMillis;
      keep(nextAt, slice);
      nextAt = nextAt + 1 == kept ? 0 : nextAt + 1;
      noteHealth(start, slice.counts());
      if (!slice.counts().isEmpty() || slice.unknown()) {
        changes.changed(slot, change(start, EventCounts.NONE, slice, false));
      } else {
        changes.silent(slot, nextSlice);
      }
    }
    forgetBefore(nextSlice - kept * sliceMillis);
  }

  /** Judges slices again that a late signal may have changed. */
  final void restateFrom(long millis, Evaluator.ChangeListener changes) {
    long first = Math.max(floor(millis), oldestKept());
    for (long start = first; start < nextSlice; start += sliceMillis) {
      Slice before = verdict(start);
      Slice after = judge(start);
      if (before.unknown() && !speaksFor(start, after)) {
        // Nobody was there to hear; only a signal that speaks for the slice ends the doubt.
        continue;
      }
      if (!after.equals(before)) {
        keep(at(start), after);
        changes.changed(slot, change(start, before.counts(), after, true));
      }
    }
    long from = oldestKept();
    if (from < nextSlice) {
      if (badSince >= from) {
        badSince = Long.MIN_VALUE;
      }
      for (long start = from; start < nextSlice; start += sliceMillis) {
        noteHealth(start, verdict(start).counts());
      }
    }
  }

  private void noteHealth(long start, EventCounts counts) {
    if (counts.isEmpty()) {
      return;
    }
    lastDataEnd = Math.max(lastDataEnd, start + sliceMillis);
    if (counts.bad() <= 0) {
      badSince = Long.MIN_VALUE;
    } else if (badSince == Long.MIN_VALUE) {
      badSince = start;
    }
  }

  private BucketChange change(long start, EventCounts before, Slice after, boolean restated) {
    return new BucketChange(
        id, Instant.ofEpochMilli(start), before, after.counts(), after.unknown(), restated);
  }

  private boolean isDown(long start, List<long[]> intervals) {
    if (intervals.isEmpty()) {
      return false;
    }
    for (long[] interval : intervals) {
      if (start + sliceMillis > interval[0] && start < interval[1]) {
        return true;
      }
    }
    return false;
  }
}
