package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.evaluate.Evaluator;
import dev.tidemark.engine.evaluate.TooLate;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Signals in, buckets, budgets and conditions out: everything that is decided about objectives.
 * Time comes in as an argument, so that thirty days can be replayed in a second. Not thread-safe:
 * owned by one thread.
 *
 * <p>After a restart, {@code judge = new Judge(definitions, checkpoint)} takes up what an earlier
 * one left by the steps that {@link Resumption} names; a first start is only {@code new
 * Judge(definitions, now)}.
 */
public final class Judge {
  private final Evaluator evaluator;
  private final Map<ObjectiveId, ObjectiveBook> books = new LinkedHashMap<>();
  private ObjectiveBook[] order = {};

  private Definitions definitions;

  /** Objectives that could not be judged the last time. */
  private Set<ObjectiveId> failing = Set.of();

  private BiConsumer<ObjectiveId, RuntimeException> failureListener = (id, why) -> {};

  /**
   * Begins.
   *
   * @param definitions what to judge
   * @param start nothing before it is judged
   */
  public Judge(Definitions definitions, Instant start) {
    this.definitions = definitions;
    this.evaluator = new Evaluator(definitions.objectives(), start);
    for (Objective objective : definitions.objectives()) {
      books.put(objective.id(), new ObjectiveBook(objective, start));
    }
    order = books.values().toArray(ObjectiveBook[]::new);
  }

  /**
   * Prepares {@link #reload}: books for objectives that are new, or whose windows or slices are
   * others after it, to be filled from stored buckets beside this judge.
   *
   * @param corrections what leaves the budget of an objective under the changed definitions
   * @param at everything is judged up to here
   */
  public Refill refill(
      Definitions changed, Function<Objective, List<Correction>> corrections, Instant at) {
    Refill refill = new Refill();
    for (Objective objective : changed.objectives()) {
      ObjectiveBook old = books.get(objective.id());
      boolean alike = old == null || ObjectiveBook.countsAlike(old.objective, objective);
      if (old == null || !alike || !old.shape().equals(new WindowLayout(objective).shape())) {
        ObjectiveBook fresh = new ObjectiveBook(objective, at);
        fresh.correct(corrections.apply(objective), Map.of());
        refill.add(
            fresh,
            old == null ? fresh.watchedSince() : evaluator.recentFrom(objective.id()),
            alike);
      }
    }
    return refill;
  }

  /**
   * Takes other definitions. What was judged stays judged and what was spent stays spent, whatever
   * was edited: a limit, a target or a window holds from here on. Only a promise in other units
   * (slices of another length, or events instead of slices) begins anew. Conditions that hold go on
   * to hold.
   *
   * @param at everything is judged up to here
   * @param refill of the same definitions, filled
   */
  public void reload(Definitions changed, Instant at, Refill refill) {
    Map<ObjectiveId, ObjectiveBook> before = new LinkedHashMap<>(books);
    books.clear();
    for (Objective objective : changed.objectives()) {
      ObjectiveBook old = before.get(objective.id());
      books.put(
          objective.id(),
          old != null && old.objective.equals(objective) ? old : book(objective, old, at, refill));
    }
    order = books.values().toArray(ObjectiveBook[]::new);
    evaluator.reload(changed.objectives(), at);
    definitions = changed;
  }

  private ObjectiveBook book(
      Objective objective, @Nullable ObjectiveBook old, Instant at, Refill refill) {
    Map<Instant, EventCounts> recent = new LinkedHashMap<>();
    evaluator.recent(objective.id(), recent::put);
    ObjectiveBook book =
        refill
            .finish(objective, evaluator.recentFrom(objective.id()), recent)
            .orElseGet(() -> new ObjectiveBook(objective, at));
    if (old == null) {
      book.goOnAt(at);
    } else if (ObjectiveBook.countsAlike(old.objective, objective)) {
      book.takeOver(old);
    }
    return book;
  }

  /** The definitions in force. */
  public Definitions definitions() {
    return definitions;
  }

  /** Takes a durable point. */
  public void apply(MetricPoint point) {
    evaluator.apply(point);
  }

  /**
   * Returns what an objective has counted of slices that cannot change any more, to be given to
   * {@link Resumption#adopt} of another judge.
   */
  public Optional<Settled> settled(ObjectiveId id) {
    ObjectiveBook book = books.get(id);
    if (book == null) {
      return Optional.empty();
    }
    Map<Instant, EventCounts> recent = new LinkedHashMap<>();
    evaluator.recent(id, recent::put);
    return Optional.of(Settled.of(book, evaluator.recentFrom(id), recent));
  }

  /**
   * Judging goes on from here, or from where slices of an objective cannot change any more; what
   * came before is restored by what is returned.
   *
   * @param at {@link #horizon} before the checkpoint
   */
  public Resumption resumeAt(Instant at) {
    return new Resumption(books, evaluator, at, horizon());
  }

  /** Notes that Tidemark itself was away. */
  public void markDown(Instant from, Instant to) {
    evaluator.markDown(from, to);
  }

  /** Says that signals can be heard only from this moment on; see {@link Evaluator#hearFrom}. */
  public void hearFrom(Instant moment) {
    evaluator.hearFrom(moment);
  }

  /** How far back signals can still matter, over all objectives. */
  public Duration horizon() {
    Duration longest = Duration.ofMinutes(10);
    for (ObjectiveBook book : order) {
      Duration own = book.objective.allowedLateness().longest().plus(book.objective.slice());
      longest = own.compareTo(longest) > 0 ? own : longest;
    }
    return longest;
  }

