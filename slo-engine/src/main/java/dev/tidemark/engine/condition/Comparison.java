package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.WindowedCounts;
import dev.tidemark.engine.definition.BurnRateCondition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which windows a condition compares with which burn rate. Immutable.
 *
 * @param factor burn rate, 1 means the budget is used up exactly at the window's end
 * @param longPlace place of the long window among those that are kept
 * @param shortPlace place of the short one
 */
record Comparison(double factor, int longPlace, int shortPlace) {
  /** A rounding error must not hide 14.4 exactly. */
  private static final double ROUNDING = 1e-9;

  /** There are about as many as there are policies in all definitions: few. */
  private static final Map<List<Comparison>, List<Comparison>> KNOWN = new ConcurrentHashMap<>();

  /**
   * Returns what the conditions compare. Objectives that compare the same share one list, so that
   * it stays in the processor's cache however many objectives a tick goes through.
   */
  static List<Comparison> of(
      List<BurnRateCondition> conditions, WindowLayout layout, WindowedCounts windows) {
    List<Comparison> own =
        conditions.stream()
            .map(
                condition ->
                    new Comparison(
                        condition.factor(),
                        windows.indexOf(layout.effective(condition.longWindow())),
                        windows.indexOf(layout.effective(condition.shortWindow()))))
            .toList();
    return KNOWN.computeIfAbsent(own, same -> same);
  }

  /**
   * Whether both windows reach the factor.
   *
   * @param budgetRatio share that may be bad
   */
  boolean isReached(WindowedCounts windows, double budgetRatio) {
    return longRate(windows, budgetRatio) >= factor - ROUNDING
        && shortRate(windows, budgetRatio) >= factor - ROUNDING;
  }

  /** Burn rate of the long window; NaN without any count. */
  double longRate(WindowedCounts windows, double budgetRatio) {
    return rate(windows, longPlace, budgetRatio);
  }

  /** Burn rate of the short window; NaN without any count. */
  double shortRate(WindowedCounts windows, double budgetRatio) {
    return rate(windows, shortPlace, budgetRatio);
  }

  private static double rate(WindowedCounts windows, int place, double budgetRatio) {
    double total = windows.totalAt(place);
    if (total <= 0) {
      return Double.NaN;
    }
    double share = Math.max(0, total - windows.goodAt(place)) / total;
    if (budgetRatio <= 0) {
      return share > 0 ? Double.POSITIVE_INFINITY : 0;
    }
    return share / budgetRatio;
  }
}
