package dev.tidemark.engine.evaluate;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Two counts per slice, for the slices that may still change: a ring around the present, and a map
 * for the few that lie ahead of it. Slices are numbered since the epoch. Not thread-safe.
 */
final class SliceCounts {
  private static final int AHEAD = 4;

  private final double[] first;
  private final double[] second;
  private final NavigableMap<Long, double[]> beyond = new TreeMap<>();
  private long newest;

  /**
   * Keeps so many slices.
   *
   * @param kept how many
   * @param next number of the first slice that is not judged yet
   */
  SliceCounts(int kept, long next) {
    this.first = new double[kept + AHEAD];
    this.second = new double[kept + AHEAD];
    this.newest = next + AHEAD - 1;
  }

  void add(long slice, double one, double other) {
    if (slice > newest) {
      double[] counts = beyond.computeIfAbsent(slice, unknown -> new double[2]);
      counts[0] += one;
      counts[1] += other;
    } else if (slice > newest - first.length) {
      int at = at(slice);
      first[at] += one;
      second[at] += other;
    }
  }

  /** Makes {@code next} the first slice that is not judged yet. */
  void moveOn(long next) {
    long target = next + AHEAD - 1;
    if (target - newest >= first.length) {
      java.util.Arrays.fill(first, 0);
      java.util.Arrays.fill(second, 0);
      newest = target;
    }
    while (newest < target) {
      newest++;
      first[at(newest)] = 0;
      second[at(newest)] = 0;
    }
    while (!beyond.isEmpty() && beyond.firstKey() <= newest) {
      var entry = beyond.pollFirstEntry();
      add(entry.getKey(), entry.getValue()[0], entry.getValue()[1]);
    }
  }

  double first(long slice) {
    return kept(slice) ? first[at(slice)] : 0;
  }

  double second(long slice) {
    return kept(slice) ? second[at(slice)] : 0;
  }

  private boolean kept(long slice) {
    return slice <= newest && slice > newest - first.length;
  }

  private int at(long slice) {
    return (int) Math.floorMod(slice, (long) first.length);
  }
}
