package dev.tidemark.engine.ingest.otlp;

import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import java.util.Arrays;

/**
 * Exponential buckets turned into explicit ones. With {@code base = 2^(2^-scale)}, positive bucket
 * {@code i} covers (base^i, base^(i+1)] and negative bucket {@code i} covers [-base^(i+1),
 * -base^i), as in the OpenTelemetry metrics data model ("Exponential Buckets"). The result runs
 * from the lowest to the highest: an empty bucket below the lowest negative, the negatives, the
 * zero bucket up to its threshold, an empty gap, the positives, and an empty one above. Bounds that
 * a double cannot tell apart are merged; those beyond its range go to the last bucket.
 */
final class Buckets {
  private double[] bounds = new double[64];
  private long[] counts = new long[65];
  private int size;
  private long overflow;

  private Buckets() {}

  /** Bounds and counts, one more count than bounds. */
  @SuppressWarnings("ArrayRecordComponent") // handed straight on to a point; never compared
  record Explicit(double[] bounds, long[] counts) {}

  static Explicit of(ExponentialHistogramDataPoint point) {
    Buckets buckets = new Buckets();
    double exponent = Math.pow(2, -point.getScale());
    var negative = point.getNegative();
    int negatives = negative.getBucketCountsCount();
    if (negatives > 0) {
      buckets.add(-Math.pow(2, ((double) negative.getOffset() + negatives) * exponent), 0);
      for (int i = negatives - 1; i >= 0; i--) {
        buckets.add(
            -Math.pow(2, ((double) negative.getOffset() + i) * exponent),
            negative.getBucketCounts(i));
      }
    }
    buckets.add(Math.max(0, point.getZeroThreshold()), point.getZeroCount());
    var positive = point.getPositive();
    if (positive.getBucketCountsCount() > 0) {
      buckets.add(Math.pow(2, positive.getOffset() * exponent), 0);
      for (int i = 0; i < positive.getBucketCountsCount(); i++) {
        buckets.add(
            Math.pow(2, ((double) positive.getOffset() + i + 1) * exponent),
            positive.getBucketCounts(i));
      }
    }
    return buckets.finish();
  }

  private void add(double upperBound, long count) {
    if (upperBound == Double.POSITIVE_INFINITY) {
      overflow += count;
      return;
    }
    double bound = Math.max(upperBound, -Double.MAX_VALUE);
    if (size > 0 && bound <= bounds[size - 1]) {
      counts[size - 1] += count;
      return;
    }
    if (size == bounds.length) {
      bounds = Arrays.copyOf(bounds, size * 2);
      counts = Arrays.copyOf(counts, size * 2 + 1);
    }
    bounds[size] = bound;
    counts[size] = count;
    size++;
  }

  private Explicit finish() {
    long[] all = Arrays.copyOf(counts, size + 1);
    all[size] = overflow;
    return new Explicit(Arrays.copyOf(bounds, size), all);
  }
}
