package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.ArrivalCalendar;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Freshness and heartbeat: a slice is good if at its end the newest watermark, or beat, is young
 * enough, or has reached what a calendar asked for. Silence ages it, so silence burns. Before the
 * first signal, and after Tidemark itself was away, the moment at which it began to listen stands
 * in for it: nobody is blamed for what nobody could have heard. With a roster the member that is
 * furthest behind decides.
 */
final class AgeState extends ObjectiveState {
  /** Whose signals count together when nobody in particular is expected. */
  private static final String EVERYBODY = "";

  private final long limitMillis;
  private final boolean watermark;
  private final Sli.@Nullable Arrival arrival;

  /** What is due now of each member, or of everybody together. */
  private final Map<String, ArrivalCalendar.Due> due;

  private Map<String, Staircase> members;

  /** The same, to go through without the map: this is the hot path. */
  private Staircase[] all;

  private String[] names;

  /** Starts of slices that were good before a restart, for as long as they may be judged again. */
  private NavigableSet<Long> assured = Collections.emptyNavigableSet();

  /** The moment that stands in for a signal. */
  private long standIn;

  AgeState(Objective objective, Instant listeningSince) {
    super(objective, listeningSince);
    if (objective.sli() instanceof Sli.Freshness freshness) {
      this.limitMillis = freshness.within().toMillis();
      this.watermark = true;
      this.arrival = null;
    } else if (objective.sli() instanceof Sli.Arrival byCalendar) {
      this.limitMillis = 0;
      this.watermark = true;
      this.arrival = byCalendar;
    } else if (objective.sli() instanceof Sli.Heartbeat heartbeat) {
      Duration limit = heartbeat.every().plus(heartbeat.grace());
      this.limitMillis = limit.toMillis();
      this.watermark = false;
      this.arrival = null;
    } else {
      throw new IllegalArgumentException("no age to judge in " + objective.sli().kind());
    }
    Map<String, Staircase> expected = new LinkedHashMap<>();
    objective.roster().members().forEach(member -> expected.put(member, new Staircase()));
    boolean declared = objective.roster().isDeclared();
    this.members = declared ? expected : Map.of(EVERYBODY, new Staircase());
    this.all = members.values().toArray(Staircase[]::new);
    this.names = members.keySet().toArray(String[]::new);
    // Objectives are many, arrivals are few.
    this.due = arrival == null ? Map.of() : new HashMap<>();
    this.standIn = listeningSince.toEpochMilli();
    members.values().forEach(steps -> steps.raise(standIn, standIn));
  }

  @Override
  void inheritSignals(ObjectiveState old) {
    if (old instanceof AgeState age && age.watermark == watermark) {
      members = age.members;
      all = age.all;
      names = age.names;
      standIn = age.standIn;
    }
  }

  /** Starts the grace again: signals before this moment could not be heard. */
  @Override
  void listenAgain(Instant since) {
    standIn = since.toEpochMilli();
    members.values().forEach(steps -> steps.raise(standIn, standIn));
  }

  /**
   * Puts the moment at which listening began where it was before a restart. Only before the first
   * signal.
   */
  @Override
  void listenedSince(Instant since) {
    standIn = since.toEpochMilli();
    for (Staircase steps : members.values()) {
      steps.clear();
      steps.raise(standIn, standIn);
    }
  }

  /**
   * Moves the moment that stands in for a signal to when signals could first be heard. What was
   * told before it is kept.
   */
  @Override
  void hearFrom(Instant moment) {
    long before = standIn;
    standIn = moment.toEpochMilli();
    for (Staircase steps : members.values()) {
      steps.remove(before, before);
      steps.raise(standIn, standIn);
    }
  }

