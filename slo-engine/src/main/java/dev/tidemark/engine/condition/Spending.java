package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.budget.CalendarCounts;
import dev.tidemark.engine.budget.Coverage;
import dev.tidemark.engine.budget.ErrorBudget;
import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.definition.LowCountGuard;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one objective has spent, for whoever reads it: budgets, burn rates and how much is known of
 * them. Corrected numbers govern, raw ones stand beside them. A look at the book as it is; stale as
 * soon as that changes. Not thread-safe.
 */
final class Spending {
  private static final double ALMOST = 1 - 1e-6;

  /**
   * How far the book has come, in ms since the epoch.
   *
   * @param end of the newest slice that moves windows on, or {@link ObjectiveBook#NEVER}
   * @param dataEnd end of the newest slice with data, or {@link ObjectiveBook#NEVER}
   * @param frozen whether silence keeps windows where they are
   */
  record Progress(long end, long dataEnd, boolean frozen) {}

  private final Objective objective;
  private final WindowLayout layout;
  private final CorrectedCounts counts;
  private final CorrectedCounts slices;
  private final WatchedTime watched;
  private final boolean sliced;
  private final long sliceMillis;
  private final long end;
  private final long dataEnd;
  private final boolean frozen;
  private final double budgetRatio;
  private final @Nullable LowCountGuard guard;

  /**
   * Looks at a book.
   *
   * @param counts events or slices of its windows
   * @param slices those slices in which anything happened
   */
  Spending(
      Objective objective,
      WindowLayout layout,
      CorrectedCounts counts,
      CorrectedCounts slices,
      WatchedTime watched,
      Progress progress) {
    this.objective = objective;
    this.layout = layout;
    this.counts = counts;
    this.slices = slices;
    this.watched = watched;
    this.sliced = objective.sli().isSliced();
    this.sliceMillis = ObjectiveBook.sliceMillis(objective);
    this.end = progress.end();
    this.dataEnd = progress.dataEnd();
    this.frozen = progress.frozen();
    this.budgetRatio = objective.target().budgetRatio();
    this.guard = sliced ? null : objective.guard();
  }

  /** The burn rate of a window that is shown. */
  BurnRate rate(Duration window) {
    return BurnRate.of(over(window), objective.target());
  }

  /** Counts of a window that is shown. */
  EventCounts over(Duration window) {
    return end == ObjectiveBook.NEVER
        ? EventCounts.NONE
        : counts.adjusted().windows.sum(layout.effective(window), Instant.ofEpochMilli(end));
  }

  /** Whether enough was counted to say that they burn this fast: slices are no sample. */
  boolean isNoAccident(EventCounts counted, double burnRate) {
    return LowCounts.isNoAccident(guard, counted.bad(), counted.total(), burnRate * budgetRatio);
  }

  /** The budget of the window that governs conditions. */
  ErrorBudget governing() {
    return objective.window() instanceof BudgetWindow.Calendar
        ? calendar(0)
        : rolling(objective.window());
  }

  /** When a window's burn rate falls below {@code factor}, if nothing bad happens from now on. */
  Instant coolsDownAt(Duration window, double factor) {
    double allowed = over(window).total() * budgetRatio * factor;
    return counts
        .adjusted()
        .windows
        .recoversAt(layout.effective(window), Instant.ofEpochMilli(end), Math.max(0, allowed));
  }

  /** When the governing budget has something left again, if nothing bad happens from now on. */
  Instant refillsAt() {
    BudgetWindow window = objective.window();
    if (window instanceof BudgetWindow.Calendar) {
      return counts.adjusted().calendars[0].end();
    }
    ErrorBudget budget = rolling(window);
    // A hair below all that is allowed: with nothing spent above it there is still nothing left.
    double allowed = (budget.counts().bad() + budget.leftCount()) * ALMOST;
    return counts
        .adjusted()
        .windows
        .recoversAt(
            layout.effective(window.nominal()), Instant.ofEpochMilli(end), Math.max(0, allowed));
  }

