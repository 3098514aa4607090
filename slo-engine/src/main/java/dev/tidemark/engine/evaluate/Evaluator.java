package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
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
import org.jspecify.annotations.Nullable;

/**
 * Turns signals into good and total per slice of event time. A replayed point counts once; a late
 * one restates the slices it concerns, as long as the objective accepts it. Not thread-safe: owned
 * by one thread.
 */
public final class Evaluator {
  private static final Duration SLACK = Duration.ofMinutes(10);

  private final Map<ObjectiveId, ObjectiveState> states = new LinkedHashMap<>();
  private final Map<Long, SeriesState> series = new HashMap<>();
  private final List<long[]> down = new ArrayList<>();
  private final Map<ObjectiveId, Long> restateFrom = new LinkedHashMap<>();
  private Map<String, List<ObjectiveState>> byMetric = new HashMap<>();
  private Instant listeningSince;
  private long tooLate;
  private boolean replaying = true;

  /** What is known of one series outlives a reload: a point that comes again counts once. */
  private final Map<Long, Increases> known = new HashMap<>();

  /** What is known of one series, and whom it feeds. */
  private record SeriesState(Increases increases, List<ObjectiveState> feeds) {}

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

  /** Takes other objectives; those that measure the same as before keep what they know. */
  public void reload(List<Objective> objectives, Instant at) {
    Map<ObjectiveId, ObjectiveState> before = new HashMap<>(states);
    states.clear();
    for (Objective objective : objectives) {
      ObjectiveState old = before.get(objective.id());
      boolean same = old != null && old.objective.equals(objective);
      states.put(objective.id(), same && old != null ? old : state(objective, old, at));
    }
    byMetric = new HashMap<>();
    for (ObjectiveState state : states.values()) {
      for (Selector selector : selectors(state.objective.sli())) {
        List<ObjectiveState> feeds =
            byMetric.computeIfAbsent(selector.metric(), metric -> new ArrayList<>());
        if (!feeds.contains(state)) {
          feeds.add(state);
        }
      }
    }
    series.clear();
  }

  private ObjectiveState state(Objective objective, @Nullable ObjectiveState old, Instant at) {
    Instant from = old == null ? at : Instant.ofEpochMilli(old.nextSlice);
    if (objective.sli() instanceof Sli.Freshness || objective.sli() instanceof Sli.Heartbeat) {
      return new AgeState(objective, from);
    }
    if (objective.sli() instanceof Sli.Threshold threshold) {
      return new GaugeState(objective, threshold, from);
    }
    return new CountState(objective, from);
  }

  /** The selectors that an indicator reads. */
  public static List<Selector> selectors(Sli sli) {
    if (sli instanceof Sli.Freshness freshness) {
      return List.of(freshness.watermark());
    }
    if (sli instanceof Sli.Heartbeat heartbeat) {
      return List.of(heartbeat.beats());
    }
    if (sli instanceof Sli.Ratio ratio) {
      return List.of(ratio.good(), ratio.total());
    }
    if (sli instanceof Sli.Completeness completeness) {
      return List.of(completeness.observed(), completeness.expected());
    }
    if (sli instanceof Sli.Latency latency) {
      return List.of(latency.histogram());
    }
    return List.of(((Sli.Threshold) sli).gauge());
  }

  /**
   * Notes that Tidemark itself was away; slices in it are unknown until somebody speaks for them.
   */
  public void markDown(Instant from, Instant to) {
    down.add(new long[] {from.toEpochMilli(), to.toEpochMilli()});
    listeningSince = to;
    for (ObjectiveState state : states.values()) {
      if (state instanceof AgeState age) {
        age.listenAgain(to);
      }
    }
  }

  /**
   * Sets the first slice to be judged, for a start in the middle. Until the next evaluation, points
   * may be as old as they like.
   *
   * @param at start of the first slice
   * @param replayedFrom event time of the oldest points that will be applied
   */
  public void resumeAt(Instant at, Instant replayedFrom) {
    listeningSince = replayedFrom;
    replaying = true;
    for (ObjectiveState state : states.values()) {
      state.nextSlice = state.floor(at.toEpochMilli());
    }
  }

