package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Time of which nobody knows, because Tidemark was away, over the end of a month, for every policy
 * of no data; and silence that freezes windows over the end of a month. A hundred records come
 * every minute from 20:00 to 22:00 of the last day of March, of which two a minute are rejected in
 * the first hour: 12,000 records, 120 of them bad, where 1 % may be.
 *
 * <p>Tidemark is away from 22:00 to 00:30, 150 slices. Then nothing comes for ten minutes, and a
 * hundred good records at 00:40.
 */
class UnknownTimeTest {
  private static final Instant START = Instant.parse("2026-03-31T20:00:00Z");
  private static final ObjectiveId ID = new ObjectiveId("orders-validity");
  private static final int GONE = 120;
  private static final int BACK = 270;
  private static final int MORE = 280;
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final Duration TWO_HOURS = Duration.ofHours(2);
  private static final Duration SIX_HOURS = Duration.ofHours(6);

  /** Whether the judge goes on all the time, or another one starts from what was stored. */
  private enum Kind {
    LIVE,
    RESTARTED
  }

  /** A judge, all that came and all that it stored. */
  private static final class World {
    private final Definitions definitions;
    private final Kind kind;
    private final List<MetricPoint> came = new ArrayList<>();
    private final Map<Instant, BucketChange> stored = new LinkedHashMap<>();
    private Judge judge;
    private int now;

    World(String noData, Kind kind) {
      ParseResult parsed =
          DefinitionParser.parse(
              List.of(
                  new SourceFile(
                      "d.yaml",
                      """
                      apiVersion: tidemark/v1
                      kind: Dataset
                      metadata: {name: orders}
                      spec:
                        objectives:
                          - validity: {target: 99%%, window: month, timeZone: UTC, noData: %s}
                      """
                          .formatted(noData))));
      assertThat(parsed.hasErrors()).as("%s", parsed.problems()).isFalse();
      this.definitions = parsed.definitions();
      this.kind = kind;
      this.judge = new Judge(definitions, START);
      for (int minute = 0; minute < GONE; minute++) {
        records(minute, minute < 60 ? 2 : 0);
        Tick unused = until(minute + 1);
      }
    }

    void records(int minute, int rejected) {
      for (String outcome : List.of("observed", "rejected")) {
        MetricPoint point =
            MetricPoint.number(
                Series.of(
                    "tidemark.records",
                    MetricKind.DELTA_SUM,
                    "1",
                    Map.of(),
                    Map.of("dataset", "orders", "outcome", outcome)),
                0,
                minute(minute).getEpochSecond() * 1_000_000_000L,
                outcome.equals("observed") ? 100 : rejected);
        came.add(point);
        judge.apply(point);
      }
    }

    Tick until(int minute) {
      now = minute;
      Tick tick = judge.tick(minute(minute));
      tick.bucketChanges().forEach(change -> stored.put(change.start(), change));
      return tick;
    }

    /** Another judge takes over: at once, or after a time in which there was none. */
    void away(int until) {
      int from = now;
      if (kind == Kind.RESTARTED) {
        restart();
      }
      if (until > from) {
        judge.markDown(minute(from), minute(until));
        assertThat(until(until).bucketChanges()).hasSize(until - from);
      }
    }

    void restart() {
      judge = new Judge(definitions, minute(now));
      Resumption resumption = judge.resumeAt(minute(now).minus(judge.horizon()));
      judge.correct(ID, List.of(), Map.of());
      // In no particular order.
      List<BucketChange> buckets = new ArrayList<>(stored.values());
      java.util.Collections.shuffle(buckets, new java.util.Random(now));
      buckets.forEach(
          change -> resumption.restore(ID, change.start(), change.after(), change.unknown()));
      Instant replayed = resumption.replayFrom();
      came.stream().filter(point -> !point.eventTime().isBefore(replayed)).forEach(judge::apply);
      Tick unused = until(now);
    }

    BudgetSnapshot snapshot() {
      return judge.snapshot(ID, minute(now)).orElseThrow();
    }

    double rate(Duration window) {
      return snapshot().burnRates().getOrDefault(window, new BurnRate(-1)).value();
    }
  }

