package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.budget.WindowedCounts;
import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.definition.Sli.Budgeting;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.evaluate.Evaluator;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signals in, buckets, budgets and conditions out: everything that is decided about objectives.
 * Time comes in as an argument, so that thirty days can be replayed in a second. Not thread-safe:
 * owned by one thread.
 *
 * <p>After a restart, with {@code checkpoint} the moment up to which everything was judged and
 * stored, and {@code now} (all engine time), in this order:
 *
 * <ol>
 *   <li>{@code judge = new Judge(definitions, checkpoint)}, then {@code from = checkpoint -
 *       judge.horizon()};
 *   <li>{@code resumeAt(from)};
 *   <li>{@code restore} each stored, known bucket of the longest window up to {@code checkpoint},
 *       in any order. Those from {@code from} on are judged again from signals; they are only used
 *       to learn since when their objective exists;
 *   <li>{@code apply} each stored point with an event time from {@code judge.replayFrom(from)} to
 *       {@code checkpoint}, in the order of event time;
 *   <li>{@code tick(checkpoint)}; its changes repeat stored buckets and may be stored again;
 *   <li>{@code markDown(checkpoint, now)}; from here on as always: {@code apply}, {@code tick}.
 * </ol>
 *
 * <p>A first start is only {@code new Judge(definitions, now)}.
 */
public final class Judge {
  /** Windows that people look at, beside those of the conditions. */
  private static final List<Duration> SHOWN =
      List.of(
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(3));

  private static final Duration GATE_WINDOW = Duration.ofHours(1);
  private static final double GATE_BURN_RATE = 2;

  private final Evaluator evaluator;
  private final Map<ObjectiveId, Book> books = new LinkedHashMap<>();
  private Definitions definitions;

  /** Windows and conditions of one objective. */
  private static final class Book {
    final Objective objective;
    final WindowedCounts windows;
    final List<Duration> shown;
    final List<ConditionState> conditions;
    double knownSlices;
    @Nullable Instant first;
    Instant resumedAt = Instant.EPOCH;

    Book(Objective objective) {
      this.objective = objective;
      List<Duration> kept = new ArrayList<>(SHOWN);
      for (BurnRateCondition condition : objective.conditions()) {
        kept.add(effective(condition.longWindow()));
        kept.add(effective(condition.shortWindow()));
      }
      this.shown = kept.stream().map(this::effective).distinct().sorted().toList();
      List<Duration> all = new ArrayList<>(shown);
      all.add(objective.window().nominal());
      this.windows = new WindowedCounts(all);
      this.conditions = objective.conditions().stream().map(ConditionState::new).toList();
    }

