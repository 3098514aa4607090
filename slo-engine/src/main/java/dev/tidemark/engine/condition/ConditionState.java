package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.budget.WindowedCounts;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.LowCountGuard;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One condition of one objective: fires when both windows reach the factor, enough is known of the
 * long one, its hours have come, the counts are no accident and this lasts as long as it has to;
 * ends when either window falls below nine tenths of the factor, so that a rate at the threshold
 * does not flutter. Not thread-safe.
 */
final class ConditionState {
  private static final double HYSTERESIS = 0.9;

  final BurnRateCondition condition;
  private final Comparison comparison;

  /** Since when everything is reached, while it still has to last. */
  private @Nullable Instant reachedSince;

  /** Whether only time is missing: its hours have to come, or it has to last. */
  private boolean waiting;

  private @Nullable Instant firingSince;
  private double longRate = Double.NaN;
  private double shortRate = Double.NaN;

  ConditionState(BurnRateCondition condition, Comparison comparison) {
    this.condition = condition;
    this.comparison = comparison;
  }

  /**
   * Goes on where one of these stands that asks the same of the same windows, or, when an edit has
   * changed what is asked, at least one of the same severity over the same windows: whether it goes
   * on to hold is then up to the next comparison.
   */
  void takeOver(ConditionState[] before) {
    ConditionState like = null;
    for (ConditionState old : before) {
      boolean same = old.condition.equals(condition);
      if (same || (like == null && asksAlike(old.condition, condition))) {
        like = old;
      }
      if (same) {
        break;
      }
    }
    if (like != null) {
      reachedSince = like.reachedSince;
      firingSince = like.firingSince;
      longRate = like.longRate;
      shortRate = like.shortRate;
    }
  }

  private static boolean asksAlike(BurnRateCondition one, BurnRateCondition other) {
    return one.severity() == other.severity()
        && one.longWindow().equals(other.longWindow())
        && one.shortWindow().equals(other.shortWindow());
  }

  /**
   * Compares and notes whether it fires.
   *
   * @param windows that end at the moment, as they govern
   * @param budgetRatio share that may be bad
   * @param knowledge tells whether enough is known of the long window for it to begin; asked only
   *     when the rates are reached
   * @param guard for events; null for slices of time
   * @param at the moment
   */
  void update(
      WindowedCounts windows,
      double budgetRatio,
      Conditions.Knowledge knowledge,
      @Nullable LowCountGuard guard,
      Instant at) {
    longRate = comparison.longRate(windows, budgetRatio);
    shortRate = comparison.shortRate(windows, budgetRatio);
    double factor = comparison.factor();
    waiting = false;
    if (firingSince == null) {
      boolean reached =
          comparison.isReached(windows, budgetRatio)
              && knowledge.isSeenEnough(condition)
              && isNoAccident(windows, guard, factor * budgetRatio);
      if (reached && (condition.hours().isEmpty() || condition.hours().get().contains(at))) {
        reachedSince = reachedSince == null ? at : reachedSince;
        if (!at.isBefore(reachedSince.plus(condition.after()))) {
          firingSince = at;
          reachedSince = null;
        }
      } else {
        reachedSince = null;
      }
      waiting = reached && firingSince == null;
    } else if (shortRate < factor * HYSTERESIS
        || longRate < factor * HYSTERESIS
        || (Double.isNaN(longRate) && Double.isNaN(shortRate))) {
      firingSince = null;
    }
  }

  private boolean isNoAccident(
      WindowedCounts windows, @Nullable LowCountGuard guard, double badShare) {
    double total = windows.totalAt(comparison.longPlace());
    double bad = total - windows.goodAt(comparison.longPlace());
    return LowCounts.isNoAccident(guard, bad, total, badShare);
  }

  /** Whether nothing of it is worth keeping: it neither holds nor is about to. */
  boolean isIdle() {
    return firingSince == null && reachedSince == null && !waiting;
  }

  /** Whether it may begin to hold although no count changes. */
  boolean isWaiting() {
    return waiting;
  }

  @Nullable Instant firingSince() {
    return firingSince;
  }

  BurnRate longRate() {
    return new BurnRate(longRate);
  }

  BurnRate shortRate() {
    return new BurnRate(shortRate);
  }
}
