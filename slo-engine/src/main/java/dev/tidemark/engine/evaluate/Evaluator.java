package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.SelectorIndex;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns signals into good and total per slice of event time. A replayed point counts once; a late
 * one restates the slices it concerns, as long as the objective accepts it. Not thread-safe: owned
 * by one thread.
 */
public final class Evaluator {
  /** Hears what every slice was found to be. */
  public interface ChangeListener {
    /**
     * A slice counts something, is unknown, or was judged otherwise before.
     *
     * @param slot place of its objective in the list that was given
     */
    void changed(int slot, BucketChange change);

    /**
     * A slice ended without saying anything.
     *
     * @param slot place of its objective in the list that was given
     * @param endMillis its end, ms since the epoch
     */
    void silent(int slot, long endMillis);

    /**
     * Nothing more will be said of an objective this time. Said of each, in the order of the list,
     * also of those that nothing was said of: what has to be done about it is best done now, while
     * the processor has it at hand.
     *
     * @param slot place of the objective in the list that was given
     */
    default void judged(int slot) {
      // Whoever only collects changes has no use for it.
    }

    /**
     * An objective cannot be judged; the others go on, and it is tried again the next time.
     *
     * @param slot place of its objective in the list that was given
     */
    default void failed(int slot, RuntimeException why) {
      throw why;
    }
  }

  private static final Duration SLACK = Duration.ofMinutes(10);

  private static final long NEVER_TOO_LATE = Long.MIN_VALUE / 2;

  /** Judging waits for signals under way, and may be behind a little. */
  private static final Duration JUDGED_AFTER = Duration.ofMinutes(1);

  private static final Duration SWEPT_EVERY = Duration.ofHours(1);

  private final Map<ObjectiveId, ObjectiveState> states = new LinkedHashMap<>();
  private final Map<Long, SeriesState> series = new HashMap<>();
  private final List<long[]> down = new ArrayList<>();
  private final Map<ObjectiveState, Long> restateFrom = new LinkedHashMap<>();
  private ObjectiveState[] order = {};
  private SelectorIndex<ObjectiveState> index = index(List.of());
  private final SeenSignals seen = new SeenSignals();
  private Instant listeningSince;
  private final TooLate tooLate = new TooLate();
  private long sweptMillis;
  private boolean replaying = true;

  /** What is known of one series outlives a reload: a point that comes again counts once. */
  private final Map<Long, Increases> known = new HashMap<>();

  /**
   * What is known of one series, and whom it feeds.
   *
   * @param additive whether the same point again would count twice; a running total, a watermark or
   *     a beat raises nothing when it comes again
   */
  private record SeriesState(Increases increases, List<Feed> feeds, boolean additive) {}

  /**
   * An objective that a series feeds.
   *
   * @param lateMillis how late a point of the series may be for it
   */
  private record Feed(ObjectiveState state, long lateMillis) {}

  private static final SeriesState FEEDS_NOBODY =
      new SeriesState(new Increases(0), List.of(), false);

  /**
   * Begins to listen.
   *
   * @param objectives to judge
   * @param start nothing before it is judged
   */
  public Evaluator(List<Objective> objectives, Instant start) {
    this.listeningSince = start;
    reload(objectives, start);
  }

  /**
   * Takes other objectives; those that are judged as before keep what they know, others at least
   * the signals of the slices to come.
   */
  public void reload(List<Objective> objectives, Instant at) {
    Map<ObjectiveId, ObjectiveState> before = new HashMap<>(states);
    states.clear();
    for (Objective objective : objectives) {
      ObjectiveState old = before.get(objective.id());
      boolean same = old != null && old.objective.judgesLike(objective);
      ObjectiveState state = same && old != null ? old : state(objective, old, at);
      state.slot = states.size();
      states.put(objective.id(), state);
    }
    order = states.values().toArray(ObjectiveState[]::new);
    restateFrom.keySet().retainAll(states.values());
    index = index(List.of(order));
    series.clear();
  }

  private ObjectiveState state(Objective objective, @Nullable ObjectiveState old, Instant at) {
    if (old == null) {
      return stateOf(objective, at);
    }
    ObjectiveState state = stateOf(objective, Instant.ofEpochMilli(old.nextSlice));
    state.inherit(old);
    return state;
  }

  /** A state that has heard nothing yet. */
  static ObjectiveState stateOf(Objective objective, Instant from) {
    if (objective.sli() instanceof Sli.Composite composite) {
      return new CompositeState(objective, composite, from);
    }
    if (objective.sli() instanceof Sli.Freshness
        || objective.sli() instanceof Sli.Arrival
        || objective.sli() instanceof Sli.Heartbeat) {
      return new AgeState(objective, from);
    }
    if (objective.sli() instanceof Sli.Threshold threshold) {
      return new ThresholdState(objective, threshold, from);
    }
    if (objective.sli() instanceof Sli.RawRatio raw) {
      return new RawRatioState(objective, raw, from);
    }
    return new CountState(objective, from);
  }

