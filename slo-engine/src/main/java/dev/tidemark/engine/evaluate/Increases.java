package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.model.MetricPoint;
import java.util.Arrays;

/**
 * What one series has told: which points are known already, and by how much a running total rose.
 * Remembers a bounded number of points. Not thread-safe.
 */
final class Increases {
  /** More than a day of a point every half minute. */
  private static final int REMEMBERED = 4_096;

  /** Identities of the newest points, oldest first from {@code eldest} on; none for totals. */
  private long[] known = {};

  private int eldest;
  private int knownCount;

  /** The same identities in ascending order, to be found. */
  private long[] sorted = {};

  private boolean seen;
  private long startNanos;
  private long timeNanos;
  private double value;
  private long[] buckets = new long[0];

  /** Notes a point. Returns whether it is new. */
  boolean isNew(MetricPoint point) {
    long id = point.id();
    int place = Arrays.binarySearch(sorted, 0, knownCount, id);
    if (place >= 0) {
      return false;
    }
    remember(id, -place - 1);
    return true;
  }

  private void remember(long id, int place) {
    int at = place;
    if (knownCount == REMEMBERED) {
      int gone = Arrays.binarySearch(sorted, 0, knownCount, known[eldest]);
      System.arraycopy(sorted, gone + 1, sorted, gone, knownCount - gone - 1);
      known[eldest] = id;
      eldest = (eldest + 1) % REMEMBERED;
      at = gone < place ? place - 1 : place;
      knownCount--;
    } else {
      if (knownCount == known.length) {
        int more = Math.min(REMEMBERED, Math.max(8, 2 * knownCount));
        known = Arrays.copyOf(known, more);
        sorted = Arrays.copyOf(sorted, more);
      }
      known[knownCount] = id;
    }
    System.arraycopy(sorted, at, sorted, at + 1, knownCount - at);
    sorted[at] = id;
    knownCount++;
  }

  /**
   * Returns the increase that a point stands for. A running total that fell, or whose start moved,
   * began again at zero. The first total of a series counts whole only if it began after listening
   * did: before that, nobody knows when it was earned.
   */
  double increase(MetricPoint point, long listeningSinceNanos) {
    if (!point.series().kind().isCumulative()) {
      return point.value();
    }
    if (!seen) {
      seen = true;
      remember(point);
      return point.startNanos() >= listeningSinceNanos ? point.value() : 0;
    }
    if (point.timeNanos() <= timeNanos) {
      // An older total of a newer one that is known: its increase is in that one.
      return 0;
    }
    boolean reset = point.startNanos() > startNanos || point.value() < value;
    double increase = reset ? point.value() : point.value() - value;
    remember(point);
    return increase;
  }

  /**
   * Returns a histogram as it stands for the time since the one before: the buckets of a running
   * one less those that were known, by the same rules as for a running total. A histogram of a
   * stretch of time comes back as it is.
   */
  MetricPoint histogram(MetricPoint point, long listeningSinceNanos) {
    if (!point.series().kind().isCumulative()) {
      return point;
    }
    long[] now = point.bucketCounts();
    long[] grown = new long[now.length];
    if (!seen) {
      if (point.startNanos() >= listeningSinceNanos) {
        grown = now.clone();
      }
    } else if (point.timeNanos() <= timeNanos) {
      return with(point, grown);
    } else if (point.startNanos() > startNanos || shrank(now)) {
      grown = now.clone();
    } else {
      for (int i = 0; i < now.length; i++) {
        grown[i] = now[i] - buckets[i];
      }
    }
    seen = true;
    remember(point);
    return with(point, grown);
  }

  private boolean shrank(long[] now) {
    if (now.length != buckets.length) {
      return true;
    }
    for (int i = 0; i < now.length; i++) {
      if (now[i] < buckets[i]) {
        return true;
      }
    }
    return false;
  }

  private static MetricPoint with(MetricPoint point, long[] counts) {
    return new MetricPoint(
        point.series(),
        point.startNanos(),
        point.timeNanos(),
        point.value(),
        point.count(),
        point.bounds(),
        counts);
  }

  private void remember(MetricPoint point) {
    buckets = point.bucketCounts();
    startNanos = point.startNanos();
    timeNanos = point.timeNanos();
    value = point.value();
  }
}
