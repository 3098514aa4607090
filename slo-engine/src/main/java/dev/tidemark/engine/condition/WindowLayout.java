package dev.tidemark.engine.condition;

import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Over which windows an objective is counted: those that people look at, those of its conditions
 * and those of its budgets. Immutable.
 */
final class WindowLayout {
  /** Windows that people look at, beside those of the conditions. */
  private static final List<Duration> SHOWN =
      List.of(
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(3));

  private final Objective objective;
  private final List<Duration> shown;
  private final List<BudgetWindow> budgets;

  WindowLayout(Objective objective) {
    this.objective = objective;
    List<Duration> kept = new ArrayList<>(SHOWN);
    for (BurnRateCondition condition : objective.conditions()) {
      kept.add(condition.longWindow());
      kept.add(condition.shortWindow());
    }
    this.shown = effective(kept);
    this.budgets =
        Stream.concat(Stream.of(objective.window()), objective.otherWindows().stream()).toList();
  }

  /** Rolling windows whose burn rate is shown, the shortest first. */
  List<Duration> shown() {
    return shown;
  }

  /** Windows with a budget, the governing one first. */
  List<BudgetWindow> budgets() {
    return budgets;
  }

  /** A window is never shorter than what is judged at once. */
  Duration effective(Duration window) {
    return window.compareTo(objective.slice()) < 0 ? objective.slice() : window;
  }

  private List<Duration> effective(List<Duration> windows) {
    return windows.stream().map(this::effective).distinct().sorted().toList();
  }

  /**
   * Returns counts of all these windows, with nothing counted.
   *
   * @param start a moment in the first unit of each calendar window
   */
  CorrectedCounts counts(long sliceMillis, Instant start) {
    List<Duration> rolling = new ArrayList<>(shown);
    List<BudgetWindow.Calendar> calendars = new ArrayList<>();
    for (BudgetWindow window : budgets) {
      if (window instanceof BudgetWindow.Calendar calendar) {
        calendars.add(calendar);
      } else {
        rolling.add(effective(window.nominal()));
      }
    }
    return new CorrectedCounts(rolling, calendars, objective.slice(), sliceMillis, start);
  }

  /** Returns counts of slices with data, over the windows of which somebody asks for them. */
  CorrectedCounts data(long sliceMillis, Instant start) {
    return new CorrectedCounts(
        dataWindows(),
        objective.window() instanceof BudgetWindow.Calendar unit ? List.of(unit) : List.of(),
        objective.slice(),
        sliceMillis,
        start);
  }

  /** Windows of which somebody asks how much is known. */
  private List<Duration> dataWindows() {
    List<Duration> asked = new ArrayList<>(List.of(objective.window().nominal()));
    for (BurnRateCondition condition : objective.conditions()) {
      if (condition.coverageRatio() > 0) {
        asked.add(condition.longWindow());
      }
    }
    return effective(asked);
  }

  /** Says which windows these are: what was written under another shape is of no use. */
  String shape() {
    return "4 "
        + objective.slice()
        + " "
        + shown
        + " "
        + budgets.stream().map(BudgetWindow::text).toList()
        + (objective.sli().isSliced() ? "" : " " + dataWindows());
  }
}
