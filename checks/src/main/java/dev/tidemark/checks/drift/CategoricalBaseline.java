package dev.tidemark.checks.drift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.jspecify.annotations.Nullable;

/**
 * How often each value of a column occurred. A missing value is a value of its own. Immutable.
 *
 * @param counts reference values by text; missing ones under {@link #MISSING}
 */
public record CategoricalBaseline(Map<String, Long> counts) {
  /** Stands for null; no text of a column is likely to be this. */
  public static final String MISSING = "\u0000missing";

  private static final double FLOOR = 1e-4;

  /** Copies the counts. */
  public CategoricalBaseline {
    counts = Map.copyOf(counts);
  }

  /** Counts a reference. */
  public static CategoricalBaseline of(List<@Nullable String> reference) {
    return new CategoricalBaseline(count(reference));
  }

  /**
   * Population stability index of the current values, one bin per value; shares below 1e-4 count as
   * 1e-4.
   */
  public double psi(List<@Nullable String> current) {
    return psi(count(current));
  }

  /** The same of values that are counted already. */
  public double psi(Map<String, Long> current) {
    double before = size();
    double now = current.values().stream().mapToLong(Long::longValue).sum();
    TreeSet<String> values = new TreeSet<>(counts.keySet());
    values.addAll(current.keySet());
    double psi = 0;
    for (String value : values) {
      double p = Math.max(FLOOR, counts.getOrDefault(value, 0L) / before);
      double q = Math.max(FLOOR, current.getOrDefault(value, 0L) / now);
      psi += (q - p) * Math.log(q / p);
    }
    return psi;
  }

  /** What the index exceeds once in a thousand times by chance alone, for so many values. */
  public double noiseThreshold(int currentSize) {
    return counts.size() < 2
        ? 0
        : new ChiSquaredDistribution(counts.size() - 1).inverseCumulativeProbability(0.999)
            * (1.0 / size() + 1.0 / currentSize);
  }

  /** Returns how many values the reference had. */
  public long size() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<String, Long> count(List<@Nullable String> values) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String value : values) {
      counts.merge(value == null ? MISSING : value, 1L, Long::sum);
    }
    return counts;
  }
}
