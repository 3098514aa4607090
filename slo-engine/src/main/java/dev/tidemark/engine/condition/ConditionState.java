package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.BurnRate;
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

  /** A rounding error must not hide 14.4 exactly. */
  private static final double ROUNDING = 1e-9;

  final BurnRateCondition condition;

  /** Places of the windows among those that are kept. */
  final int longPlace;

  final int shortPlace;

  /** Since when everything is reached, while it still has to last. */
  private @Nullable Instant reachedSince;

  /** Whether only time is missing: its hours have to come, or it has to last. */
  private boolean waiting;

  /** Of the condition, beside what it is compared with: this is the hot path. */
  private final double factor;

  private @Nullable Instant firingSince;
  private double longRate = Double.NaN;
  private double shortRate = Double.NaN;

  ConditionState(BurnRateCondition condition, int longPlace, int shortPlace) {
    this.condition = condition;
    this.factor = condition.factor();
    this.longPlace = longPlace;
    this.shortPlace = shortPlace;
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
   * @param longBad bad slices or events of the long window
   * @param longTotal all of them
   * @param shortBad bad ones of the short window
   * @param shortTotal all of them
   * @param budgetRatio share that may be bad
   * @param knowledge tells whether enough is known of the long window for it to begin; asked only
   *     when the rates are reached
   * @param guard for events; null for slices of time
   * @param at the moment
   */
  void update(
      double longBad,
      double longTotal,
      double shortBad,
      double shortTotal,
      double budgetRatio,
      Conditions.Knowledge knowledge,
      @Nullable LowCountGuard guard,
      Instant at) {
    longRate = rate(longBad, longTotal, budgetRatio);
    shortRate = rate(shortBad, shortTotal, budgetRatio);
    waiting = false;
    if (firingSince == null) {
      boolean reached =
          longRate >= factor - ROUNDING
              && shortRate >= factor - ROUNDING
              && knowledge.isSeenEnough(condition)
              && LowCounts.isNoAccident(guard, longBad, longTotal, factor * budgetRatio);
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

  private static double rate(double bad, double total, double budgetRatio) {
    if (total <= 0) {
      return Double.NaN;
    }
    double share = Math.max(0, bad) / total;
    if (budgetRatio <= 0) {
      return share > 0 ? Double.POSITIVE_INFINITY : 0;
    }
    return share / budgetRatio;
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
