package dev.tidemark.engine.condition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.budget.CalendarCounts;
import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.budget.Coverage;
import dev.tidemark.engine.budget.ErrorBudget;
import dev.tidemark.engine.budget.WindowedCounts;
import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.LowCountGuard;
import dev.tidemark.engine.definition.NoDataPolicy;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.EventCounts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one objective has spent: its windows as they happened and as they were corrected, and its
 * conditions. Corrected numbers govern, raw ones stand beside them. Not thread-safe.
 */
final class ObjectiveBook {
  /** Windows that people look at, beside those of the conditions. */
  private static final List<Duration> SHOWN =
      List.of(
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(3));

  private static final double ALMOST = 1 - 1e-6;

  private static final long NEVER = Long.MIN_VALUE;
  private static final EventCounts ONE_SLICE = new EventCounts(0, 1);

  final Objective objective;
  private final List<Duration> shown;
  private final ConditionState[] conditions;
  private final double budgetRatio;
  private final boolean sliced;
  private final long sliceMillis;

  /** What lies further back no window counts. */
  private final long reachMillis;

  private final @Nullable LowCountGuard guard;
  private final WatchedTime watched;
  private CorrectedCounts counts;

  /** Slices in which anything happened; null for slices of time, where each counts itself. */
  private @Nullable CorrectedCounts data;

  /** End of the newest slice with data. */
  private long dataEnd = NEVER;

  private Oddities oddities = new Oddities();

  /** End of the newest slice that moves windows on. */
  private long end = NEVER;

  private boolean frozen;
  private boolean moved;

  /** Whether time went on without anything to add. */
  private boolean quiet;

  ObjectiveBook(Objective objective, Instant start) {
    this.objective = objective;
    this.sliceMillis = Math.max(1_000, objective.slice().toMillis());
    this.reachMillis = objective.reach().toMillis();
    this.shown = shown(objective);
    List<Duration> all = new ArrayList<>(shown);
    List<BudgetWindow.Calendar> calendars = new ArrayList<>();
    for (BudgetWindow window : budgetWindows(objective)) {
      if (window instanceof BudgetWindow.Calendar calendar) {
        calendars.add(calendar);
      } else {
        all.add(effective(objective, window.nominal()));
      }
    }
    this.counts = new CorrectedCounts(all, calendars, objective.slice(), sliceMillis, start);
    this.sliced = objective.sli().isSliced();
    this.data =
        sliced
            ? null
            : new CorrectedCounts(
                dataWindows(objective),
                objective.window() instanceof BudgetWindow.Calendar unit
                    ? List.of(unit)
                    : List.of(),
                objective.slice(),
                sliceMillis,
                start);
    WindowedCounts windows = counts.raw().windows;
    this.conditions =
        objective.conditions().stream()
            .map(
                condition ->
                    new ConditionState(
                        condition,
                        windows.indexOf(effective(condition.longWindow())),
                        windows.indexOf(effective(condition.shortWindow()))))
            .toArray(ConditionState[]::new);
    this.budgetRatio = objective.target().budgetRatio();
    this.guard = sliced ? null : objective.guard();
    this.watched =
        new WatchedTime(
            Math.floorDiv(start.toEpochMilli(), sliceMillis) * sliceMillis, sliceMillis);
  }

  private static List<Duration> shown(Objective objective) {
    List<Duration> kept = new ArrayList<>(SHOWN);
    for (BurnRateCondition condition : objective.conditions()) {
      kept.add(condition.longWindow());
      kept.add(condition.shortWindow());
    }
    return kept.stream().map(each -> effective(objective, each)).distinct().sorted().toList();
  }

  /** Windows of which somebody asks how much is known. */
  private static List<Duration> dataWindows(Objective objective) {
    List<Duration> asked = new ArrayList<>(List.of(objective.window().nominal()));
    for (BurnRateCondition condition : objective.conditions()) {
      if (condition.coverageRatio() > 0) {
        asked.add(condition.longWindow());
      }
    }
    return asked.stream().map(each -> effective(objective, each)).distinct().sorted().toList();
  }

  private static List<BudgetWindow> budgetWindows(Objective objective) {
    List<BudgetWindow> windows = new ArrayList<>();
    windows.add(objective.window());
    windows.addAll(objective.otherWindows());
    return windows;
  }

