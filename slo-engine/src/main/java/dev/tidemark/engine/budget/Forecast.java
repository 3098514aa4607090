package dev.tidemark.engine.budget;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * When the budget will be used up if it goes on like this. What is spent already is subtracted, so
 * only what is left has to last. The interval comes from how fast it was spent lately: the fastest
 * and the slowest of several look-backs.
 *
 * @param earliest if it goes on as fast as in the worst look-back; zero when nothing is left
 * @param latest if it goes on as in the best one; empty when that one spends nothing, or so little
 *     that the budget begins anew first
 */
public record Forecast(Duration earliest, Optional<Duration> latest) {
  private static final Duration AT_MOST = Duration.ofDays(3_650);

  /**
   * Foretells.
   *
   * @param leftRatio what is left of the budget, 1 is all
   * @param window length of the budget's window
   * @param burnRates of the look-backs; unknown ones do not count
   * @return empty when nothing is being spent, or nothing is known
   */
  public static Optional<Forecast> of(
      double leftRatio, Duration window, Collection<BurnRate> burnRates) {
    double fastest = 0;
    double slowest = Double.POSITIVE_INFINITY;
    for (BurnRate rate : burnRates) {
      if (rate.isKnown()) {
        fastest = Math.max(fastest, rate.value());
        slowest = Math.min(slowest, rate.value());
      }
    }
    if (leftRatio <= 0) {
      return Optional.of(new Forecast(Duration.ZERO, Optional.of(Duration.ZERO)));
    }
    if (fastest <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Forecast(
            lasts(leftRatio, window, fastest),
            slowest <= 0 ? Optional.empty() : Optional.of(lasts(leftRatio, window, slowest))));
  }

  /** Returns this as far as it comes before the budget begins anew; empty when none of it does. */
  Optional<Forecast> before(Duration refill) {
    return earliest.compareTo(refill) >= 0
        ? Optional.empty()
        : Optional.of(new Forecast(earliest, latest.filter(until -> until.compareTo(refill) < 0)));
  }

  /** A burn rate of 1 uses a whole budget in a whole window. */
  private static Duration lasts(double leftRatio, Duration window, double burnRate) {
    double millis = leftRatio * window.toMillis() / burnRate;
    return millis >= AT_MOST.toMillis() ? AT_MOST : Duration.ofMillis(Math.round(millis));
  }
}
