package dev.tidemark.engine.backtest;

import dev.tidemark.alerting.Severity;
import dev.tidemark.engine.backtest.BacktestResult.IncidentOutcome;
import dev.tidemark.engine.backtest.BacktestResult.ObjectiveOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a change of definitions changes, over the same history. An incident is the same in both when
 * it is put down to the same cause, has the same severity, and the two overlap in time. Immutable.
 *
 * @param before what the old definitions would have done
 * @param after what the new ones would have done
 * @param onlyBefore incidents that the change would have spared
 * @param onlyAfter incidents that the change would have added
 * @param objectives of both, by name
 */
public record BacktestDiff(
    BacktestResult before,
    BacktestResult after,
    List<IncidentOutcome> onlyBefore,
    List<IncidentOutcome> onlyAfter,
    List<ObjectiveDiff> objectives) {
  /** Copies the lists. */
  public BacktestDiff {
    onlyBefore = List.copyOf(onlyBefore);
    onlyAfter = List.copyOf(onlyAfter);
    objectives = List.copyOf(objectives);
  }

  /**
   * One objective before and after.
   *
   * @param name its id
   * @param before empty when the change added it
   * @param after empty when the change removed it
   */
  public record ObjectiveDiff(
      String name, Optional<ObjectiveOutcome> before, Optional<ObjectiveOutcome> after) {}

  /** Compares two replays of the same stretch. */
  public static BacktestDiff of(BacktestResult before, BacktestResult after) {
    Map<String, @Nullable ObjectiveOutcome> old = new LinkedHashMap<>();
    before.objectives().forEach(outcome -> old.put(outcome.name(), outcome));
    List<ObjectiveDiff> objectives = new ArrayList<>();
    for (ObjectiveOutcome outcome : after.objectives()) {
      objectives.add(
          new ObjectiveDiff(
              outcome.name(),
              Optional.ofNullable(old.remove(outcome.name())),
              Optional.of(outcome)));
    }
    old.forEach(
        (name, outcome) ->
            objectives.add(
                new ObjectiveDiff(name, Optional.ofNullable(outcome), Optional.empty())));
    return new BacktestDiff(
        before,
        after,
        without(before.incidents(), after.incidents(), after.to()),
        without(after.incidents(), before.incidents(), after.to()),
        objectives);
  }

  private static List<IncidentOutcome> without(
      List<IncidentOutcome> these, List<IncidentOutcome> those, Instant end) {
    List<IncidentOutcome> left = new ArrayList<>(those);
    List<IncidentOutcome> alone = new ArrayList<>();
    for (IncidentOutcome one : these) {
      Optional<IncidentOutcome> same =
          left.stream().filter(other -> isSame(one, other, end)).findFirst();
      if (same.isPresent()) {
        left.remove(same.get());
      } else {
        alone.add(one);
      }
    }
    return alone;
  }

  private static boolean isSame(IncidentOutcome one, IncidentOutcome other, Instant end) {
    return one.severity() == other.severity()
        && one.cause().equals(other.cause())
        && one.at().isBefore(other.until().orElse(end))
        && other.at().isBefore(one.until().orElse(end));
  }

  /** Returns how many more (or, negative, fewer) incidents of a severity there would have been. */
  public long more(Severity severity) {
    return after.count(severity) - before.count(severity);
  }
}
