package dev.tidemark.checks.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/** Expected values were computed with scipy. */
class NumericBaselineTest {
  private final double[] normal =
      IntStream.rangeClosed(1, 1000)
          .mapToDouble(
              i -> new NormalDistribution(0, 1).inverseCumulativeProbability((i - 0.5) / 1000))
          .toArray();
  private final NumericBaseline baseline = NumericBaseline.of(normal, 10);

  @Test
  void psi_of_shifted_and_stretched_values_is_as_scipy_has_it() {
    assertThat(shifted(0.1)).isCloseTo(0.009614, within(1e-6));
    assertThat(shifted(0.25)).isCloseTo(0.059963, within(1e-6));
    assertThat(shifted(0.5)).isCloseTo(0.237524, within(1e-6));
    assertThat(shifted(1.0)).isCloseTo(0.927437, within(1e-6));
    assertThat(stretched(1.5)).isCloseTo(0.195452, within(1e-6));
    assertThat(stretched(2.0)).isCloseTo(0.491943, within(1e-6));
  }

  @Test
  void noise_threshold_of_a_thousand_values_is_the_chi_squared_one() {
    assertThat(baseline.noiseThreshold(1000)).isCloseTo(0.0558, within(1e-4));
  }

  @Test
  void missing_values_are_a_drift_of_their_own() {
    double[] half = normal.clone();
    Arrays.setAll(half, i -> i % 2 == 0 ? Double.NaN : normal[i]);
    assertThat(baseline.psi(half)).isGreaterThan(1);
  }

  private double shifted(double by) {
    return baseline.psi(Arrays.stream(normal).map(value -> value + by).toArray());
  }

  private double stretched(double by) {
    return baseline.psi(Arrays.stream(normal).map(value -> value * by).toArray());
  }
}