  private static Instant minute(int minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  private static void assertMonth(World world, String begin, EventCounts counts) {
    BudgetSnapshot snapshot = world.snapshot();
    assertThat(snapshot.budget().start()).isEqualTo(Instant.parse(begin));
    assertThat(snapshot.counts()).isEqualTo(counts);
  }

  private static void assertRate(World world, Duration window, String expected) {
    if (expected.equals("none")) {
      assertThat(world.rate(window)).as("over %s", window).isNaN();
    } else {
      assertThat(world.rate(window))
          .as("over %s", window)
          .isCloseTo(Double.parseDouble(expected), within(1e-6));
    }
  }

  /**
   * Nothing of the time away is counted, whatever silence means: nobody knows that it was silent.
   * Ten minutes of silence after it are good, bad or nothing.
   *
   * <p>At 00:40 the six hours reach back to 18:40 and hold everything: 120 bad of 12,000 are 1 %,
   * which is 1; ten good ones more make it 120 / 12,010 / 1 % = 0.999167, ten bad ones 130 / 12,010
   * / 1 % = 1.082431. The two hours reach back to 22:40 and hold the ten slices alone. At 00:41 a
   * hundred are good beside them: 10 / 110 / 1 % = 9.090909. The half hour is the same.
   */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    // policy, judge, after ten minutes: good, total, 2 h, 6 h, after more: good, total, 30 min
    "good, LIVE, 10, 10, 0, 0.999167, 110, 110, 0",
    "good, RESTARTED, 10, 10, 0, 0.999167, 110, 110, 0",
    "bad, LIVE, 0, 10, 100, 1.082431, 100, 110, 9.090909",
    "bad, RESTARTED, 0, 10, 100, 1.082431, 100, 110, 9.090909",
    "ignored, LIVE, 0, 0, none, 1, 100, 100, 0",
    "ignored, RESTARTED, 0, 0, none, 1, 100, 100, 0",
  })
  void silence_counts_again_once_somebody_listens(
      String policy,
      Kind kind,
      double good,
      double total,
      String twoHours,
      String sixHours,
      double goodLater,
      double totalLater,
      String halfHourLater) {
    World world = new World(policy, kind);
    world.away(BACK);
    // A new month, of which nobody knows anything; what was known last is what is shown.
    assertMonth(world, "2026-04-01T00:00:00Z", EventCounts.NONE);
    assertThat(world.snapshot().leftRatio()).isEmpty();
    assertThat(world.snapshot().isKnown()).isFalse();
    assertRate(world, SIX_HOURS, "1");
    for (int minute = BACK; minute < MORE; minute++) {
      assertThat(world.until(minute + 1).bucketChanges()).hasSize(total > 0 ? 1 : 0);
    }
    // Another start, of which the stored unknown slices are all that tells of the time away.
    world.away(MORE);
    assertMonth(world, "2026-04-01T00:00:00Z", new EventCounts(good, total));
    assertRate(world, TWO_HOURS, twoHours);
    assertRate(world, SIX_HOURS, sixHours);
    // Of the forty minutes of April ten were watched.
    assertThat(world.snapshot().coverage().watchedRatio()).isCloseTo(10 / 40.0, within(1e-9));
    world.records(MORE, 0);
    assertThat(world.until(MORE + 1).bucketChanges()).hasSize(1);
    world.away(MORE + 1);
    assertMonth(world, "2026-04-01T00:00:00Z", new EventCounts(goodLater, totalLater));
    assertRate(world, HALF_HOUR, halfHourLater);
    assertThat(world.snapshot().coverage().watchedRatio()).isCloseTo(11 / 41.0, within(1e-9));
  }

  /**
   * Frozen windows stay in March until something comes, whether Tidemark was away or not: 99 % good
   * is all that may be bad, so nothing is left. Then six hours hold 120 bad of 12,100: 0.991736.
   */
  @ParameterizedTest
  @CsvSource({"LIVE, true", "RESTARTED, true", "LIVE, false", "RESTARTED, false"})
  void frozen_windows_stay_in_the_old_month_until_something_comes(Kind kind, boolean gone) {
    World world = new World("frozen", kind);
    if (gone) {
      world.away(BACK);
    }
    for (int minute = gone ? BACK : GONE; minute < MORE; minute++) {
      assertThat(world.until(minute + 1).bucketChanges()).isEmpty();
    }
    world.away(MORE);
    assertMonth(world, "2026-03-01T00:00:00Z", new EventCounts(11_880, 12_000));
    assertRate(world, TWO_HOURS, "1");
    assertRate(world, SIX_HOURS, "1");
    assertThat(world.snapshot().frozenSince()).contains(minute(GONE));
    assertThat(world.snapshot().budget().leftRatio().orElseThrow()).isCloseTo(0, within(1e-9));
    world.records(MORE, 0);
    assertThat(world.until(MORE + 1).bucketChanges()).hasSize(1);
    world.away(MORE + 1);
    assertMonth(world, "2026-04-01T00:00:00Z", new EventCounts(100, 100));
    assertRate(world, TWO_HOURS, "0");
    assertRate(world, SIX_HOURS, "0.991736");
    assertThat(world.snapshot().frozenSince()).isEmpty();
  }

  /** The last records came so late in March that they are judged again after the restart. */
  @Test
  void frozen_windows_stay_in_the_old_month_when_all_of_it_is_judged_again() {
    World world = new World("frozen", Kind.LIVE);
    int last = 239;
    world.records(last, 4);
    Tick unused = world.until(last + 5);
    world.stored.keySet().removeIf(start -> start.isBefore(minute(last)));
    world.came.removeIf(point -> point.eventTime().isBefore(minute(last)));
    world.restart();
    assertMonth(world, "2026-03-01T00:00:00Z", new EventCounts(96, 100));
    assertThat(world.snapshot().frozenSince()).contains(minute(last + 1));
  }

  /** What was bad when Tidemark went is not undone by its being away for less than the windows. */
  @ParameterizedTest
  @ValueSource(strings = {"good", "bad", "ignored", "frozen"})
  void a_page_holds_over_a_short_absence(String policy) {
    World world = new World(policy, Kind.LIVE);
    for (int minute = GONE; minute < GONE + 30; minute++) {
      world.records(minute, 50);
      Tick unused = world.until(minute + 1);
    }
    assertThat(world.until(GONE + 30).firing()).hasSize(1);
    world.away(GONE + 35);
    assertThat(world.judge.tick(minute(GONE + 35)).firing()).hasSize(1);
    World restarted = new World(policy, Kind.RESTARTED);
    for (int minute = GONE; minute < GONE + 30; minute++) {
      restarted.records(minute, 50);
      Tick unused = restarted.until(minute + 1);
    }
    restarted.away(GONE + 35);
    assertThat(restarted.judge.tick(minute(GONE + 35)).firing()).hasSize(1);
  }
}