  private static Duration effective(Objective objective, Duration window) {
    return window.compareTo(objective.slice()) < 0 ? objective.slice() : window;
  }

  /** A window is never shorter than what is judged at once. */
  Duration effective(Duration window) {
    return effective(objective, window);
  }

  /**
   * Puts calendar windows where they were before a restart, before anything is restored: into the
   * unit of the last slice that was judged, also when the next unit has begun since.
   */
  void resumeAt(long checkpoint) {
    Instant last = Instant.ofEpochMilli(Math.floorDiv(checkpoint, sliceMillis) * sliceMillis - 1);
    counts.resumeAt(last);
    if (data != null) {
      data.resumeAt(last);
    }
  }

  /** Takes a bucket that was judged before a restart. Returns whether it is the oldest so far. */
  @CanIgnoreReturnValue
  boolean restore(long start, EventCounts is, boolean isUnknown, boolean counted) {
    boolean oldest = watched.reachesBackTo(start);
    if (counted) {
      watched.note(start, isUnknown);
      if (!isUnknown) {
        end = Math.max(end, start + sliceMillis);
      }
      if (!is.isEmpty()) {
        oddities.note(start, is);
        counts.add(start, EventCounts.NONE, is);
        noteData(start, EventCounts.NONE, is);
      }
    }
    return oldest;
  }

  private void noteData(long start, EventCounts before, EventCounts after) {
    if (!after.isEmpty()) {
      dataEnd = Math.max(dataEnd, start + sliceMillis);
    }
    if (data != null && before.isEmpty() != after.isEmpty()) {
      data.add(start, slices(before), slices(after));
    }
  }

  private static EventCounts slices(EventCounts counts) {
    return counts.isEmpty() ? EventCounts.NONE : ONE_SLICE;
  }

  /**
   * Whether {@link #restoreSum} is as good as restoring bucket by bucket: not where a month's end
   * or a correction may lie within a stretch, nor where time may stand still.
   */
  boolean takesSums(Duration stretch, Duration age) {
    return counts.corrections().isEmpty()
        && counts.raw().calendars.length == 0
        && objective.noData() != NoDataPolicy.FROZEN
        && counts.raw().windows.takesSums(stretch, age);
  }

  /** Takes the sums of known buckets. Returns whether they are the oldest so far. */
  boolean restoreSum(long firstStart, long start, EventCounts sum, long counting) {
    boolean oldest = watched.reachesBackTo(firstStart);
    oddities.noteSum(start, sum, counting);
    counts.add(start, EventCounts.NONE, sum);
    if (counting > 0) {
      dataEnd = Math.max(dataEnd, start + sliceMillis);
      if (data != null) {
        data.add(start, EventCounts.NONE, new EventCounts(0, counting));
      }
    }
    return oldest;
  }

  /** Says of which windows the counts are: what was written under another shape is of no use. */
  String shape() {
    return shape(objective);
  }

  /** The shape that the book of an objective has. */
  static String shape(Objective objective) {
    List<String> budgets = new ArrayList<>();
    budgetWindows(objective).forEach(window -> budgets.add(window.text()));
    return "3 "
        + objective.slice()
        + " "
        + shown(objective)
        + " "
        + budgets
        + (objective.sli().isSliced() ? "" : " " + dataWindows(objective));
  }

  /** Whether what was counted for one objective can go on to be counted for the other. */
  static boolean countsAlike(Objective one, Objective other) {
    boolean slices = one.sli().isSliced();
    // Events are events however they are cut; a bad hour is not a bad minute.
    return slices == other.sli().isSliced() && (!slices || one.slice().equals(other.slice()));
  }

  /**
   * Goes on where the book of the same objective ends that an edit of its definition puts out of
   * use. Conditions over the same windows go on to hold.
   *
   * @param old counts alike
   */
  void takeOver(ObjectiveBook old) {
    watched.takeOver(old.watched);
    end = Math.max(end, old.end);
    frozen = old.frozen;
    quiet = true;
    moved = true;
    oddities = old.oddities;
    if (old.shape().equals(shape())) {
      counts = old.counts;
      data = old.data;
    }
    dataEnd = Math.max(dataEnd, old.dataEnd);
    for (ConditionState state : conditions) {
      state.takeOver(old.conditions);
    }
  }