  /** Hears, once until it is mended, of every objective that cannot be judged. */
  public void onFailure(BiConsumer<ObjectiveId, RuntimeException> told) {
    failureListener = told;
  }

  private void tell(Map<ObjectiveId, RuntimeException> failures) {
    failures.forEach(
        (id, why) -> {
          if (!failing.contains(id)) {
            failureListener.accept(id, why);
          }
        });
    failing = Set.copyOf(failures.keySet());
  }

  /**
   * Judges everything that has ended by {@code at}; one objective that cannot be stops no other.
   */
  public Tick tick(Instant at) {
    List<BucketChange> changes = new ArrayList<>();
    List<Firing> firing = new ArrayList<>();
    Map<ObjectiveId, RuntimeException> failures = new LinkedHashMap<>();
    evaluator.evaluate(
        at,
        new Evaluator.ChangeListener() {
          @Override
          public void changed(int slot, BucketChange change) {
            order[slot].changed(change);
            changes.add(change);
          }

          @Override
          public void silent(int slot, long endMillis) {
            order[slot].silent(endMillis);
          }

          @Override
          public void judged(int slot) {
            try {
              update(order[slot], at).ifPresent(firing::add);
            } catch (RuntimeException e) {
              failed(slot, e);
            }
          }

          @Override
          public void failed(int slot, RuntimeException why) {
            failures.put(order[slot].objective.id(), why);
          }
        });
    tell(failures);
    return new Tick(changes, firing);
  }

  private Optional<Firing> update(ObjectiveBook book, Instant at) {
    book.update(at);
    return book.conditions().isFiring()
        ? book.conditions().firing(evaluator.badSince(book.objective.id()))
        : Optional.empty();
  }

  /**
   * Takes other corrections of one objective.
   *
   * @param corrections all of them
   * @param stored buckets that they cover and that are older than {@link #recentFrom}
   */
  public void correct(
      ObjectiveId id, List<Correction> corrections, Map<Instant, EventCounts> stored) {
    ObjectiveBook book = books.get(id);
    if (book == null) {
      return;
    }
    Map<Instant, EventCounts> happened = new LinkedHashMap<>(stored);
    Instant recent = evaluator.recentFrom(id);
    happened.keySet().removeIf(start -> !start.isBefore(recent));
    evaluator.recent(id, happened::put);
    book.correct(corrections, happened);
  }

  /** What is taken out of an objective's budget, or counts as good in it. */
  public List<Correction> corrections(ObjectiveId id) {
    ObjectiveBook book = books.get(id);
    return book == null ? List.of() : book.corrections();
  }

  /**
   * Start of the oldest slice of an objective that memory knows; older ones only the store knows.
   */
  public Instant recentFrom(ObjectiveId id) {
    return evaluator.recentFrom(id);
  }

  /** Returns the most severe condition of an objective that holds, or empty. */
  public Optional<Firing> firing(ObjectiveId id) {
    ObjectiveBook book = books.get(id);
    return book == null ? Optional.empty() : book.conditions().firing(evaluator.badSince(id));
  }

  /** Returns since when a condition of an objective holds, or empty while it does not. */
  public Optional<Instant> holdsSince(ObjectiveId id, BurnRateCondition condition) {
    ObjectiveBook book = books.get(id);
    return book == null ? Optional.empty() : book.conditions().holdsSince(condition);
  }

  /** Returns the budget of an objective, or empty when there is no such objective. */
  public Optional<BudgetSnapshot> snapshot(ObjectiveId id, Instant at) {
    ObjectiveBook book = books.get(id);
    return book == null
        ? Optional.empty()
        : Optional.of(book.spending().snapshot(at, evaluator.lastData(id)));
  }

  /** Whether the newest judged slice of an objective is bad. */
  public boolean currentlyBad(ObjectiveId id) {
    return evaluator.currentlyBad(id);
  }

  /** Since when it is bad, or empty. */
  public Optional<Instant> badSince(ObjectiveId id) {
    return evaluator.badSince(id);
  }

  /** Members of an objective's roster that are behind now. */
  public List<String> behind(ObjectiveId id) {
    return evaluator.behind(id);
  }

  /** The newest watermark or beat that an objective knows of, or empty. */
  public Optional<Instant> newestEvent(ObjectiveId id) {
    return evaluator.newestEvent(id);
  }

  /** Notes a series that was stored before the start; it need not be of this judge's concern. */
  public void stored(Series series) {
    evaluator.stored(series);
  }

  /** Notes the name of a metric that was stored before the start. */
  public void stored(String metric) {
    evaluator.stored(metric);
  }

  /** What is odd about an objective, the likeliest reason first. */
  public List<Remark> remarks(ObjectiveId id) {
    ObjectiveBook book = books.get(id);
    return book == null ? List.of() : Remarks.of(book, evaluator);
  }

  /** Points that came later than their objective accepts of their source. */
  public TooLate tooLate() {
    return evaluator.tooLate();
  }

  /**
   * Decides whether a risky deploy may go: not while an objective burns faster than twice its
   * budget over an hour, and not with an empty budget.
   *
   * @param name an objective, or what objectives are about (dataset, pipeline, connector, service)
   * @return empty when nothing has this name
   */
  public Optional<GateDecision> gate(String name) {
    return Gate.of(name, books.values());
  }
}
