package dev.tidemark.engine.model;

import java.time.Instant;

/**
 * One point of one series, as stored and as judged. OpenLineage events and pings are turned into
 * points of the {@code tidemark.*} metrics too, so that everything is judged by one rule.
 *
 * @param series what it belongs to
 * @param startNanos start of the interval the value covers, ns since the epoch; 0 when unknown
 * @param timeNanos event time, ns since the epoch
 * @param value the gauge's value or the sum's; for histograms and summaries the sum of observations
 * @param count observations in a histogram or summary; 0 otherwise
 * @param bounds upper bounds of a histogram's buckets, ascending, one fewer than {@code
 *     bucketCounts}; for a summary the quantiles' ranks; empty otherwise. Not to be modified.
 * @param bucketCounts observations per bucket; for a summary empty. Not to be modified.
 */
@SuppressWarnings(
    "ArrayRecordComponent") // hot path; equality is by id(), arrays are never modified
public record MetricPoint(
    Series series,
    long startNanos,
    long timeNanos,
    double value,
    long count,
    double[] bounds,
    long[] bucketCounts)
    implements Comparable<MetricPoint> {
  private static final double[] NO_BOUNDS = {};
  private static final long[] NO_COUNTS = {};

  /** Returns a point of a gauge or a sum. */
  public static MetricPoint number(Series series, long startNanos, long timeNanos, double value) {
    return new MetricPoint(series, startNanos, timeNanos, value, 0, NO_BOUNDS, NO_COUNTS);
  }

  /** Returns its identity: the same for a retry of the same point. */
  public long id() {
    return SeriesIds.point(series.id(), startNanos, timeNanos, value, count);
  }

  /** Returns the event time. */
  public Instant eventTime() {
    return Instant.ofEpochSecond(
        Math.floorDiv(timeNanos, 1_000_000_000L), Math.floorMod(timeNanos, 1_000_000_000L));
  }

  @Override
  public int compareTo(MetricPoint other) {
    return Long.compare(timeNanos, other.timeNanos);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof MetricPoint other && id() == other.id();
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id());
  }
}
