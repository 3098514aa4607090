package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.definition.BurnRateCondition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One condition of one objective: fires when both windows reach the factor; ends when the short one
 * falls below nine tenths of it, so that a rate at the threshold does not flutter. A window of
 * which nothing is known neither fires nor ends anything. Not thread-safe.
 */
final class ConditionState {
  private static final double HYSTERESIS = 0.9;

  final BurnRateCondition condition;
  private @Nullable Instant firingSince;
  BurnRate longRate = new BurnRate(Double.NaN);
  BurnRate shortRate = new BurnRate(Double.NaN);

  ConditionState(BurnRateCondition condition) {
    this.condition = condition;
  }

  /** Compares and notes whether it fires. */
  void update(BurnRate longNow, BurnRate shortNow, Instant at) {
    longRate = longNow;
    shortRate = shortNow;
    if (firingSince == null) {
      if (longNow.reaches(condition.factor()) && shortNow.reaches(condition.factor())) {
        firingSince = at;
      }
    } else if (shortNow.isKnown() && shortNow.value() < condition.factor() * HYSTERESIS) {
      firingSince = null;
    }
  }

  @Nullable Instant firingSince() {
    return firingSince;
  }
}