  /**
   * Goes on after a time in which nobody watched this objective.
   *
   * @param at the slice in which it lies is the first that is judged again
   */
  void goOnAt(Instant at) {
    long next = Math.floorDiv(at.toEpochMilli(), sliceMillis) * sliceMillis;
    if (end != NEVER && end < next) {
      watched.doubt(end, next);
    }
    moved = true;
  }

  /**
   * Writes what was counted of slices before a moment.
   *
   * @param before start of the oldest slice that may still change
   * @param recent counts of that slice and of all after it
   */
  void write(DataOutput out, long before, Map<Instant, EventCounts> recent) throws IOException {
    counts.write(out, recent);
    if (data != null) {
      Map<Instant, EventCounts> slices = new LinkedHashMap<>();
      recent.forEach((start, is) -> slices.put(start, slices(is)));
      data.write(out, slices);
    }
    out.writeLong(Math.min(dataEnd, before));
    watched.write(out, before);
    out.writeLong(Math.min(end, before));
    oddities.write(out);
  }

  /** Takes over what was written under the same {@link #shape}. */
  void read(DataInput in) throws IOException {
    counts.read(in);
    if (data != null) {
      data.read(in);
    }
    dataEnd = in.readLong();
    watched.read(in);
    end = in.readLong();
    oddities.read(in);
  }

  /** Takes a judged or restated slice. */
  void changed(BucketChange change) {
    long start = change.start().toEpochMilli();
    oddities.changed(change);
    if (!freezes(change)) {
      counts.add(start, change.before(), change.after());
    }
    noteData(start, change.before(), change.after());
    watched.note(start, change.unknown());
    if (start + sliceMillis > end && !change.unknown()) {
      // Also when it was unknown at first and a late signal has spoken for it since.
      end = start + sliceMillis;
      frozen = false;
    }
    moved = true;
  }

  /** Whether nothing is known of a slice of whose like no window is to be moved on. */
  private boolean freezes(BucketChange change) {
    return objective.noData() == NoDataPolicy.FROZEN
        && change.before().isEmpty()
        && change.after().isEmpty();
  }

  /** Time went on by a slice that says nothing. */
  void silent(long endMillis) {
    if (objective.noData() == NoDataPolicy.FROZEN) {
      frozen = true;
      return;
    }
    end = Math.max(end, endMillis);
    quiet = true;
    moved = true;
  }

  /**
   * Takes other corrections. The buckets are those that any of them covers, as they happened.
   *
   * @param changed all corrections from now on; where two overlap the first one counts
   * @param happened start and counts of buckets; what is older than anything that is counted here
   *     is left out
   */
  void correct(List<Correction> changed, Map<Instant, EventCounts> happened) {
    Map<Instant, EventCounts> counted = new LinkedHashMap<>(happened);
    counted.keySet().removeIf(start -> start.toEpochMilli() < watched.since());
    counts.correct(changed, counted);
    moved = true;
  }

  /** Applies the corrections in force to a bucket that was counted as it happened. */
  void recount(long start, EventCounts is) {
    if (start >= watched.since()) {
      counts.recount(start, is);
      moved = true;
    }
  }

  /** What is odd about the counts. */
  Oddities oddities() {
    return oddities;
  }

  /** Start of the last slice of each stretch in which nobody knows. */
  List<Instant> unknownEnds() {
    return watched.unknownEnds();
  }

  /** Start of the oldest slice that was watched. */
  Instant watchedSince() {
    return Instant.ofEpochMilli(watched.since());
  }

  List<Correction> corrections() {
    return counts.corrections();
  }

  /**
   * Compares all conditions, if anything moved since the last time or one only waits for its hours
   * or has to last: with slices of a day nothing moves until midnight.
   */
  void update(Instant at) {
    if (end == NEVER || (!moved && !isWaiting())) {
      return;
    }
    moved = false;
    watched.forgetBefore(end - reachMillis);
    if (quiet) {
      counts.advanceTo(end);
    } else {
      // What was added last has moved the windows already, those that happened at least.
      counts.catchUp(end);
    }
    quiet = false;
    WindowedCounts windows = counts.adjusted().windows;
    for (ConditionState state : conditions) {
      double longTotal = windows.totalAt(state.longPlace);
      double shortTotal = windows.totalAt(state.shortPlace);
      state.update(
          longTotal - windows.goodAt(state.longPlace),
          longTotal,
          shortTotal - windows.goodAt(state.shortPlace),
          shortTotal,
          budgetRatio,
          isSeenEnough(state.condition),
          guard,
          at);
    }
  }

