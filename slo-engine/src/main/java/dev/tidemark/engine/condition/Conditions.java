package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.WindowedCounts;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.LowCountGuard;
import dev.tidemark.engine.definition.Objective;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All conditions of one objective, and which of them hold. Not thread-safe. */
final class Conditions {
  /** Tells whether enough is known for a condition to begin. */
  interface Knowledge {
    boolean isSeenEnough(BurnRateCondition condition);
  }

  private static final ConditionState[] NONE = {};

  private final Objective objective;
  private final List<Comparison> comparisons;

  /** None while no rate is reached: so it is of nearly all objectives nearly always. */
  private ConditionState[] states = NONE;

  private final double budgetRatio;
  private final @Nullable LowCountGuard guard;

  /**
   * Begins with none that holds.
   *
   * @param windows those that are compared, at places that never change
   */
  Conditions(Objective objective, WindowLayout layout, WindowedCounts windows) {
    this.objective = objective;
    this.comparisons = Comparison.of(objective.conditions(), layout, windows);
    this.budgetRatio = objective.target().budgetRatio();
    this.guard = objective.sli().isSliced() ? null : objective.guard();
  }

  private void begin() {
    states = new ConditionState[comparisons.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = new ConditionState(objective.conditions().get(i), comparisons.get(i));
    }
  }

  private void endIfIdle() {
    for (ConditionState state : states) {
      if (!state.isIdle()) {
        return;
      }
    }
    states = NONE;
  }

  /** Those over the same windows go on to hold. */
  void takeOver(Conditions old) {
    if (old.states.length > 0) {
      begin();
      for (ConditionState state : states) {
        state.takeOver(old.states);
      }
      endIfIdle();
    }
  }

  /** Compares all with what the windows hold. */
  void update(WindowedCounts windows, Knowledge knowledge, Instant at) {
    if (states.length == 0) {
      if (!isAnyReached(windows)) {
        return;
      }
      begin();
    }
    for (ConditionState state : states) {
      state.update(windows, budgetRatio, knowledge, guard, at);
    }
    endIfIdle();
  }

  private boolean isAnyReached(WindowedCounts windows) {
    for (int i = 0; i < comparisons.size(); i++) {
      if (comparisons.get(i).isReached(windows, budgetRatio)) {
        return true;
      }
    }
    return false;
  }

  /** Whether one only waits for its hours or has to last. */
  boolean isWaiting() {
    for (ConditionState state : states) {
      if (state.isWaiting()) {
        return true;
      }
    }
    return false;
  }

  /** Whether any holds. */
  boolean isFiring() {
    for (ConditionState state : states) {
      if (state.firingSince() != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the most severe one that holds, since the first of them did.
   *
   * @param bad since when the objective is bad, if it is
   */
  Optional<Firing> firing(Optional<Instant> bad) {
    ConditionState worst = null;
    Instant since = null;
    for (ConditionState state : states) {
      Instant own = state.firingSince();
      if (own != null) {
        since = since == null || own.isBefore(since) ? own : since;
        worst = worst == null || isWorse(state, worst) ? state : worst;
      }
    }
    if (worst == null || since == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Firing(
            objective,
            worst.condition,
            since,
            bad.orElse(since),
            worst.longRate(),
            worst.shortRate()));
  }

  private static boolean isWorse(ConditionState one, ConditionState other) {
    if (one.condition.severity() != other.condition.severity()) {
      return one.condition.severity() == Severity.PAGE;
    }
    return one.condition.factor() > other.condition.factor();
  }

  /** Since when one holds, or empty while it does not. */
  Optional<Instant> holdsSince(BurnRateCondition condition) {
    for (ConditionState state : states) {
      if (state.condition.equals(condition)) {
        return Optional.ofNullable(state.firingSince());
      }
    }
    return Optional.empty();
  }
}