  /**
   * Notes that Tidemark itself was away; slices in it are unknown until somebody speaks for them.
   */
  public void markDown(Instant from, Instant to) {
    down.add(new long[] {from.toEpochMilli(), to.toEpochMilli()});
    listeningSince = to;
    for (ObjectiveState state : states.values()) {
      state.listenAgain(to);
    }
  }

  /**
   * Sets the first slice to be judged, for a start in the middle: of each objective the oldest that
   * may still change. Until the next evaluation, points may be as old as they like.
   *
   * @param at nothing before it is judged
   * @param checkpoint up to which everything was judged
   * @param replayedFrom event time of the oldest points that will be applied
   */
  public void resumeAt(Instant at, Instant checkpoint, Instant replayedFrom) {
    listeningSince = replayedFrom;
    replaying = true;
    for (ObjectiveState state : states.values()) {
      state.startAt(Math.max(at.toEpochMilli(), state.oldestKeptAt(checkpoint.toEpochMilli())));
    }
  }

  /**
   * Says that signals can be heard only from this moment on, later than judging begins: until then
   * an objective over ages is unknown, and its grace begins then.
   */
  public void hearFrom(Instant moment) {
    for (ObjectiveState state : states.values()) {
      state.hearFrom(moment);
    }
  }

  /**
   * Sets since when one objective was listened to, after a restart and before the first point.
   *
   * @param id the objective
   * @param since nothing before it is judged
   * @param resumed neither is anything before this
   */
  public void listenedSince(ObjectiveId id, Instant since, Instant resumed) {
    ObjectiveState state = states.get(id);
    if (state != null && (state.agesInSilence() || !state.silence().counts().isEmpty())) {
      state.startAt(Math.max(since.toEpochMilli(), resumed.toEpochMilli()));
      state.listenedSince(since);
    }
  }

  /**
   * Takes what a slice was found to be before a restart, also of slices that will be judged again:
   * signals do not say when nobody listened, and for whom there was a grace after that.
   */
  public void recall(ObjectiveId id, Instant start, EventCounts counts, boolean unknown) {
    ObjectiveState state = states.get(id);
    if (state != null) {
      state.recall(start.toEpochMilli(), counts, unknown);
    }
  }

  /** The longest time for which an old signal still decides whether a slice is good. */
  public Duration longestLimit() {
    Duration longest = Duration.ZERO;
    for (ObjectiveState state : states.values()) {
      Duration limit = state.limit();
      if (limit.compareTo(longest) > 0) {
        longest = limit;
      }
    }
    return longest;
  }

  /** Takes a durable point. */
  public void apply(MetricPoint point) {
    apply(point, NEVER_TOO_LATE);
  }

  /**
   * Takes a point that was stored before a restart. It is left out for whom it was too late when it
   * came, and was counted as such then.
   *
   * @param receivedAt when it was taken for the first time (engine time)
   */
  public void applyStored(MetricPoint point, Instant receivedAt) {
    apply(point, receivedAt.minus(JUDGED_AFTER).toEpochMilli());
  }

  /**
   * Takes a point.
   *
   * @param judgedUntil what was judged for certain when it came, ms since the epoch, but for the
   *     slice that this lies in
   */
  private void apply(MetricPoint point, long judgedUntil) {
    SeriesState own = series.get(point.series().id());
    if (own == null) {
      if (!index.knows(point.series().metric())) {
        seen.metric(point.series().metric());
        return;
      }
      own = seriesState(point.series());
      series.put(point.series().id(), own);
    }
    if (own.feeds().isEmpty() || (own.additive() && !own.increases().isNew(point))) {
      return;
    }
    long listeningNanos = listeningSince.getEpochSecond() * 1_000_000_000L;
    boolean histogram = point.bucketCounts().length > 0;
    MetricPoint counted = histogram ? own.increases().histogram(point, listeningNanos) : point;
    double increase = histogram ? 0 : own.increases().increase(point, listeningNanos);
    long at = Math.floorDiv(point.timeNanos(), 1_000_000L);
    for (Feed feed : own.feeds()) {
      ObjectiveState state = feed.state();
      if (replaying && at < state.floor(judgedUntil) - feed.lateMillis()) {
        continue;
      }
      if (at < state.nextSlice - feed.lateMillis() && !replaying) {
        tooLate.note(point.series().pipeline());
        continue;
      }
      long concerns = state.apply(counted, increase);
      if (state.floor(concerns) < state.nextSlice) {
        restateFrom.merge(state, concerns, Math::min);
      }
    }
  }

  private static SelectorIndex<ObjectiveState> index(List<ObjectiveState> states) {
    List<SelectorIndex.Entry<ObjectiveState>> entries = new ArrayList<>();
    for (ObjectiveState state : states) {
      for (Selector selector : state.objective.sli().selectors()) {
        entries.add(new SelectorIndex.Entry<>(selector, state));
      }
    }
    return new SelectorIndex<>(entries);
  }

