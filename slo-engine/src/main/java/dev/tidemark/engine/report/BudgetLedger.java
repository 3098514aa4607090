package dev.tidemark.engine.report;

import dev.tidemark.engine.audit.AuditBook;
import dev.tidemark.engine.budget.CalendarCounts;
import dev.tidemark.engine.budget.CorrectedTime;
import dev.tidemark.engine.budget.ErrorBudget;
import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.store.clickhouse.BudgetHistory;
import dev.tidemark.engine.store.clickhouse.Restatements;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A budget as it was known at a moment, and as it is known now for that same moment, with what made
 * the difference: late signals, planned work that was declared, approved or ended since, and edits
 * of the definition. Blocks on the stores.
 */
public final class BudgetLedger {
  /** What the audit trail calls an edit of one objective. */
  public static final String EDITED = "objective edited";

  private static final String DECLARED = "planned work declared";
  private static final String APPROVED = "planned work approved";
  private static final String ENDED = "planned work ended";
  private static final Duration FRESH = Duration.ofMinutes(3);
  private static final int ENTRIES_AT_MOST = 10_000;

  private final BucketStore buckets;
  private final BudgetHistory history;
  private final Restatements restatements;
  private final AuditBook audit;
  private final Supplier<Plans> plans;
  private final Clock clock;

  /**
   * Reads from these stores.
   *
   * @param audit says what people did since
   * @param plans in force now
   */
  public BudgetLedger(
      BucketStore buckets,
      BudgetHistory history,
      Restatements restatements,
      AuditBook audit,
      Supplier<Plans> plans,
      Clock clock) {
    this.buckets = buckets;
    this.history = history;
    this.restatements = restatements;
    this.audit = audit;
    this.plans = plans;
    this.clock = clock;
  }

  /** Returns slices that start in [from, to) and were restated, newest first. */
  public List<Restatements.Entry> restated(
      ObjectiveId objective, Instant from, Instant to, int limit) {
    return restatements.read(objective, Instant.EPOCH, from, to, limit);
  }

  /** Opens both books, for the slices that the first one counts. */
  public LedgerEntry at(Objective objective, Instant at) {
    List<BudgetHistory.Point> noted =
        history.read(objective.id(), at.minus(FRESH), at.plusMillis(1), 1);
    Instant until = noted.isEmpty() ? at : noted.get(0).until();
    BudgetWindow window = objective.window();
    Instant start;
    Instant end = until;
    if (window instanceof BudgetWindow.Calendar calendar) {
      CalendarCounts unit = new CalendarCounts(calendar, until.minusMillis(1));
      start = unit.start();
      end = unit.end();
    } else {
      start = until.minus(window.nominal());
    }
    List<Restatements.Entry> restated =
        restatements.read(objective.id(), at, start, until, ENTRIES_AT_MOST);
    List<AuditTrail.Entry> deeds = deeds(objective, at);
    Plans now = plans.get();
    Plans then = now.knownAt(at);
    CorrectedTime timeNow = new CorrectedTime(now.corrections(objective, start, until));
    CorrectedTime timeThen = new CorrectedTime(then.corrections(objective, start, until));
    // Newest first, so that what stays in the map is how a slice stood before the oldest one.
    Map<Instant, EventCounts> before = new HashMap<>();
    restated.forEach(entry -> before.put(entry.start(), entry.before()));
    long slice = Math.max(1, objective.slice().toMillis());
    Sum all = new Sum();
    Sum withoutDeeds = new Sum();
    Sum asItWas = new Sum();
    buckets.read(
        objective.id(),
        start,
        until,
        bucket -> {
          long from = bucket.start().toEpochMilli();
          EventCounts is = bucket.counts();
          EventCounts was = before.getOrDefault(bucket.start(), is);
          all.add(timeNow.of(from, slice, is), is);
          withoutDeeds.add(timeThen.of(from, slice, is), is);
          asItWas.add(timeThen.of(from, slice, was), was);
        });
    Instant began = start;
    Instant ended = end;
    OptionalDouble leftNow = all.left(objective, began, ended, timeNow);
    OptionalDouble leftWithoutDeeds = withoutDeeds.left(objective, began, ended, timeThen);
    OptionalDouble leftAsItWas = asItWas.left(objective, began, ended, timeThen);
    return new LedgerEntry(
        at,
        until,
        noted.isEmpty() || Double.isNaN(noted.get(0).leftRatio())
            ? OptionalDouble.empty()
            : OptionalDouble.of(noted.get(0).leftRatio()),
        leftNow,
        difference(leftWithoutDeeds, leftAsItWas),
        difference(leftNow, leftWithoutDeeds),
        restated,
        deeds);
  }

  private static double difference(OptionalDouble is, OptionalDouble was) {
    // Of a budget of which nothing was counted everything is left.
    return is.orElse(1) - was.orElse(1);
  }

  /** What people did since a moment that bears on an objective, oldest first. */
  private List<AuditTrail.Entry> deeds(Objective objective, Instant at) {
    Set<String> covering = new HashSet<>();
    for (PlannedWork work : plans.get().declared()) {
      if (work.covers(objective)) {
        covering.add(work.id());
      }
    }
    List<AuditTrail.Entry> found = new ArrayList<>();
    for (AuditTrail.Entry entry : audit.read(at, clock.instant().plusMillis(1), ENTRIES_AT_MOST)) {
      boolean planned =
          Set.of(DECLARED, APPROVED, ENDED).contains(entry.action())
              && covering.contains(entry.subject());
      boolean edited =
          entry.action().equals(EDITED) && entry.subject().equals(objective.id().value());
      if (planned || edited) {
        found.add(0, entry);
      }
    }
    return found;
  }

  /** Counts as corrected and as they happened. */
  private static final class Sum {
    private EventCounts counts = EventCounts.NONE;
    private EventCounts raw = EventCounts.NONE;

    void add(EventCounts corrected, EventCounts happened) {
      counts = counts.plus(corrected);
      raw = raw.plus(happened);
    }

    OptionalDouble left(Objective objective, Instant start, Instant end, CorrectedTime time) {
      Duration dropped =
          Duration.ofMillis(time.droppedMillis(start.toEpochMilli(), end.toEpochMilli()));
      return new ErrorBudget(
              objective.window().text(),
              start,
              end,
              counts,
              raw,
              objective.target(),
              objective.sli().isSliced() ? objective.slice() : Duration.ZERO,
              objective.expectedEvents(),
              Duration.between(start, end),
              dropped)
          .leftRatio();
    }
  }
}
