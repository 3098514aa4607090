package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.WindowedCounts;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.LowCountGuard;
import dev.tidemark.engine.definition.Objective;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All conditions of one objective, and which of them hold. Not thread-safe. */
final class Conditions {
  /** Tells whether enough is known for a condition to begin. */
  interface Knowledge {
    boolean isSeenEnough(BurnRateCondition condition);
  }

  private final Objective objective;
  private final ConditionState[] states;
  private final double budgetRatio;
  private final @Nullable LowCountGuard guard;

  /**
   * Begins with none that holds.
   *
   * @param windows those that are compared, at places that never change
   */
  Conditions(Objective objective, WindowLayout layout, WindowedCounts windows) {
    this.objective = objective;
    this.states =
        objective.conditions().stream()
            .map(
                condition ->
                    new ConditionState(
                        condition,
                        windows.indexOf(layout.effective(condition.longWindow())),
                        windows.indexOf(layout.effective(condition.shortWindow()))))
            .toArray(ConditionState[]::new);
    this.budgetRatio = objective.target().budgetRatio();
    this.guard = objective.sli().isSliced() ? null : objective.guard();
  }

  /** Those over the same windows go on to hold. */
  void takeOver(Conditions old) {
    for (ConditionState state : states) {
      state.takeOver(old.states);
    }
  }

  /** Compares all with what the windows hold. */
  void update(WindowedCounts windows, Knowledge knowledge, Instant at) {
    for (ConditionState state : states) {
      double longTotal = windows.totalAt(state.longPlace);
      double shortTotal = windows.totalAt(state.shortPlace);
      state.update(
          longTotal - windows.goodAt(state.longPlace),
          longTotal,
          shortTotal - windows.goodAt(state.shortPlace),
          shortTotal,
          budgetRatio,
          knowledge,
          guard,
          at);
    }
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
