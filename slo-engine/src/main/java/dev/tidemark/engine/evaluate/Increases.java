package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.model.MetricPoint;
import java.time.Duration;

/**
 * What one series has told: which points are known already, and by how much a running total rose.
 * Remembers a bounded number of points. Not thread-safe.
 */
final class Increases {
  /** However many points come in the time for which they are remembered. */
  private static final int REMEMBERED = 4_096;

  private final long horizonMillis;

  /** Identities of points, a ring that begins at {@code eldest}; none for running totals. */
  private long[] ids = {};

  /** Their event times, s since the epoch. */
  private int[] seconds = {};

  private int eldest;
  private int count;
  private int newestSecond = Integer.MIN_VALUE;

  /** A running total that pauses for less than this goes on; after it, it begins anew. */
  private static final long PAUSE_MILLIS = Duration.ofDays(2).toMillis();

  private boolean seen;
  private long startNanos;
  private long timeNanos;
  private double value;
  private long[] buckets = new long[0];

  /**
   * Remembers.
   *
   * @param horizonMillis how much older than the newest a point may be that is still taken
   */
  Increases(long horizonMillis) {
    this.horizonMillis = horizonMillis;
  }

  /** Notes a point. Returns whether it is new. */
  boolean isNew(MetricPoint point) {
    long id = point.id();
    int end = Math.min(ids.length, eldest + count);
    if (holds(id, eldest, end) || holds(id, 0, count - (end - eldest))) {
      return false;
    }
    int second = (int) Math.floorDiv(point.timeNanos(), 1_000_000_000L);
    newestSecond = Math.max(newestSecond, second);
    while (count > 0 && (isPast(seconds[eldest]) || count == REMEMBERED)) {
      eldest = (eldest + 1) % ids.length;
      count--;
    }
    if (count == ids.length) {
      makeRoom();
    }
    int at = (eldest + count) % ids.length;
    ids[at] = id;
    seconds[at] = second;
    count++;
    return true;
  }

  /** Whether nothing that may still come is judged by what is known here. */
  boolean isOver(long nowMillis) {
    boolean totalGoesOn = seen && nowMillis - timeNanos / 1_000_000L <= PAUSE_MILLIS;
    boolean pointsCount = count > 0 && nowMillis - newestSecond * 1_000L <= horizonMillis;
    return !totalGoesOn && !pointsCount;
  }

  private boolean holds(long id, int from, int to) {
    for (int i = from; i < to; i++) {
      if (ids[i] == id) {
        return true;
      }
    }
    return false;
  }

  private boolean isPast(int second) {
    return (newestSecond - (long) second) * 1_000 > horizonMillis;
  }

  private void makeRoom() {
    int more = Math.max(4, count + count / 4);
    long[] moreIds = new long[more];
    int[] moreSeconds = new int[more];
    for (int i = 0; i < count; i++) {
      moreIds[i] = ids[(eldest + i) % ids.length];
      moreSeconds[i] = seconds[(eldest + i) % seconds.length];
    }
    ids = moreIds;
    seconds = moreSeconds;
    eldest = 0;
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
