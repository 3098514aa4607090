package dev.tidemark.engine.condition;

import dev.tidemark.engine.definition.LowCountGuard;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.jspecify.annotations.Nullable;

/** What a handful of events proves, as {@link LowCountGuard} has it. Stateless. */
final class LowCounts {
  private static final double ROUNDING = 1e-9;

  private LowCounts() {}

  /**
   * Whether enough was counted to say that the bad share really reaches a limit.
   *
   * @param guard null for slices of time: they are no sample
   * @param bad at least 0
   * @param total above 0
   * @param badShare the limit, 0 to 1
   */
  static boolean isNoAccident(
      @Nullable LowCountGuard guard, double bad, double total, double badShare) {
    if (guard == null) {
      return true;
    }
    if (total < guard.minEvents()) {
      return false;
    }
    if (guard.confidenceRatio() <= 0 || badShare <= 0 || bad <= 0) {
      return true;
    }
    if (bad >= total) {
      return Math.pow(1 - guard.confidenceRatio(), 1 / total) >= badShare - ROUNDING;
    }
    double lower =
        new BetaDistribution(null, bad, total - bad + 1)
            .inverseCumulativeProbability(1 - guard.confidenceRatio());
    return lower >= badShare - ROUNDING;
  }
}
