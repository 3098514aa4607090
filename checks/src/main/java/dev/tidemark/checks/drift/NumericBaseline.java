package dev.tidemark.checks.drift;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * How a number was distributed, with the bin edges kept, as distances over different bins cannot be
 * compared. NaN is a missing value and has a bin of its own, the last one. Immutable.
 *
 * @param edges inner edges, ascending; a value on an edge belongs to the bin above
 * @param counts reference values in each bin, one more than edges, and then the missing ones
 */
public record NumericBaseline(List<Double> edges, List<Long> counts) {
  private static final double FLOOR = 1e-4;

  /** Copies both lists. */
  public NumericBaseline {
    edges = List.copyOf(edges);
    counts = List.copyOf(counts);
  }

  /** Takes the quantiles of a reference, or its values where there are at most 20 of them. */
  public static NumericBaseline of(double[] reference, int bins) {
    double[] present = Arrays.stream(reference).filter(value -> !Double.isNaN(value)).toArray();
    double[] distinct = Arrays.stream(present).distinct().sorted().toArray();
    double[] edges;
    if (distinct.length <= 20) {
      edges =
          IntStream.range(1, distinct.length)
              .mapToDouble(i -> (distinct[i - 1] + distinct[i]) / 2)
              .toArray();
    } else {
      Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
      percentile.setData(present);
      edges =
          IntStream.range(1, bins)
              .mapToDouble(i -> percentile.evaluate(100.0 * i / bins))
              .distinct()
              .toArray();
    }
    List<Double> list = Arrays.stream(edges).boxed().toList();
    return new NumericBaseline(list, count(list, reference));
  }

  /** Population stability index of the current values; shares below 1e-4 count as 1e-4. */
  public double psi(double[] current) {
    List<Long> now = count(edges, current);
    double total = size();
    double psi = 0;
    for (int i = 0; i < counts.size(); i++) {
      if (counts.get(i) == 0 && now.get(i) == 0) {
        continue;
      }
      double p = Math.max(FLOOR, counts.get(i) / total);
      double q = Math.max(FLOOR, now.get(i) / (double) current.length);
      psi += (q - p) * Math.log(q / p);
    }
    return psi;
  }

  /** What the index exceeds once in a thousand times by chance alone, for so many values. */
  public double noiseThreshold(int currentSize) {
    int bins = edges.size() + 1;
    return bins < 2
        ? 0
        : new ChiSquaredDistribution(bins - 1).inverseCumulativeProbability(0.999)
            * (1.0 / size() + 1.0 / currentSize);
  }

  /** Returns how many values the reference had. */
  public long size() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  private static List<Long> count(List<Double> edges, double[] values) {
    long[] counts = new long[edges.size() + 2];
    double[] sorted = edges.stream().mapToDouble(Double::doubleValue).toArray();
    for (double value : values) {
      if (Double.isNaN(value)) {
        counts[counts.length - 1]++;
      } else {
        int at = Arrays.binarySearch(sorted, value);
        counts[at >= 0 ? at + 1 : -at - 1]++;
      }
    }
    return Arrays.stream(counts).boxed().toList();
  }
}
