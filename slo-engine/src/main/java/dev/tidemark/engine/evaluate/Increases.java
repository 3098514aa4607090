package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.model.MetricPoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * What one series has told: which points are known already, and by how much a running total rose.
 * Remembers a bounded number of points. Not thread-safe.
 */
final class Increases {
  private static final int REMEMBERED = 4_096;

  private final Set<Long> known = new HashSet<>();
  private final Deque<Long> order = new ArrayDeque<>();
  private boolean seen;
  private long startNanos;
  private long timeNanos;
  private double value;
  private long[] buckets = new long[0];

  /** Notes a point. Returns whether it is new. */
  boolean isNew(MetricPoint point) {
    long id = point.id();
    if (!known.add(id)) {
      return false;
    }
    order.add(id);
    if (order.size() > REMEMBERED) {
      known.remove(order.remove());
    }
    return true;
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
