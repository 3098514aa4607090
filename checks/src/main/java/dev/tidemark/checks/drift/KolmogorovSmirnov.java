package dev.tidemark.checks.drift;

import java.util.Arrays;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;

/**
 * Two samples compared by the Kolmogorov-Smirnov test.
 *
 * @param distance greatest difference of the two empirical distribution functions, 0 to 1
 * @param pValue how likely such a distance or a greater one is by chance alone; exact for small
 *     samples, asymptotic for large ones, as Commons Math chooses
 */
public record KolmogorovSmirnov(double distance, double pValue) {
  /**
   * Compares two samples; NaN is a missing value and left out.
   *
   * @throws IllegalArgumentException when one of them has fewer than two values
   */
  public static KolmogorovSmirnov of(double[] reference, double[] current) {
    double[] x = present(reference);
    double[] y = present(current);
    if (x.length < 2 || y.length < 2) {
      throw new IllegalArgumentException("two values on each side are needed at least");
    }
    KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
    return new KolmogorovSmirnov(
        test.kolmogorovSmirnovStatistic(x, y), test.kolmogorovSmirnovTest(x, y, false));
  }

  /**
   * What the distance exceeds once in a thousand times by chance alone: sqrt(-ln(0.0005) / 2) ·
   * sqrt((n + m) / (n · m)).
   *
   * <p>Source: N. Smirnov, "Table for estimating the goodness of fit of empirical distributions",
   * 1948.
   */
  public static double noiseThreshold(int referenceSize, int currentSize) {
    return Math.sqrt(-Math.log(0.0005) / 2) * Math.sqrt(1.0 / referenceSize + 1.0 / currentSize);
  }

  private static double[] present(double[] values) {
    return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
  }
}
