package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.budget.CalendarCounts;
import dev.tidemark.engine.budget.Correction;
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

  private static final long NEVER = Long.MIN_VALUE;

  final Objective objective;
  private final List<Duration> shown;
  private final ConditionState[] conditions;
  private final double budgetRatio;
  private final boolean sliced;
  private final long sliceMillis;
  private final @Nullable LowCountGuard guard;
  private Totals raw;
  private Totals adjusted;
  private List<Correction> corrections = List.of();

  /** Stretches in which nobody knows, as start and end in ms; ascending. */
  private final List<long[]> unknown = new ArrayList<>();

  /** Start of the oldest slice that was watched. */
  private long watchedSince;

  private boolean watchedSinceKnown;
  private long end = NEVER;
  private long frozenSince = NEVER;
  private boolean moved;
  private final Oddities oddities = new Oddities();

  /** Whether time went on without anything to add. */
  private boolean quiet;

  /** Rolling and calendar windows over the same buckets. */
  private static final class Totals {
    final WindowedCounts windows;
    final CalendarCounts[] calendars;

    Totals(WindowedCounts windows, CalendarCounts[] calendars) {
      this.windows = windows;
      this.calendars = calendars;
    }

    Totals copy() {
      CalendarCounts[] copies = calendars.clone();
      for (int i = 0; i < copies.length; i++) {
        copies[i] = copies[i].copy();
      }
      return new Totals(windows.copy(), copies);
    }

    void add(long start, double good, double total) {
      windows.add(start, good, total);
      for (CalendarCounts calendar : calendars) {
        calendar.add(start, good, total);
      }
    }

    void write(DataOutput out) throws IOException {
      windows.write(out);
      for (CalendarCounts calendar : calendars) {
        calendar.write(out);
      }
    }

    void read(DataInput in) throws IOException {
      windows.read(in);
      for (CalendarCounts calendar : calendars) {
        calendar.read(in);
      }
    }

    void advanceTo(long end) {
      windows.advanceTo(end);
      for (CalendarCounts calendar : calendars) {
        calendar.advanceTo(end);
      }
    }
  }

  ObjectiveBook(Objective objective, Instant start) {
    this.objective = objective;
    this.sliceMillis = Math.max(1_000, objective.slice().toMillis());
    List<Duration> kept = new ArrayList<>(SHOWN);
    for (BurnRateCondition condition : objective.conditions()) {
      kept.add(condition.longWindow());
      kept.add(condition.shortWindow());
    }
    this.shown = kept.stream().map(this::effective).distinct().sorted().toList();
    List<Duration> all = new ArrayList<>(shown);
    List<CalendarCounts> calendars = new ArrayList<>();
    for (BudgetWindow window : budgetWindows()) {
      if (window instanceof BudgetWindow.Calendar calendar) {
        calendars.add(new CalendarCounts(calendar, start));
      } else {
        all.add(effective(window.nominal()));
      }
    }
    WindowedCounts windows = new WindowedCounts(all, objective.slice());
    this.raw = new Totals(windows, calendars.toArray(CalendarCounts[]::new));
    this.adjusted = raw;
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
    this.sliced = Judge.isSliced(objective.sli());
    this.guard = sliced ? null : objective.guard();
    this.watchedSince = Math.floorDiv(start.toEpochMilli(), sliceMillis) * sliceMillis;
  }

  private List<BudgetWindow> budgetWindows() {
    List<BudgetWindow> windows = new ArrayList<>();
    windows.add(objective.window());
    windows.addAll(objective.otherWindows());
    return windows;
  }

  /** A window is never shorter than what is judged at once. */
  Duration effective(Duration window) {
    return window.compareTo(objective.slice()) < 0 ? objective.slice() : window;
  }

  /**
   * Puts calendar windows where they were before a restart, before anything is restored: into the
   * unit of the last slice that was judged, also when the next unit has begun since.
   */
  void resumeAt(long checkpoint) {
    Instant last = Instant.ofEpochMilli(Math.floorDiv(checkpoint, sliceMillis) * sliceMillis - 1);
    for (Totals totals : raw == adjusted ? List.of(raw) : List.of(raw, adjusted)) {
      for (int i = 0; i < totals.calendars.length; i++) {
        totals.calendars[i] = new CalendarCounts(totals.calendars[i].calendar(), last);
      }
    }
  }

  /** Takes a bucket that was judged before a restart. Returns whether it is the oldest so far. */
  boolean restore(long start, EventCounts counts, boolean isUnknown, boolean counted) {
    boolean oldest = !watchedSinceKnown || start < watchedSince;
    if (oldest) {
      watchedSince = start;
      watchedSinceKnown = true;
    }
    if (counted) {
      noteKnowledge(start, isUnknown);
      if (!counts.isEmpty()) {
        oddities.note(start, counts);
        add(start, EventCounts.NONE, counts);
      }
    }
    return oldest;
  }

  /**
   * Whether {@link #restoreSum} is as good as restoring bucket by bucket: not where a month's end
   * or a correction may lie within a stretch, nor where time may stand still.
   */
  boolean takesSums(Duration stretch, Duration age) {
    return corrections.isEmpty()
        && raw.calendars.length == 0
        && objective.noData() != NoDataPolicy.FROZEN
        && raw.windows.takesSums(stretch, age);
  }

  /** Takes the sums of known buckets. Returns whether they are the oldest so far. */
  boolean restoreSum(long firstStart, long start, EventCounts counts, long counting) {
    boolean oldest = !watchedSinceKnown || firstStart < watchedSince;
    if (oldest) {
      watchedSince = firstStart;
      watchedSinceKnown = true;
    }
    oddities.noteSum(counts, counting);
    raw.add(start, counts.good(), counts.total());
    return oldest;
  }

  /** Says of which windows the counts are: what was written under another shape is of no use. */
  String shape() {
    List<String> budgets = new ArrayList<>();
    budgetWindows().forEach(window -> budgets.add(window.text()));
    return "1 " + objective.slice() + " " + shown + " " + budgets;
  }

  /**
   * Writes what was counted of slices before a moment.
   *
   * @param before start of the oldest slice that may still change
   * @param recent counts of that slice and of all after it
   */
  void write(DataOutput out, long before, Map<Instant, EventCounts> recent) throws IOException {
    Totals settled = raw.copy();
    recent.forEach(
        (start, counts) -> settled.add(start.toEpochMilli(), -counts.good(), -counts.total()));
    settled.write(out);
    out.writeBoolean(watchedSinceKnown || watchedSince < before);
    out.writeLong(watchedSince);
    List<long[]> stretches =
        unknown.stream()
            .filter(stretch -> stretch[0] < before)
            .map(stretch -> new long[] {stretch[0], Math.min(stretch[1], before)})
            .toList();
    out.writeInt(stretches.size());
    for (long[] stretch : stretches) {
      out.writeLong(stretch[0]);
      out.writeLong(stretch[1]);
    }
    oddities.write(out);
  }

  /** Takes over what was written under the same {@link #shape}. */
  void read(DataInput in) throws IOException {
    raw.read(in);
    watchedSinceKnown = in.readBoolean();
    watchedSince = in.readLong();
    int stretches = in.readInt();
    for (int i = 0; i < stretches; i++) {
      unknown.add(new long[] {in.readLong(), in.readLong()});
    }
    oddities.read(in);
  }

  /** Takes a judged or restated slice. */
  void changed(BucketChange change) {
    long start = change.start().toEpochMilli();
    oddities.changed(change);
    add(start, change.before(), change.after());
    noteKnowledge(start, change.unknown());
    if (start + sliceMillis > end && !change.unknown()) {
      // Also when it was unknown at first and a late signal has spoken for it since.
      end = start + sliceMillis;
      frozenSince = NEVER;
    }
    moved = true;
  }

  /** Time went on by a slice that says nothing. */
  void silent(long endMillis) {
    if (objective.noData() == NoDataPolicy.FROZEN) {
      if (frozenSince == NEVER) {
        frozenSince = endMillis - sliceMillis;
      }
      return;
    }
    end = Math.max(end, endMillis);
    quiet = true;
    moved = true;
  }

  private void add(long start, EventCounts before, EventCounts after) {
    raw.add(start, after.good() - before.good(), after.total() - before.total());
    if (adjusted != raw) {
      EventCounts was = corrected(start, before);
      EventCounts is = corrected(start, after);
      adjusted.add(start, is.good() - was.good(), is.total() - was.total());
    }
  }

  private EventCounts corrected(long start, EventCounts counts) {
    for (Correction correction : corrections) {
      if (correction.covers(start, sliceMillis)) {
        return correction.apply(counts);
      }
    }
    return counts;
  }

  private void noteKnowledge(long start, boolean isUnknown) {
    if (isUnknown) {
      if (!unknown.isEmpty() && unknown.get(unknown.size() - 1)[1] == start) {
        unknown.get(unknown.size() - 1)[1] = start + sliceMillis;
      } else {
        unknown.add(new long[] {start, start + sliceMillis});
      }
    } else if (!unknown.isEmpty() && start < unknown.get(unknown.size() - 1)[1]) {
      cutOut(start);
    }
  }

  private void cutOut(long start) {
    for (int i = 0; i < unknown.size(); i++) {
      long[] stretch = unknown.get(i);
      if (start >= stretch[0] && start < stretch[1]) {
        unknown.remove(i);
        if (start + sliceMillis < stretch[1]) {
          unknown.add(i, new long[] {start + sliceMillis, stretch[1]});
        }
        if (stretch[0] < start) {
          unknown.add(i, new long[] {stretch[0], start});
        }
        return;
      }
    }
  }

  /**
   * Takes other corrections. The buckets are those that any of them covers, as they happened.
   *
   * @param changed all corrections from now on; where two overlap the first one counts
   * @param happened start and counts of every bucket that is known
   */
  void correct(List<Correction> changed, Map<Instant, EventCounts> happened) {
    corrections = changed.stream().filter(c -> c.mode() != Correction.Mode.KEEP).toList();
    adjusted = corrections.isEmpty() ? raw : raw.copy();
    if (adjusted != raw) {
      happened.forEach(
          (start, counts) -> {
            EventCounts is = corrected(start.toEpochMilli(), counts);
            adjusted.add(
                start.toEpochMilli(), is.good() - counts.good(), is.total() - counts.total());
          });
    }
    moved = true;
  }

  /** What is odd about the counts. */
  Oddities oddities() {
    return oddities;
  }

  /** Start of the last slice of each stretch in which nobody knows. */
  List<Instant> unknownEnds() {
    return unknown.stream().map(stretch -> Instant.ofEpochMilli(stretch[1] - sliceMillis)).toList();
  }

  /** Start of the oldest slice that was watched. */
  Instant watchedSince() {
    return Instant.ofEpochMilli(watchedSince);
  }

  List<Correction> corrections() {
    return corrections;
  }

  /** Compares all conditions, if anything moved since the last time. */
  void update(Instant at) {
    if (!moved || end == NEVER) {
      return;
    }
    moved = false;
    if (quiet) {
      // What was added last has moved the windows already.
      raw.advanceTo(end);
    }
    WindowedCounts windows = adjusted.windows;
    if (adjusted != raw) {
      adjusted.advanceTo(end);
    }
    quiet = false;
    for (ConditionState state : conditions) {
      double longTotal = windows.totalAt(state.longPlace);
      double shortTotal = windows.totalAt(state.shortPlace);
      state.update(
          longTotal - windows.goodAt(state.longPlace),
          longTotal,
          shortTotal - windows.goodAt(state.shortPlace),
          shortTotal,
          budgetRatio,
          state.condition.coverageRatio() <= 0 ? 1 : coverage(state.condition.longWindow()),
          guard,
          at);
    }
  }

  /** Share of the window, up to now, for which the objective was watched. */
  double coverage(Duration window) {
    if (end == NEVER) {
      return 0;
    }
    long from = end - window.toMillis();
    long watched = end - Math.max(from, watchedSince);
    for (long[] stretch : unknown) {
      watched -= Math.max(0, Math.min(stretch[1], end) - Math.max(stretch[0], from));
    }
    return Math.max(0, Math.min(1, (double) watched / window.toMillis()));
  }

  /** Forgets stretches that no window reaches any more. */
  void forgetBefore(long millis) {
    unknown.removeIf(stretch -> stretch[1] < millis);
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
    return BurnRate.of(counts(window), objective.target());
  }

  private EventCounts counts(Duration window) {
    return end == NEVER
        ? EventCounts.NONE
        : adjusted.windows.sum(effective(window), Instant.ofEpochMilli(end));
  }

  /** When a window's burn rate falls below {@code factor}, if nothing bad happens from now on. */
  Instant coolsDownAt(Duration window, double factor) {
    double allowed = counts(window).total() * budgetRatio * factor;
    return adjusted.windows.recoversAt(
        effective(window), Instant.ofEpochMilli(end), Math.max(0, allowed));
  }

  /** When the governing budget has something left again, if nothing bad happens from now on. */
  Instant refillsAt() {
    BudgetWindow window = objective.window();
    if (window instanceof BudgetWindow.Calendar) {
      return adjusted.calendars[0].end();
    }
    ErrorBudget budget = rolling(window);
    double allowed = budget.counts().bad() + budget.leftCount();
    return adjusted.windows.recoversAt(
        effective(window.nominal()), Instant.ofEpochMilli(end), Math.max(0, allowed));
  }

  BudgetSnapshot snapshot(Instant at, Optional<Instant> lastData) {
    Map<Duration, BurnRate> rates = new LinkedHashMap<>();
    for (Duration length : shown) {
      rates.put(length, rate(length));
    }
    List<ErrorBudget> budgets = new ArrayList<>();
    int calendar = 0;
    for (BudgetWindow window : budgetWindows()) {
      budgets.add(window instanceof BudgetWindow.Calendar ? calendar(calendar++) : rolling(window));
    }
    return new BudgetSnapshot(
        at,
        budgets.get(0),
        budgets.subList(1, budgets.size()),
        rates,
        coverage(watchable(budgets.get(0))),
        lastData,
        frozenSince == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(frozenSince)),
        corrections);
  }

  /** Of a calendar unit only what is over can have been watched. */
  private Duration watchable(ErrorBudget budget) {
    return objective.window() instanceof BudgetWindow.Calendar
            && end > budget.start().toEpochMilli()
        ? Duration.ofMillis(end - budget.start().toEpochMilli())
        : budget.length();
  }

  private ErrorBudget rolling(BudgetWindow window) {
    Duration length = effective(window.nominal());
    Instant until = end == NEVER ? Instant.ofEpochMilli(watchedSince) : Instant.ofEpochMilli(end);
    return new ErrorBudget(
        window.text(),
        until.minus(length),
        until,
        adjusted.windows.sum(length, until),
        raw.windows.sum(length, until),
        objective.target(),
        sliced ? objective.slice() : Duration.ZERO,
        objective.expectedEvents());
  }

  private ErrorBudget calendar(int place) {
    CalendarCounts counts = adjusted.calendars[place];
    return new ErrorBudget(
        counts.calendar().text(),
        counts.start(),
        counts.end(),
        counts.current(),
        raw.calendars[place].current(),
        objective.target(),
        sliced ? objective.slice() : Duration.ZERO,
        objective.expectedEvents());
  }
}
