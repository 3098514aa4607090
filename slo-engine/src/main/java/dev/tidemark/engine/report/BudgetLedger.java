package dev.tidemark.engine.report;

import dev.tidemark.engine.budget.CalendarCounts;
import dev.tidemark.engine.budget.ErrorBudget;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.clickhouse.BudgetHistory;
import dev.tidemark.engine.store.clickhouse.Restatements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A budget as it was known at a moment, and as it is known now for that same moment. The difference
 * is what late signals changed since. Blocks on the stores.
 */
public final class BudgetLedger {
  private static final Duration FRESH = Duration.ofMinutes(3);
  private static final int ENTRIES_AT_MOST = 10_000;

  private final BucketStore buckets;
  private final BudgetHistory history;
  private final Restatements restatements;

  /** Reads from these stores. */
  public BudgetLedger(BucketStore buckets, BudgetHistory history, Restatements restatements) {
    this.buckets = buckets;
    this.history = history;
    this.restatements = restatements;
  }

  /**
   * Both books for one moment.
   *
   * @param at the moment
   * @param leftThen share of the budget that was left as known then; empty when nothing was noted
   * @param leftNow the same as known now; empty when nothing was measured
   * @param restated slices up to that moment that late signals changed after it, newest first
   */
  public record Entry(
      Instant at,
      OptionalDouble leftThen,
      OptionalDouble leftNow,
      List<Restatements.Entry> restated) {
    /** Copies the list. */
    public Entry {
      restated = List.copyOf(restated);
    }

    /** What late signals added to the good ones; negative when they took some away. */
    public double goodAdded() {
      return restated.stream().mapToDouble(e -> e.after().good() - e.before().good()).sum();
    }

    /** What late signals added to all. */
    public double totalAdded() {
      return restated.stream().mapToDouble(e -> e.after().total() - e.before().total()).sum();
    }

    /** Explains the difference in one sentence. */
    public String explain() {
      if (restated.isEmpty()) {
        return "nothing that was known then has changed since";
      }
      return String.format(
          Locale.ROOT,
          "%d slices were restated by late signals since: %+.6g good, %+.6g in all",
          restated.size(),
          goodAdded(),
          totalAdded());
    }
  }

  /** Returns slices that start in [from, to) and were restated, newest first. */
  public List<Restatements.Entry> restated(
      ObjectiveId objective, Instant from, Instant to, int limit) {
    return restatements.read(objective, Instant.EPOCH, from, to, limit);
  }

  /** Opens both books. */
  public Entry at(Objective objective, Instant at) {
    BudgetWindow window = objective.window();
    Instant start;
    Instant end = at;
    if (window instanceof BudgetWindow.Calendar calendar) {
      CalendarCounts unit = new CalendarCounts(calendar, at);
      start = unit.start();
      end = unit.end();
    } else {
      start = at.minus(window.nominal());
    }
    double[] sums = new double[2];
    buckets.read(
        objective.id(),
        start,
        at,
        bucket -> {
          sums[0] += bucket.counts().good();
          sums[1] += bucket.counts().total();
        });
    EventCounts now = new EventCounts(sums[0], sums[1]);
    ErrorBudget known =
        new ErrorBudget(
            window.text(),
            start,
            end,
            now,
            now,
            objective.target(),
            Judge.isSliced(objective.sli()) ? objective.slice() : Duration.ZERO,
            objective.expectedEvents(),
            Duration.between(start, at),
            Duration.ZERO);
    List<BudgetHistory.Point> noted =
        history.read(objective.id(), at.minus(FRESH), at.plusMillis(1), 1);
    return new Entry(
        at,
        noted.isEmpty() || Double.isNaN(noted.get(0).leftRatio())
            ? OptionalDouble.empty()
            : OptionalDouble.of(noted.get(0).leftRatio()),
        known.leftRatio(),
        restatements.read(objective.id(), at, start, at, ENTRIES_AT_MOST));
  }
}
