package dev.tidemark.engine.budget;

import dev.tidemark.engine.budget.Correction.Mode;
import dev.tidemark.engine.model.EventCounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Corrections as they bear on slices. A slice that one covers in part is corrected in the same
 * part, as if its events had been spread evenly: of a day with an hour of maintenance 23 of 24
 * count. Finding them takes a few steps however many there are. Immutable.
 */
public final class CorrectedTime {
  /** Nothing is corrected. */
  public static final CorrectedTime NONE = new CorrectedTime(List.of());

  /** Starts, ends and modes of stretches that change counts, ascending and disjoint. */
  private final long[] starts;

  private final long[] ends;
  private final Mode[] modes;

  /**
   * Puts them in order.
   *
   * @param corrections where two overlap, the first one counts; those that keep counts say nothing
   */
  public CorrectedTime(List<Correction> corrections) {
    TreeMap<Long, Stretch> apart = new TreeMap<>();
    for (Correction correction : corrections) {
      if (correction.mode() != Mode.KEEP) {
        free(apart, correction).forEach(stretch -> apart.put(stretch.from(), stretch));
      }
    }
    Collection<Stretch> all = apart.values();
    starts = all.stream().mapToLong(Stretch::from).toArray();
    ends = all.stream().mapToLong(Stretch::to).toArray();
    modes = all.stream().map(Stretch::mode).toArray(Mode[]::new);
  }

  private record Stretch(long from, long to, Mode mode) {}

  /** What of a correction no earlier one covers. */
  private static List<Stretch> free(NavigableMap<Long, Stretch> apart, Correction correction) {
    List<Stretch> free = new ArrayList<>();
    long at = correction.from().toEpochMilli();
    long to = correction.to().toEpochMilli();
    var before = apart.floorEntry(at);
    if (before != null) {
      at = Math.max(at, before.getValue().to());
    }
    if (at >= to) {
      return free;
    }
    for (Stretch other : apart.subMap(at, to).values()) {
      if (at < other.from()) {
        free.add(new Stretch(at, other.from(), correction.mode()));
      }
      at = other.to();
    }
    if (at < to) {
      free.add(new Stretch(at, to, correction.mode()));
    }
    return free;
  }

  /** Whether nothing is corrected at all. */
  public boolean isEmpty() {
    return starts.length == 0;
  }

  /**
   * Returns what counts of a slice.
   *
   * @param startMillis its start, ms since the epoch
   * @param sliceMillis its length, above 0
   * @param counts as they happened
   */
  public EventCounts of(long startMillis, long sliceMillis, EventCounts counts) {
    if (isEmpty() || counts.isEmpty()) {
      return counts;
    }
    long end = startMillis + sliceMillis;
    long dropped = 0;
    long excused = 0;
    for (int i = firstEndingAfter(startMillis); i < starts.length && starts[i] < end; i++) {
      long covered = Math.min(ends[i], end) - Math.max(starts[i], startMillis);
      if (modes[i] == Mode.DROP) {
        dropped += covered;
      } else {
        excused += covered;
      }
    }
    if (dropped == 0 && excused == 0) {
      return counts;
    }
    if (dropped == sliceMillis) {
      return EventCounts.NONE;
    }
    if (excused == sliceMillis) {
      return new EventCounts(counts.total(), counts.total());
    }
    double kept = (double) (sliceMillis - dropped - excused) / sliceMillis;
    double good = counts.good() * kept + counts.total() * excused / sliceMillis;
    return new EventCounts(good, counts.total() * (sliceMillis - dropped) / sliceMillis);
  }

  /** Whether any of [from, to), both ms since the epoch, is corrected. */
  public boolean touches(long from, long to) {
    int first = firstEndingAfter(from);
    return first < starts.length && starts[first] < to;
  }

  /** Returns how much of [from, to), both ms since the epoch, leaves the budget, in ms. */
  public long droppedMillis(long from, long to) {
    long dropped = 0;
    for (int i = firstEndingAfter(from); i < starts.length && starts[i] < to; i++) {
      if (modes[i] == Mode.DROP) {
        dropped += Math.min(ends[i], to) - Math.max(starts[i], from);
      }
    }
    return dropped;
  }

  private int firstEndingAfter(long moment) {
    int low = 0;
    int high = ends.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] <= moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
