package dev.tidemark.dashboards.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One objective.
 *
 * @param name id
 * @param displayName for people
 * @param state such as healthy, burning, exhausted, unknown
 * @param dataset what it is about
 * @param owner team, may be empty
 * @param promise the objective in words, such as {@code newest record at most 5 min old}
 * @param target such as {@code 99.5 %}
 * @param window such as {@code rolling 30 days}
 * @param method budgeting method in words
 * @param measured the indicator over the window
 * @param budget what is left
 * @param budgetNote such as {@code 1 h 12 min of 3 h 36 min spent}
 * @param windows the budget in each of its windows, the governing one first
 * @param facts about silence, planned work and what comes, such as {@code Silence: counts as bad}
 * @param known share of the window of which something is known
 * @param burns per window
 * @param burnDown budget left over time, or null
 * @param slices timeline, oldest first
 * @param slicesSpan such as {@code last 24 h, 10 min each}
 * @param conditions when somebody is told
 * @param restatements corrections by late signals, newest first
 * @param incidents newest first
 * @param place {@code file:line:column} of the definition
 * @param runbook or null
 */
public record SloView(
    String name,
    String displayName,
    Badge state,
    Link dataset,
    String owner,
    String promise,
    String target,
    String window,
    String method,
    Figure measured,
    Meter budget,
    String budgetNote,
    List<Window> windows,
    List<Fact> facts,
    Figure known,
    List<Burn> burns,
    @Nullable Chart burnDown,
    List<Slice> slices,
    String slicesSpan,
    List<Condition> conditions,
    List<Restatement> restatements,
    List<IncidentRow> incidents,
    String place,
    @Nullable Link runbook) {

  /**
   * The budget in one window.
   *
   * @param name such as {@code 30d} or {@code month (Europe/Warsaw)}
   * @param measured the indicator
   * @param budget what is left
   * @param left in events or slices
   * @param uncorrected what would be left without planned work, or null when that changes nothing
   */
  public record Window(
      String name, String measured, Meter budget, String left, @Nullable String uncorrected) {}

  /**
   * Something to know about the number.
   *
   * @param name such as {@code Silence}
   * @param text one sentence
   */
  public record Fact(String name, String text) {}

  /**
   * Burn rate of one window.
   *
   * @param window such as {@code 1 h}
   * @param rate such as {@code 14.4×}
   * @param bad such as {@code 12 of 60 slices bad}
   */
  public record Burn(String window, Badge rate, String bad) {}

  /**
   * One burn rate condition.
   *
   * @param severity page or ticket
   * @param rule such as {@code 14.4× over 1 h and 5 min}
   * @param now such as {@code 21× and 30×}
   * @param state firing, quiet, suppressed
   * @param since of the state, or null
   */
  public record Condition(
      Badge severity, String rule, String now, Badge state, @Nullable Instant since) {}

  /**
   * A correction by late signals.
   *
   * @param at when it was made
   * @param bucket which time it concerns
   * @param change such as {@code bad → good}
   * @param cause such as {@code 1 240 records came 14 min late}
   */
  public record Restatement(Instant at, String bucket, String change, String cause) {}
}
