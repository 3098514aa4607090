package dev.tidemark.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Refill;
import dev.tidemark.engine.condition.Resumption;
import dev.tidemark.engine.condition.Tick;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.MovedObjective;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * However often Tidemark stops and comes back, with signals that wait at their senders meanwhile:
 * one restart more changes nothing, also not what is unknown because Tidemark was away before.
 */
class RestartProperties {
  private static final Definitions DEFINITIONS =
      SavedWindowsProperties.definitions(
          SavedWindowsProperties.DEFINITIONS
              + """
                  - heartbeat: {name: cdc-hourly, connector: cdc, every: 20m, target: 99%,
                      window: 7d, allowedLateness: 20m}
                  - composite: {name: journey, target: 99%, window: 7d,
                      of: [{freshness: {within: 5m}}, {validity: {target: 99%}}]}
              """
              + SavedWindowsProperties.MAINTENANCE);

  /** What the store keeps. */
  private final Map<ObjectiveId, Map<Instant, BucketChange>> buckets = new LinkedHashMap<>();

  private final List<MetricPoint> points = new ArrayList<>();

  @Property(tries = 40)
  void a_restart_finds_what_the_judge_before_it_knew_after_any_restarts(@ForAll long seed) {
    buckets.clear();
    points.clear();
    Random random = new Random(seed);
    long end = 200L + random.nextInt(400);
    Map<Long, List<MetricPoint>> arriving = SavedWindowsProperties.signals(random, end);
    Judge judge = new Judge(DEFINITIONS, SavedWindowsProperties.START);
    SavedWindowsProperties.correct(judge, DEFINITIONS);
    for (long minute = 1; minute <= end; minute++) {
      if (random.nextInt(40) == 0) {
        edit(judge, minute - 1);
      }
      if (minute > 2 && random.nextInt(60) == 0) {
        long stopped = minute - 1;
        long back = stopped + 1 + random.nextInt(15);
        judge = restarted(stopped);
        judge.markDown(at(stopped), at(back));
        for (long missed = minute; missed < back; missed++) {
          List<MetricPoint> waiting = new ArrayList<>(arriving.getOrDefault(missed, List.of()));
          // Some of it is lost, some comes at once, and the rest later.
          waiting.removeIf(point -> random.nextInt(4) == 0);
          List<MetricPoint> later = new ArrayList<>(waiting);
          later.removeIf(point -> random.nextBoolean());
          waiting.removeAll(later);
          arriving.computeIfAbsent(back, m -> new ArrayList<>()).addAll(waiting);
          arriving.computeIfAbsent(back + 3, m -> new ArrayList<>()).addAll(later);
        }
        minute = back;
      }
      List<MetricPoint> now = arriving.getOrDefault(minute, List.of());
      now.forEach(judge::apply);
      points.addAll(now);
      store(judge.tick(at(minute)));
      if (minute >= end) {
        assertSame(judge, restarted(minute), at(minute));
      }
    }
  }

  /** The store does not say what came too late to be heard, and a restart hears it. */
  @Example
  void a_restart_hears_what_came_too_late_to_the_judge_before_it() {
    buckets.clear();
    points.clear();
    Judge judge = new Judge(DEFINITIONS, SavedWindowsProperties.START);
    store(judge.tick(at(65)));
    // An hour is allowed, and everything until minute 65 is judged.
    MetricPoint late =
        SavedWindowsProperties.point(
            "tidemark.heartbeat", MetricKind.DELTA_SUM, Map.of("connector", "cdc"), at(3), 1);
    judge.apply(late);
    store(judge.tick(at(65)));
    ObjectiveId id = new ObjectiveId("orders-heartbeat");
    // Two minutes of grace after the start.
    assertThat(judge.snapshot(id, at(65)).orElseThrow().counts()).isEqualTo(new EventCounts(2, 65));
    assertThat(judge.tooLate().total()).isPositive();
    points.add(late);
    // Slices that end at 3, 4 and 5 were good.
    assertThat(replayed(65).snapshot(id, at(65)).orElseThrow().counts())
        .isEqualTo(new EventCounts(5, 65));
  }

  /** An edit that says nothing new: every objective is defined at another place. */
  private static void edit(Judge judge, long minute) {
    Definitions moved =
        new Definitions(
            DEFINITIONS.datasets(),
            DEFINITIONS.objectives().stream().map(MovedObjective::of).toList(),
            DEFINITIONS.maintenance(),
            DEFINITIONS.other());
    Refill refill = judge.refill(moved, objective -> List.of(), at(minute));
    assertThat(refill.wanted()).isEmpty();
    judge.reload(moved, at(minute), refill);
  }

  private static Instant at(long minute) {
    return SavedWindowsProperties.minute(minute);
  }

  private void store(Tick tick) {
    for (BucketChange change : tick.bucketChanges()) {
      buckets
          .computeIfAbsent(change.objective(), id -> new HashMap<>())
          .put(change.start(), change);
    }
  }

  /** A restart that judges everything as it was judged before. */
  private Judge restarted(long stopped) {
    Map<ObjectiveId, Map<Instant, String>> before = found();
    Judge judge = replayed(stopped);
    assertThat(found()).isEqualTo(before);
    return judge;
  }

  /** What is stored of every slice, without how it came about. */
  private Map<ObjectiveId, Map<Instant, String>> found() {
    Map<ObjectiveId, Map<Instant, String>> found = new HashMap<>();
    buckets.forEach(
        (id, own) -> {
          Map<Instant, String> slices = new HashMap<>();
          own.forEach(
              (start, change) ->
                  slices.put(start, change.unknown() ? "unknown" : change.after().toString()));
          found.put(id, slices);
        });
    return found;
  }

  /** The steps of a restart that {@link Resumption} names. */
  private Judge replayed(long stopped) {
    Judge judge = new Judge(DEFINITIONS, at(stopped));
    Instant from = at(stopped).minus(judge.horizon());
    Resumption resumption = judge.resumeAt(from);
    SavedWindowsProperties.correct(judge, DEFINITIONS);
    List<BucketChange> inAnyOrder = new ArrayList<>();
    buckets.values().forEach(own -> inAnyOrder.addAll(own.values()));
    Collections.shuffle(inAnyOrder, new Random(stopped));
    for (BucketChange change : inAnyOrder) {
      resumption.restore(change.objective(), change.start(), change.after(), change.unknown());
    }
    Instant replayed = resumption.replayFrom();
    points.stream()
        .filter(point -> !point.eventTime().isBefore(replayed))
        .sorted(Comparator.comparingLong(MetricPoint::timeNanos))
        .forEach(judge::apply);
    store(judge.tick(at(stopped)));
    return judge;
  }

  private static void assertSame(Judge one, Judge other, Instant at) {
    for (Objective objective : DEFINITIONS.objectives()) {
      ObjectiveId id = objective.id();
      BudgetSnapshot is = other.snapshot(id, at).orElseThrow();
      BudgetSnapshot was = one.snapshot(id, at).orElseThrow();
      SavedWindowsProperties.assertAlike(is, was, id.value());
      assertThat(is.frozenSince()).as(id.value()).isEqualTo(was.frozenSince());
      assertThat(is.corrections()).as(id.value()).isEqualTo(was.corrections());
      assertThat(other.currentlyBad(id)).as(id.value()).isEqualTo(one.currentlyBad(id));
    }
  }
}
