package dev.tidemark.engine.backtest;

import dev.tidemark.alerting.Severity;
import dev.tidemark.engine.budget.ErrorBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the definitions would have done with the history. Immutable.
 *
 * @param from first moment that was judged
 * @param to first moment that was not
 * @param points how many signals were replayed; one that parts side by side share counts for each
 * @param objectives by name
 * @param incidents in the order in which they would have been opened
 */
public record BacktestResult(
    Instant from,
    Instant to,
    long points,
    List<ObjectiveOutcome> objectives,
    List<IncidentOutcome> incidents) {
  /** Copies the lists. */
  public BacktestResult {
    objectives = List.copyOf(objectives);
    incidents = List.copyOf(incidents);
  }

  /** How many incidents would have told somebody with at least this severity. */
  public long count(Severity severity) {
    return incidents.stream().filter(incident -> incident.severity() == severity).count();
  }

  /**
   * What became of one objective.
   *
   * @param name its id
   * @param target as it is written
   * @param budget as it stood at the end
   * @param lowestLeft smallest share of the budget that was left at any time; empty when nothing
   *     was measured
   * @param history what was left, a few hundred moments, oldest first
   * @param alerts when conditions held
   */
  public record ObjectiveOutcome(
      String name,
      String target,
      ErrorBudget budget,
      OptionalDouble lowestLeft,
      List<Left> history,
      List<AlertOutcome> alerts) {
    /** Copies the lists. */
    public ObjectiveOutcome {
      history = List.copyOf(history);
      alerts = List.copyOf(alerts);
    }
  }

  /**
   * What was left of a budget.
   *
   * @param at the moment
   * @param ratio 1 is all, negative is overspent
   */
  public record Left(Instant at, double ratio) {}

  /**
   * A stretch in which an objective's conditions held.
   *
   * @param severity the highest in it
   * @param from when it began
   * @param until when it ended; empty when it still held at the end
   * @param condition the most severe condition, such as {@code 14.4× over 1h and 5m}
   */
  public record AlertOutcome(
      Severity severity, Instant from, Optional<Instant> until, String condition) {}

  /**
   * What one person would have had to handle.
   *
   * @param severity page or ticket
   * @param at when somebody would have been told first
   * @param until when it would have been resolved; empty when it was still open at the end
   * @param title one line
   * @param cause what it would have been put down to
   * @param objectives that joined it
   * @param receivers who would have been told
   */
  public record IncidentOutcome(
      Severity severity,
      Instant at,
      Optional<Instant> until,
      String title,
      String cause,
      List<String> objectives,
      List<String> receivers) {
    /** Copies the lists. */
    public IncidentOutcome {
      objectives = List.copyOf(objectives);
      receivers = List.copyOf(receivers);
    }

    /** How long it would have lasted, at most until {@code end}. */
    public Duration lasted(Instant end) {
      return Duration.between(at, until.orElse(end));
    }
  }
}
