package dev.tidemark.engine.budget;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.Target;
import java.util.Locale;

/**
 * How fast the budget is used: the bad share of a window divided by the share that may be bad. 1
 * uses it up exactly at the window's end. Owns the two divisions by zero.
 *
 * <p>Source: Google, "The Site Reliability Workbook", chapter 5, "Alerting on SLOs".
 *
 * @param value at least 0; {@link Double#NaN} when nothing was counted; infinite when something was
 *     bad although the target leaves no budget
 */
public record BurnRate(double value) {
  /** Returns the burn rate of these counts. */
  public static BurnRate of(EventCounts counts, Target target) {
    if (counts.total() <= 0) {
      return new BurnRate(Double.NaN);
    }
    double badShare = Math.max(0, counts.bad()) / counts.total();
    double budget = target.budgetRatio();
    if (budget <= 0) {
      return new BurnRate(badShare > 0 ? Double.POSITIVE_INFINITY : 0);
    }
    return new BurnRate(badShare / budget);
  }

  /** Whether anything was counted. */
  public boolean isKnown() {
    return !Double.isNaN(value);
  }

  /** Whether it is known and at least {@code factor}. */
  public boolean reaches(double factor) {
    // A rounding error must not hide 14.4 exactly.
    return isKnown() && value >= factor - 1e-9;
  }

  @Override
  public String toString() {
    if (!isKnown()) {
      return "unknown";
    }
    return Double.isInfinite(value) ? "∞" : String.format(Locale.ROOT, "%.1f×", value);
  }
}