    /** A window is never shorter than what is judged at once. */
    Duration effective(Duration window) {
      return window.compareTo(objective.slice()) < 0 ? objective.slice() : window;
    }
  }

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
      Book book = new Book(objective);
      book.resumedAt = evaluator.judgedUntil(objective.id());
      books.put(objective.id(), book);
    }
  }

  /** Takes other definitions; objectives that did not change keep what they know. */
  public void reload(Definitions changed, Instant at) {
    Map<ObjectiveId, Book> before = new LinkedHashMap<>(books);
    books.clear();
    for (Objective objective : changed.objectives()) {
      Book old = before.get(objective.id());
      books.put(
          objective.id(),
          old != null && old.objective.equals(objective) ? old : new Book(objective));
    }
    evaluator.reload(changed.objectives(), at);
    definitions = changed;
  }

  /** The definitions in force. */
  public Definitions definitions() {
    return definitions;
  }

  /** Takes a durable point. */
  public void apply(MetricPoint point) {
    evaluator.apply(point);
  }

  /** Takes a bucket that was judged before a restart. */
  public void restore(ObjectiveId id, Instant start, EventCounts counts) {
    Book book = books.get(id);
    if (book == null) {
      return;
    }
    if (book.first == null || start.isBefore(book.first)) {
      book.first = start;
      evaluator.listenedSince(id, start, book.resumedAt);
    }
    if (!counts.isEmpty() && start.isBefore(book.resumedAt)) {
      book.windows.add(start, counts);
      book.knownSlices++;
    }
  }

  /** Judging goes on from here; what came before is restored. */
  public void resumeAt(Instant at) {
    evaluator.resumeAt(at, replayFrom(at));
    for (Book book : books.values()) {
      book.resumedAt = evaluator.judgedUntil(book.objective.id());
    }
  }

  /** Signals from this moment on decide about slices from {@code from} on. */
  public Instant replayFrom(Instant from) {
    return from.minus(horizon()).minus(evaluator.longestLimit());
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
    for (Book book : books.values()) {
      Duration own = book.objective.allowedLateness().plus(book.objective.slice());
      longest = own.compareTo(longest) > 0 ? own : longest;
    }
    return longest;
  }

  /** Judges everything that has ended by {@code at}. */
  public Tick tick(Instant at) {
    List<BucketChange> changes = evaluator.evaluate(at);
    for (BucketChange change : changes) {
      Book book = books.get(change.objective());
      if (book != null) {
        book.windows.add(change.start(), change.after().minus(change.before()));
        if (!change.restated() && !change.unknown()) {
          book.knownSlices++;
        }
      }
    }
    List<Firing> firing = new ArrayList<>();
    for (Book book : books.values()) {
      Instant end = evaluator.judgedUntil(book.objective.id());
      for (ConditionState state : book.conditions) {
        state.update(
            rate(book, state.condition.longWindow(), end),
            rate(book, state.condition.shortWindow(), end),
            at);
      }
      firing(book, at).ifPresent(firing::add);
    }
    return new Tick(changes, firing);
  }

  private static BurnRate rate(Book book, Duration window, Instant end) {
    return BurnRate.of(book.windows.sum(book.effective(window), end), book.objective.target());
  }

  private Optional<Firing> firing(Book book, Instant at) {
    List<ConditionState> active =
        book.conditions.stream().filter(state -> state.firingSince() != null).toList();
    if (active.isEmpty()) {
      return Optional.empty();
    }
    ConditionState worst =
        active.stream()
            .min(
                Comparator.comparing((ConditionState s) -> s.condition.severity() != Severity.PAGE)
                    .thenComparing(s -> -s.condition.factor()))
            .orElseThrow();
    Instant since =
        active.stream()
            .map(state -> Optional.ofNullable(state.firingSince()).orElse(at))
            .min(Comparator.naturalOrder())
            .orElse(at);
    Instant badSince = evaluator.badSince(book.objective.id()).orElse(since);
    return Optional.of(
        new Firing(
            book.objective, worst.condition, since, badSince, worst.longRate, worst.shortRate));
  }

  /** Returns the most severe condition of an objective that holds, or empty. */
  public Optional<Firing> firing(ObjectiveId id, Instant at) {
    Book book = books.get(id);
    return book == null ? Optional.empty() : firing(book, at);
  }

  /** Returns since when a condition of an objective holds, or empty while it does not. */
  public Optional<Instant> holdsSince(ObjectiveId id, BurnRateCondition condition) {
    Book book = books.get(id);
    return book == null
        ? Optional.empty()
        : book.conditions.stream()
            .filter(state -> state.condition.equals(condition))
            .findFirst()
            .flatMap(state -> Optional.ofNullable(state.firingSince()));
  }

  /** Returns the budget of an objective, or empty when there is no such objective. */
  public Optional<BudgetSnapshot> snapshot(ObjectiveId id, Instant at) {
    Book book = books.get(id);
    if (book == null) {
      return Optional.empty();
    }
    Objective objective = book.objective;
    Instant end = evaluator.judgedUntil(id);
    BudgetWindow window = objective.window();
    Map<Duration, BurnRate> rates = new LinkedHashMap<>();
    for (Duration length : book.shown) {
      rates.put(length, rate(book, length, end));
    }
    double slices = (double) window.nominal().toMillis() / objective.slice().toMillis();
    return Optional.of(
        new BudgetSnapshot(
            at,
            book.windows.sum(window.nominal(), end),
            objective.target(),
            window.nominal(),
            isSliced(objective.sli()),
            objective.slice(),
            rates,
            Math.min(1, book.knownSlices / slices)));
  }

  /** Whether an objective's counts are slices of time. */
  public static boolean isSliced(Sli sli) {
    if (sli instanceof Sli.Ratio ratio) {
      return !(ratio.budgeting() instanceof Budgeting.Occurrences);
    }
    if (sli instanceof Sli.Latency latency) {
      return !(latency.budgeting() instanceof Budgeting.Occurrences);
    }
    return true;
  }

  /** Whether the newest judged slice of an objective is bad. */
  public boolean currentlyBad(ObjectiveId id) {
    return evaluator.currentlyBad(id);
  }

  /** Since when it is bad, or empty. */
  public Optional<Instant> badSince(ObjectiveId id) {
    return evaluator.badSince(id);
  }

  /** The newest watermark or beat that an objective knows of, or empty. */
  public Optional<Instant> newestEvent(ObjectiveId id) {
    return evaluator.newestEvent(id);
  }

  /** Points that came later than their objective accepts. */
  public long tooLate() {
    return evaluator.tooLate();
  }

  /**
   * Decides whether a risky deploy may go: not while an objective burns faster than twice its
   * budget over an hour, and not with an empty budget.
   *
   * @param name an objective, or what objectives are about (dataset, pipeline, connector, service)
   * @return empty when nothing has this name
   */
  public Optional<GateDecision> gate(String name, Instant at) {
    List<Book> concerned =
        books.values().stream()
            .filter(
                book ->
                    book.objective.id().value().equals(name)
                        || book.objective.subject().name().equals(name)
                        || name.equals(book.objective.labels().get("dataset"))
                        || name.equals(book.objective.labels().get("pipeline")))
            .toList();
    if (concerned.isEmpty()) {
      return Optional.empty();
    }
    for (Book book : concerned) {
      Instant end = evaluator.judgedUntil(book.objective.id());
      BurnRate burn = rate(book, GATE_WINDOW, end);
      if (burn.reaches(GATE_BURN_RATE)) {
        return Optional.of(
            new GateDecision(
                false,
                book.objective.id()
                    + " burns its budget at "
                    + burn
                    + " over 1 h; 2× closes the gate"));
      }
      BudgetSnapshot snapshot = snapshot(book.objective.id(), at).orElseThrow();
      if (snapshot.leftRatio().isPresent() && snapshot.leftRatio().getAsDouble() <= 0) {
        return Optional.of(
            new GateDecision(
                false, book.objective.id() + " has no error budget left: " + snapshot.leftText()));
      }
    }
    return Optional.of(
        new GateDecision(true, "the budgets of " + concerned.size() + " objective(s) allow it"));
  }
}
