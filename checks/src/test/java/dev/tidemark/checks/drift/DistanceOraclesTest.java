package dev.tidemark.checks.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Distances against values that others computed; the source stands with each. */
class DistanceOraclesTest {
  private static Map<String, Long> counts(long... counts) {
    Map<String, Long> map = new HashMap<>();
    for (int i = 0; i < counts.length; i++) {
      map.put("v" + i, counts[i]);
    }
    return map;
  }

  /** Evidently, tests/stattests/test_stattests.py; the index by its formula in numpy. */
  @Test
  void psi_per_value() {
    assertThat(
            new CategoricalBaseline(counts(16, 18, 16, 14, 12, 12))
                .psi(counts(16, 16, 16, 16, 16, 8)))
        .isCloseTo(0.0372183816, within(1e-10));
  }

  /** awslabs/deequ, KLLDistanceTest.scala. */
  @Test
  void psi_of_ten_buckets() {
    assertThat(
            new CategoricalBaseline(counts(428, 425, 414, 427, 440, 447, 380, 386, 444, 386))
                .psi(counts(426, 437, 429, 391, 469, 433, 360, 443, 371, 418)))
        .isCloseTo(0.0074066942, within(1e-10));
  }

  /** scipy.stats.ks_2samp, method exact. */
  @Test
  void kolmogorov_smirnov_of_two_small_samples() {
    KolmogorovSmirnov ks =
        KolmogorovSmirnov.of(
            new double[] {38.7, 41.5, 43.8, 44.5, 45.5, 46.0, 47.7, 58.0},
            new double[] {39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8});
    assertThat(ks.distance()).isEqualTo(0.625);
    assertThat(ks.pValue()).isCloseTo(0.0870240870, within(1e-9));
  }

  /** scipy's own tests of ks_2samp. */
  @Test
  void kolmogorov_smirnov_of_a_few_values() {
    assertThat(KolmogorovSmirnov.of(new double[] {1.01, 2.01}, new double[] {1, 2, 3}).distance())
        .isCloseTo(1.0 / 3, within(1e-12));
    KolmogorovSmirnov second =
        KolmogorovSmirnov.of(new double[] {0.99, 1.99}, new double[] {1, 2, 3});
    assertThat(second.distance()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(second.pValue()).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void missing_numbers_are_left_out_of_kolmogorov_smirnov() {
    assertThat(
            KolmogorovSmirnov.of(
                    new double[] {1, Double.NaN, 2, 3}, new double[] {1, 2, 3, Double.NaN})
                .distance())
        .isZero();
    assertThatThrownBy(
            () -> KolmogorovSmirnov.of(new double[] {1, Double.NaN}, new double[] {1, 2}))
        .hasMessage("two values on each side are needed at least");
  }

  /** c(0.001) = 1.949 in the usual tables; for 100 against 100 that is 0.2757. */
  @Test
  void noise_of_kolmogorov_smirnov() {
    assertThat(KolmogorovSmirnov.noiseThreshold(100, 100)).isCloseTo(0.2757, within(1e-4));
  }

  /** chi-squared(0.999, 5) = 20.515 in the usual tables, times 1/88 + 1/88. */
  @Test
  void noise_of_psi_per_value() {
    assertThat(new CategoricalBaseline(counts(16, 18, 16, 14, 12, 12)).noiseThreshold(88))
        .isCloseTo(0.46625, within(1e-5));
  }

  @Test
  void a_missing_text_is_a_value_of_its_own() {
    List<@Nullable String> reference = new ArrayList<>(Collections.nCopies(100, "card"));
    List<@Nullable String> current = new ArrayList<>(Collections.nCopies(90, "card"));
    current.addAll(Collections.nCopies(10, null));
    // (0.9 - 1) ln 0.9 + (0.1 - 0.0001) ln(0.1 / 0.0001)
    assertThat(CategoricalBaseline.of(reference).psi(current))
        .isCloseTo(0.1 * 0.105360516 + 0.0999 * 6.907755279, within(1e-8));
  }

  @Test
  void the_same_distribution_stays_below_the_noise_threshold() {
    Random random = new Random(7);
    int above = 0;
    for (int trial = 0; trial < 200; trial++) {
      double[] reference = random.doubles(100).toArray();
      double[] current = random.doubles(100).toArray();
      NumericBaseline baseline = NumericBaseline.of(reference, 10);
      above += baseline.psi(current) > baseline.noiseThreshold(100) ? 1 : 0;
    }
    // One in a thousand is meant; the floor of empty bins makes it a little more.
    assertThat(above).isLessThanOrEqualTo(4);
  }
}