  /** The greatest age that is good; for a calendar the longest pause between two deadlines. */
  @Override
  Duration limit() {
    Duration longest = Duration.ofMillis(limitMillis);
    if (arrival != null) {
      for (String member : members.keySet()) {
        ArrivalCalendar.Due now = arrival.calendarOf(member).at(Instant.ofEpochMilli(nextSlice));
        Duration pause = Duration.between(now.watermark(), now.until());
        longest = pause.compareTo(longest) > 0 ? pause : longest;
      }
    }
    return longest;
  }

  @Override
  boolean agesInSilence() {
    return true;
  }

  /** What was good stays so: a signal never makes older what is known. */
  @Override
  void recall(long start, EventCounts counts, boolean unknown) {
    super.recall(start, counts, unknown);
    if (!unknown && start >= nextSlice && counts.good() > 0 && counts.bad() <= 0) {
      assured = withRoom(assured);
      assured.add(start);
    }
  }

  @Override
  boolean speaksFor(long sliceStart, Slice verdict) {
    if (!verdict.equals(Slice.GOOD)) {
      return false;
    }
    long end = sliceStart + sliceMillis;
    for (Staircase steps : members.values()) {
      long observed = steps.observedAt(end);
      if (observed == Staircase.NOTHING || observed == standIn) {
        return false;
      }
    }
    return true;
  }

  @Override
  long apply(MetricPoint point, double increase) {
    long observed = Math.floorDiv(point.timeNanos(), 1_000_000L);
    long event = watermark ? Math.round(point.value() * 1_000) : observed;
    Staircase steps = members.get(member(point));
    if (steps != null) {
      steps.raise(observed, event);
    }
    // A slice asks what was known at its end, and that includes what was observed just then.
    return observed - 1;
  }

  private String member(MetricPoint point) {
    if (!objective.roster().isDeclared()) {
      return EVERYBODY;
    }
    String member = point.series().attribute(objective.roster().attribute());
    return member == null ? EVERYBODY : member;
  }

  @Override
  Slice judge(long sliceStart) {
    if (!assured.isEmpty() && assured.contains(sliceStart)) {
      return Slice.GOOD;
    }
    long end = sliceStart + sliceMillis;
    boolean good = true;
    for (int m = 0; m < all.length; m++) {
      long known = all[m].at(end);
      if (known == Staircase.NOTHING) {
        return Slice.UNKNOWN;
      }
      good &= known >= (arrival == null ? end - limitMillis : wanted(names[m], end));
    }
    return Slice.of(good);
  }

  /** The event time that a member, or everybody together, has to have reached at a moment. */
  private long wanted(String member, long moment) {
    if (arrival == null) {
      return moment - limitMillis;
    }
    Instant at = Instant.ofEpochMilli(moment);
    ArrivalCalendar.Due known = due.get(member);
    if (known == null || at.isBefore(known.from()) || !at.isBefore(known.until())) {
      known = arrival.calendarOf(member).at(at);
      due.put(member, known);
    }
    return known.watermark().toEpochMilli();
  }

  @Override
  void forgetBefore(long millis) {
    for (Staircase steps : all) {
      steps.forgetBefore(millis);
    }
    if (!assured.isEmpty()) {
      assured.headSet(millis).clear();
    }
  }

  /** Members that are behind at the end of the newest judged slice. */
  @Override
  List<String> behind() {
    return members.entrySet().stream()
        .filter(
            entry ->
                !entry.getKey().isEmpty()
                    && entry.getValue().at(nextSlice) < wanted(entry.getKey(), nextSlice))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * The newest event time that a signal told of, for people; with a roster that of the member
   * furthest behind. Empty while there was none: the moment that stands in for one is no signal.
   */
  @Override
  Optional<Instant> newestEvent() {
    long newest = Long.MAX_VALUE;
    for (Staircase steps : members.values()) {
      if (steps.newestObserved() == standIn || steps.newest() == Staircase.NOTHING) {
        return Optional.empty();
      }
      newest = Math.min(newest, steps.newest());
    }
    return Optional.of(Instant.ofEpochMilli(newest));
  }
}