  private boolean isSeenEnough(BurnRateCondition condition) {
    Duration window = condition.longWindow();
    return (condition.coverageRatio() <= 0 || coverage(window) >= condition.coverageRatio())
        && (condition.watchedRatio() <= 0
            || watched.coverage(end, effective(window).toMillis()) >= condition.watchedRatio());
  }

  private boolean isWaiting() {
    for (ConditionState state : conditions) {
      if (state.isWaiting()) {
        return true;
      }
    }
    return false;
  }

  /** Share of a window, up to now, whose slices have data. */
  double coverage(Duration window) {
    if (end == NEVER) {
      return 0;
    }
    CorrectedCounts slices = data == null ? counts : data;
    return share(
        slices.raw().windows.sum(effective(window), Instant.ofEpochMilli(end)).total(), window);
  }

  private double share(double slices, Duration window) {
    return Math.max(0, Math.min(1, slices * sliceMillis / effective(window).toMillis()));
  }

  /** How much is known of the governing window. */
  private Coverage coverage(ErrorBudget budget, Instant at) {
    Duration length = watchable(budget);
    if (end == NEVER || length.isZero()) {
      return new Coverage(0, 0, false);
    }
    CorrectedCounts slices = data == null ? counts : data;
    double share =
        objective.window() instanceof BudgetWindow.Calendar
            ? share(slices.raw().calendars[0].current().total(), length)
            : coverage(length);
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

  /** Whether any condition holds. */
  boolean isFiring() {
    for (ConditionState state : conditions) {
      if (state.firingSince() != null) {
        return true;
      }
    }
    return false;
  }

  Optional<Firing> firing(Instant at, Optional<Instant> bad) {
    ConditionState worst = null;
    Instant since = null;
    for (ConditionState state : conditions) {
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

  /** Since when a condition holds, or empty while it does not. */
  Optional<Instant> holdsSince(BurnRateCondition condition) {
    for (ConditionState state : conditions) {
      if (state.condition.equals(condition)) {
        return Optional.ofNullable(state.firingSince());
      }
    }
    return Optional.empty();
  }

  /** The burn rate of a window that is shown. */
  BurnRate rate(Duration window) {
    return BurnRate.of(over(window), objective.target());
  }

  /** Counts of a window that is shown. */
  EventCounts over(Duration window) {
    return end == NEVER
        ? EventCounts.NONE
        : counts.adjusted().windows.sum(effective(window), Instant.ofEpochMilli(end));
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
        .recoversAt(effective(window), Instant.ofEpochMilli(end), Math.max(0, allowed));
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
        .recoversAt(effective(window.nominal()), Instant.ofEpochMilli(end), Math.max(0, allowed));
  }

  BudgetSnapshot snapshot(Instant at, Optional<Instant> lastData) {
    Map<Duration, BurnRate> rates = new LinkedHashMap<>();
    for (Duration length : shown) {
      rates.put(length, rate(length));
    }
    List<ErrorBudget> budgets = new ArrayList<>();
    int calendar = 0;
    for (BudgetWindow window : budgetWindows(objective)) {
      budgets.add(window instanceof BudgetWindow.Calendar ? calendar(calendar++) : rolling(window));
    }
    return new BudgetSnapshot(
        at,
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
            && end != NEVER
            && end > budget.start().toEpochMilli()
        ? Duration.ofMillis(end - budget.start().toEpochMilli())
        : budget.length();
  }

  private ErrorBudget rolling(BudgetWindow window) {
    Duration length = effective(window.nominal());
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
    return Instant.ofEpochMilli(end == NEVER ? watched.since() : end);
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
    if (end == NEVER || end <= from) {
      return 0;
    }
    long begin = Math.max(from, watched.since());
    long length = end - from;
    return Math.max(
        0, Math.round(watched.coverage(end, length) * length) - counts.droppedMillis(begin, end));
  }
}