  /** The length that counts for a window: never shorter than what is judged at once. */
  Duration effective(Duration window) {
    return layout.effective(window);
  }

  /**
   * Returns all of it.
   *
   * @param lastData event time of the newest data, if there is any
   */
  BudgetSnapshot snapshot(Instant at, Optional<Instant> lastData) {
    Map<Duration, BurnRate> rates = new LinkedHashMap<>();
    for (Duration length : layout.shown()) {
      rates.put(length, rate(length));
    }
    List<ErrorBudget> budgets = new ArrayList<>();
    int calendar = 0;
    for (BudgetWindow window : layout.budgets()) {
      budgets.add(window instanceof BudgetWindow.Calendar ? calendar(calendar++) : rolling(window));
    }
    return new BudgetSnapshot(
        at,
        until(),
        budgets.get(0),
        budgets.subList(1, budgets.size()),
        rates,
        coverage(budgets.get(0), at),
        lastData,
        frozen ? Optional.of(until()) : Optional.empty(),
        counts.corrections());
  }

  /** Of a calendar unit only what is over can have been watched. */
  private Duration watchable(ErrorBudget budget) {
    return objective.window() instanceof BudgetWindow.Calendar
            && end != ObjectiveBook.NEVER
            && end > budget.start().toEpochMilli()
        ? Duration.ofMillis(end - budget.start().toEpochMilli())
        : budget.length();
  }

  private ErrorBudget rolling(BudgetWindow window) {
    Duration length = layout.effective(window.nominal());
    Instant until = until();
    return budget(
        window.text(),
        until.minus(length),
        until,
        counts.adjusted().windows.sum(length, until),
        counts.raw().windows.sum(length, until));
  }

  /** Up to where windows reach; silence that freezes them leaves it where it is. */
  private Instant until() {
    return Instant.ofEpochMilli(end == ObjectiveBook.NEVER ? watched.since() : end);
  }

  private ErrorBudget calendar(int place) {
    CalendarCounts calendar = counts.adjusted().calendars[place];
    return budget(
        calendar.calendar().text(),
        calendar.start(),
        calendar.end(),
        calendar.current(),
        counts.raw().calendars[place].current());
  }

  private ErrorBudget budget(
      String name, Instant start, Instant stop, EventCounts corrected, EventCounts happened) {
    long from = start.toEpochMilli();
    return new ErrorBudget(
        name,
        start,
        stop,
        corrected,
        happened,
        objective.target(),
        sliced ? objective.slice() : Duration.ZERO,
        objective.expectedEvents(),
        Duration.ofMillis(seenMillis(from)),
        Duration.ofMillis(counts.droppedMillis(from, stop.toEpochMilli())));
  }

  /** For how long since then the objective was watched, without what corrections dropped. */
  private long seenMillis(long from) {
    if (end == ObjectiveBook.NEVER || end <= from) {
      return 0;
    }
    long begin = Math.max(from, watched.since());
    long length = end - from;
    return Math.max(
        0, Math.round(watched.coverage(end, length) * length) - counts.droppedMillis(begin, end));
  }

  /** How much is known of the governing window. */
  private Coverage coverage(ErrorBudget budget, Instant at) {
    Duration length = watchable(budget);
    if (end == ObjectiveBook.NEVER || length.isZero()) {
      return new Coverage(0, 0, false);
    }
    Duration window = layout.effective(length);
    double share =
        objective.window() instanceof BudgetWindow.Calendar
            ? slices.share(slices.raw().calendars[0].current().total(), window)
            : slices.share(window, end);
    // Frozen windows stand still, but the time goes on of which nothing is known.
    long until =
        frozen
            ? Math.max(
                end,
                at.toEpochMilli() - sliceMillis - objective.allowedLateness().longest().toMillis())
            : end;
    long from = Math.max(watched.since(), end - length.toMillis());
    double span = Math.max(1, until - from);
    double spoken = sliced ? share * length.toMillis() : dataEnd - from;
    return new Coverage(
        share, watched.coverage(end, length.toMillis()), spoken / span >= Coverage.WANTED);
  }
}