  /**
   * Says that signals can be heard only from this moment on, later than judging begins: until then
   * an objective over ages is unknown, and its grace begins then.
   */
  public void hearFrom(Instant moment) {
    for (ObjectiveState state : states.values()) {
      if (state instanceof AgeState age) {
        age.hearFrom(moment);
      }
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
    if (states.get(id) instanceof AgeState age) {
      age.nextSlice = age.floor(Math.max(since.toEpochMilli(), resumed.toEpochMilli()));
      age.listenedSince(since);
    }
  }

  /** The longest time for which an old signal still decides whether a slice is good. */
  public Duration longestLimit() {
    Duration longest = Duration.ZERO;
    for (ObjectiveState state : states.values()) {
      if (state instanceof AgeState age && age.limit().compareTo(longest) > 0) {
        longest = age.limit();
      }
    }
    return longest;
  }

  /** Takes a durable point. */
  public void apply(MetricPoint point) {
    List<ObjectiveState> candidates = byMetric.get(point.series().metric());
    if (candidates == null) {
      return;
    }
    SeriesState own =
        series.computeIfAbsent(
            point.series().id(),
            id ->
                new SeriesState(
                    known.computeIfAbsent(id, unknown -> new Increases()),
                    feeds(point.series(), candidates)));
    if (own.feeds().isEmpty() || !own.increases().isNew(point)) {
      return;
    }
    long listeningNanos = listeningSince.getEpochSecond() * 1_000_000_000L;
    boolean histogram = point.bucketCounts().length > 0;
    MetricPoint counted = histogram ? own.increases().histogram(point, listeningNanos) : point;
    double increase = histogram ? 0 : own.increases().increase(point, listeningNanos);
    long at = Math.floorDiv(point.timeNanos(), 1_000_000L);
    for (ObjectiveState state : own.feeds()) {
      long oldest = state.nextSlice - state.objective.allowedLateness().toMillis();
      if (at < oldest && !replaying) {
        tooLate++;
        continue;
      }
      long concerns = state.apply(counted, increase);
      if (state.floor(concerns) < state.nextSlice) {
        restateFrom.merge(state.objective.id(), concerns, Math::min);
      }
    }
  }

  private static List<ObjectiveState> feeds(Series series, List<ObjectiveState> candidates) {
    return candidates.stream()
        .filter(
            state ->
                selectors(state.objective.sli()).stream()
                    .anyMatch(selector -> selector.matches(series)))
        .toList();
  }

  /** Judges every slice that has ended by {@code at}, and again what late points changed. */
  public List<BucketChange> evaluate(Instant at) {
    replaying = false;
    List<BucketChange> changes = new ArrayList<>();
    restateFrom.forEach(
        (id, from) -> {
          ObjectiveState state = states.get(id);
          if (state != null) {
            state.restateFrom(from, changes::add);
          }
        });
    restateFrom.clear();
    long until = at.toEpochMilli();
    long allJudged = until;
    for (ObjectiveState state : states.values()) {
      state.judgeUntil(until, down, changes::add);
      allJudged = Math.min(allJudged, state.nextSlice);
      long forget =
          state.nextSlice - state.objective.allowedLateness().toMillis() - SLACK.toMillis();
      state.forgetBefore(forget);
      state.judged.headMap(forget, false).clear();
    }
    long passed = allJudged;
    down.removeIf(interval -> interval[1] <= passed);
    return changes;
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

  /** The newest event time that an objective over ages knows of, or empty. */
  public Optional<Instant> newestEvent(ObjectiveId id) {
    return states.get(id) instanceof AgeState age ? age.newestEvent() : Optional.empty();
  }

  /** End of the last judged slice of an objective. */
  public Instant judgedUntil(ObjectiveId id) {
    ObjectiveState state = states.get(id);
    return state == null ? Instant.EPOCH : Instant.ofEpochMilli(state.nextSlice);
  }

  /** Points that came later than their objective accepts. */
  public long tooLate() {
    return tooLate;
  }
}
