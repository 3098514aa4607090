package dev.tidemark.engine.evaluate;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Two counts per slice, for the slices that may still change: a ring around the present, and a map
 * for the few that lie ahead of it. Slices are numbered since the epoch. Not thread-safe.
 */
final class SliceCounts {
  private static final int AHEAD = 4;

  /** First and second count of a slice beside each other: they are always wanted together. */
  private final double[] counts;

  private final int size;
  private NavigableMap<Long, double[]> beyond = Collections.emptyNavigableMap();
  private long newest;

  /**
   * Keeps so many slices.
   *
   * @param kept how many
   * @param next number of the first slice that is not judged yet
   */
  SliceCounts(int kept, long next) {
    this.size = kept + AHEAD;
    this.counts = new double[2 * size];
    this.newest = next + AHEAD - 1;
  }

  void add(long slice, double one, double other) {
    if (slice > newest) {
      beyond = beyond.isEmpty() ? new TreeMap<>() : beyond;
      double[] ahead = beyond.computeIfAbsent(slice, unknown -> new double[2]);
      ahead[0] += one;
      ahead[1] += other;
    } else if (slice > newest - size) {
      int at = at(slice);
      counts[at] += one;
      counts[at + 1] += other;
    }
  }

  /** Takes over what another one holds of slices from this one on. */
  void take(SliceCounts other, long from) {
    for (long slice = from; slice <= other.newest; slice++) {
      add(slice, other.first(slice), other.second(slice));
    }
    other.beyond.forEach((slice, counts) -> add(slice, counts[0], counts[1]));
  }

  /** Makes {@code next} the first slice that is not judged yet. */
  void moveOn(long next) {
    long target = next + AHEAD - 1;
    if (target - newest >= size) {
      java.util.Arrays.fill(counts, 0);
      newest = target;
    }
    while (newest < target) {
      newest++;
      int at = at(newest);
      counts[at] = 0;
      counts[at + 1] = 0;
    }
    while (!beyond.isEmpty() && beyond.firstKey() <= newest) {
      var entry = beyond.pollFirstEntry();
      add(entry.getKey(), entry.getValue()[0], entry.getValue()[1]);
    }
  }

  double first(long slice) {
    return kept(slice) ? counts[at(slice)] : 0;
  }

  double second(long slice) {
    return kept(slice) ? counts[at(slice) + 1] : 0;
  }

  private boolean kept(long slice) {
    return slice <= newest && slice > newest - size;
  }

  private int at(long slice) {
    return 2 * (int) Math.floorMod(slice, (long) size);
  }
}