  private SeriesState seriesState(Series series) {
    List<ObjectiveState> feeds = index.find(series);
    seen.series(series, index.keys(series.metric()), feeds);
    if (feeds.isEmpty()) {
      return FEEDS_NOBODY;
    }
    boolean counted = feeds.stream().anyMatch(ObjectiveState::addsUp);
    return new SeriesState(
        known.computeIfAbsent(series.id(), unknown -> new Increases(horizonMillis(feeds, series))),
        feeds.stream()
            .map(state -> new Feed(state, state.objective.allowedLateness().of(series).toMillis()))
            .toList(),
        counted && !series.kind().isCumulative());
  }

  /** Notes a series that was stored before the start. */
  public void stored(Series series) {
    seen.series(series, index.keys(series.metric()), index.find(series));
  }

  /** Notes the name of a metric that was stored before the start. */
  public void stored(String metric) {
    seen.metric(metric);
  }

  /** Says of every selector of an indicator that has never found a series what it looks for. */
  public List<String> unmatched(Sli sli) {
    return seen.unmatched(sli).stream().map(seen::describe).toList();
  }

  /** How late a point of the series may come for any of these, and a little more. */
  private static long horizonMillis(List<ObjectiveState> feeds, Series series) {
    long longest = 0;
    for (ObjectiveState state : feeds) {
      longest =
          Math.max(
              longest, state.objective.allowedLateness().of(series).toMillis() + state.sliceMillis);
    }
    return longest + SLACK.toMillis();
  }

  /** Judges every slice that has ended by {@code at}, and again what late points changed. */
  public void evaluate(Instant at, ChangeListener changes) {
    if (replaying) {
      states.values().forEach(ObjectiveState::recalled);
      replaying = false;
    }
    if (!restateFrom.isEmpty()) {
      Map<ObjectiveState, Long> restating = new LinkedHashMap<>(restateFrom);
      restateFrom.clear();
      restating.forEach(
          (state, from) -> guarded(state, changes, () -> state.restateFrom(from, changes)));
    }
    long until = at.toEpochMilli();
    long allJudged = until;
    for (ObjectiveState state : order) {
      if (state.nextSlice + state.sliceMillis <= until) {
        guarded(state, changes, () -> state.judgeUntil(until, down, changes));
      }
      changes.judged(state.slot);
      allJudged = Math.min(allJudged, state.nextSlice);
    }
    long passed = allJudged;
    down.removeIf(interval -> interval[1] <= passed);
    forgetSeries(until);
  }

  private static void guarded(ObjectiveState state, ChangeListener changes, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      changes.failed(state.slot, e);
    }
  }

  /** Now and then, what nobody can ask any more: series that ended, and those that feed nobody. */
  private void forgetSeries(long now) {
    if (now - sweptMillis < SWEPT_EVERY.toMillis()) {
      return;
    }
    sweptMillis = now;
    known.values().removeIf(increases -> increases.isOver(now));
    series.entrySet().removeIf(entry -> !known.containsKey(entry.getKey()));
  }

  /** Hands over every slice of an objective that may still change, oldest first. */
  public void recent(ObjectiveId id, BiConsumer<Instant, EventCounts> consumer) {
    ObjectiveState state = states.get(id);
    if (state == null) {
      return;
    }
    for (long start = state.oldestKept(); start < state.nextSlice; start += state.sliceMillis) {
      consumer.accept(Instant.ofEpochMilli(start), state.verdict(start).counts());
    }
  }

  /** Start of the oldest slice that may still change; before it, only the store knows slices. */
  public Instant recentFrom(ObjectiveId id) {
    ObjectiveState state = states.get(id);
    return state == null ? Instant.EPOCH : Instant.ofEpochMilli(state.oldestKept());
  }

  /** End of the newest slice that counted anything, or empty before the first. */
  public Optional<Instant> lastData(ObjectiveId id) {
    ObjectiveState state = states.get(id);
    return state == null || state.lastDataEnd() == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(state.lastDataEnd()));
  }

  /** Members of an objective's roster that are behind, in the order of the roster. */
  public List<String> behind(ObjectiveId id) {
    ObjectiveState state = states.get(id);
    return state == null ? List.of() : state.behind();
  }

  /** Whether the newest judged slice of an objective is bad. */
  public boolean currentlyBad(ObjectiveId id) {
    ObjectiveState state = states.get(id);
    return state != null && state.currentlyBad();
  }

  /** Since when it is bad, or empty. */
  public Optional<Instant> badSince(ObjectiveId id) {
    ObjectiveState state = states.get(id);
    return state == null ? Optional.empty() : Optional.ofNullable(state.badSince());
  }

  /** How many series are remembered. */
  int remembered() {
    return known.size();
  }

  /** The newest event time that an objective over ages knows of, or empty. */
  public Optional<Instant> newestEvent(ObjectiveId id) {
    ObjectiveState state = states.get(id);
    return state == null ? Optional.empty() : state.newestEvent();
  }

  /** End of the last judged slice of an objective. */
  public Instant judgedUntil(ObjectiveId id) {
    ObjectiveState state = states.get(id);
    return state == null ? Instant.EPOCH : Instant.ofEpochMilli(state.nextSlice);
  }

  /** Points that came later than their objective accepts of their source. */
  public TooLate tooLate() {
    return tooLate;
  }
}
