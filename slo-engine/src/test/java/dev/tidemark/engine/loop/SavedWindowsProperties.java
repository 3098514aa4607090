package dev.tidemark.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Resumption;
import dev.tidemark.engine.condition.Settled;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.planned.Plans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.util.DoubleComparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start from saved windows knows what a start from all stored buckets knows. */
class SavedWindowsProperties {
  static final Instant START = Instant.parse("2026-03-28T00:00:00Z");
  static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        owner: team-payments
        objectives:
          - freshness: {within: 5m, target: 99.5%, window: 30d}
          - completeness: {atLeast: 99%, per: hour, target: 99%, window: month, timeZone: Europe/Warsaw}
          - validity: {target: 99.9%, window: 7d, noData: frozen}
          - validity: {name: valid-or-bad, target: 99.9%, window: 7d, noData: bad}
          - heartbeat: {connector: cdc, every: 1m, target: 99.9%, window: 7d}
      """;

  /**
   * Work every night in local time, and once, over it, what counts as good. Slices of an hour and
   * of a minute are covered by halves: those add up without rounding in any order.
   */
  static final String MAINTENANCE =
      """
      ---
      apiVersion: tidemark/v1
      kind: Maintenance
      metadata: {name: nightly}
      spec: {covers: ["*"], from: 2026-03-28T03:30, duration: 1h, repeat: FREQ=DAILY,
             timeZone: Europe/Warsaw, budget: drop, reason: vacuum, ticket: OPS-1}
      ---
      apiVersion: tidemark/v1
      kind: Maintenance
      metadata: {name: once}
      spec: {covers: [orders-validity, cdc], from: "2026-03-28T03:10:30Z", duration: 3h,
             budget: good, reason: reload, ticket: OPS-2}
      """;

  /** Puts in force what definitions plan. */
  static void correct(Judge judge, Definitions definitions) {
    for (Objective objective : definitions.objectives()) {
      judge.correct(
          objective.id(),
          Plans.of(definitions).corrections(objective, START, START.plus(Duration.ofDays(60))),
          Map.of());
    }
  }

  static Definitions definitions(String text) {
    ParseResult result = DefinitionParser.parse(List.of(new SourceFile("d.yaml", text)));
    assertThat(
            result.problems().stream()
                .filter(p -> p.severity() == dev.tidemark.engine.definition.Problem.Severity.ERROR)
                .toList())
        .isEmpty();
    return result.definitions();
  }

  static Instant minute(long minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  static MetricPoint point(
      String metric, MetricKind kind, Map<String, String> attributes, Instant at, double value) {
    return MetricPoint.number(
        Series.of(metric, kind, "1", Map.of(), attributes),
        0,
        at.getEpochSecond() * 1_000_000_000L,
        value);
  }

  /** Beats, watermarks and counts with gaps and late ones, by the minute in which they arrive. */
  static Map<Long, List<MetricPoint>> signals(Random random, long minutes) {
    Map<Long, List<MetricPoint>> arriving = new HashMap<>();
    for (long minute = 1; minute < minutes; minute++) {
      Instant at = minute(minute);
      List<MetricPoint> points = new ArrayList<>();
      if (random.nextInt(10) > 0) {
        points.add(
            point("tidemark.heartbeat", MetricKind.DELTA_SUM, Map.of("connector", "cdc"), at, 1));
      }
      if (random.nextInt(8) > 0) {
        points.add(
            point(
                "tidemark.watermark",
                MetricKind.GAUGE,
                Map.of("dataset", "orders"),
                at,
                (double) (at.getEpochSecond() - random.nextInt(400))));
      }
      // Now and then there are no records for longer than verdicts are kept.
      boolean records = minute / 100 % 5 != 4;
      for (String outcome :
          records ? List.of("observed", "expected", "rejected") : List.<String>of()) {
        double value = outcome.equals("rejected") ? random.nextInt(2) : 500 + random.nextInt(600);
        points.add(
            point(
                "tidemark.records",
                MetricKind.DELTA_SUM,
                Map.of("dataset", "orders", "outcome", outcome),
                at,
                value));
      }
      for (MetricPoint point : points) {
        long late = random.nextInt(20) == 0 ? random.nextInt(3) : 0;
        arriving.computeIfAbsent(minute + late, m -> new ArrayList<>()).add(point);
      }
    }
    return arriving;
  }

  @Property(tries = 30)
  void a_start_from_saved_windows_knows_what_a_start_from_all_buckets_knows(@ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    Definitions definitions = definitions(DEFINITIONS + MAINTENANCE);
    // Over the change to summer time of Warsaw and the end of the month.
    long saved = 1_500L + random.nextInt(4_000);
    long stopped = saved + random.nextInt(600);
    Map<Long, List<MetricPoint>> arriving = signals(random, stopped);
    Judge live = new Judge(definitions, START);
    correct(live, definitions);
    Map<ObjectiveId, Map<Instant, BucketChange>> stored = new LinkedHashMap<>();
    List<MetricPoint> points = new ArrayList<>();
    Path file = Files.createTempFile("windows", ".bin");
    for (long minute = 1; minute <= stopped; minute++) {
      List<MetricPoint> now = arriving.getOrDefault(minute, List.of());
      now.forEach(live::apply);
      points.addAll(now);
      live.tick(minute(minute))
          .bucketChanges()
          .forEach(
              change ->
                  stored
                      .computeIfAbsent(change.objective(), id -> new LinkedHashMap<>())
                      .put(change.start(), change));
      if (minute == saved) {
        save(file, live, definitions);
      }
    }
    Instant end = minute(stopped);
    points.sort(java.util.Comparator.comparingLong(MetricPoint::timeNanos));
    Judge slow = restarted(definitions, end, stored, points, Map.of());
    Judge quick = new Judge(definitions, end);
    Resumption resumption = quick.resumeAt(end.minus(quick.horizon()));
    Map<ObjectiveId, Instant> taken = SavedWindows.load(file, resumption);
    assertThat(taken).hasSize(definitions.objectives().size());
    correct(quick, definitions);
    stored.forEach(
        (id, changes) ->
            changes.values().stream()
                .filter(change -> change.start().isBefore(taken.getOrDefault(id, START)))
                .forEach(change -> resumption.recount(id, change.start(), change.after())));
    go(quick, resumption, end, stored, points, taken);
    for (Objective objective : definitions.objectives()) {
      // A first slice without data is in no bucket, so buckets alone tell of a little less
      // watching.
      BudgetSnapshot found = quick.snapshot(objective.id(), end).orElseThrow();
      assertAlike(
          found,
          slow.snapshot(objective.id(), end).orElseThrow(),
          "%s, saved at %s, stopped at %s".formatted(objective.id(), saved, stopped));
      assertAlike(
          found,
          live.snapshot(objective.id(), end).orElseThrow(),
          objective.id() + " against the judge that never stopped");
      assertThat(quick.snapshot(objective.id(), end).flatMap(BudgetSnapshot::frozenSince))
          .isEqualTo(live.snapshot(objective.id(), end).flatMap(BudgetSnapshot::frozenSince));
      assertThat(slow.snapshot(objective.id(), end).flatMap(BudgetSnapshot::frozenSince))
          .isEqualTo(live.snapshot(objective.id(), end).flatMap(BudgetSnapshot::frozenSince));
      assertThat(quick.snapshot(objective.id(), end).map(BudgetSnapshot::coverageRatio))
          .isEqualTo(live.snapshot(objective.id(), end).map(BudgetSnapshot::coverageRatio));
      assertThat(quick.remarks(objective.id())).isEqualTo(slow.remarks(objective.id()));
    }
    Files.delete(file);
  }

  private static void save(Path file, Judge judge, Definitions definitions) throws IOException {
    new WindowFile(file)
        .write(
            entries -> {
              for (Objective objective : definitions.objectives()) {
                entries.add(judge.settled(objective.id()).orElseThrow());
              }
            });
  }

  private static Judge restarted(
      Definitions definitions,
      Instant end,
      Map<ObjectiveId, Map<Instant, BucketChange>> stored,
      List<MetricPoint> points,
      Map<ObjectiveId, Instant> taken) {
    Judge judge = new Judge(definitions, end);
    Resumption resumption = judge.resumeAt(end.minus(judge.horizon()));
    correct(judge, definitions);
    go(judge, resumption, end, stored, points, taken);
    return judge;
  }

  private static void go(
      Judge judge,
      Resumption resumption,
      Instant end,
      Map<ObjectiveId, Map<Instant, BucketChange>> stored,
      List<MetricPoint> points,
      Map<ObjectiveId, Instant> taken) {
    stored.forEach(
        (id, changes) ->
            changes.values().stream()
                .filter(change -> !change.start().isBefore(taken.getOrDefault(id, START)))
                .forEach(
                    change ->
                        resumption.restore(id, change.start(), change.after(), change.unknown())));
    Instant from = resumption.replayFrom();
    points.stream().filter(point -> !point.eventTime().isBefore(from)).forEach(judge::apply);
    assertThat(judge.tick(end)).isNotNull();
  }

  @Test
  void a_damaged_or_foreign_file_gives_nothing_and_says_so(@TempDir Path folder)
      throws IOException {
    Definitions definitions = definitions(DEFINITIONS);
    Judge judge = new Judge(definitions, START);
    Resumption resumption = judge.resumeAt(START);
    Path file = folder.resolve("windows.bin");
    assertThat(SavedWindows.load(file, resumption)).isEmpty();
    save(file, judge, definitions);
    byte[] whole = Files.readAllBytes(file);
    List<Settled> read = new ArrayList<>();
    assertThat(new WindowFile(file).read(read::add)).isTrue();
    assertThat(read).hasSize(5);
    for (int length : new int[] {0, 7, 20, whole.length / 2, whole.length - 20}) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      List<Settled> torn = new ArrayList<>();
      assertThatThrownBy(() -> new WindowFile(file).read(torn::add))
          .as("cut to %s bytes", length)
          .isInstanceOf(IOException.class);
      assertThat(torn).isEmpty();
      assertThat(SavedWindows.load(file, resumption)).isEmpty();
    }
    Files.writeString(file, "something else altogether");
    assertThat(SavedWindows.load(file, resumption)).isEmpty();
  }

  @Test
  void other_windows_take_nothing_over(@TempDir Path folder) throws IOException {
    Definitions definitions = definitions(DEFINITIONS);
    Judge judge = new Judge(definitions, START);
    assertThat(judge.resumeAt(START)).isNotNull();
    Path file = folder.resolve("windows.bin");
    save(file, judge, definitions);
    Definitions changed =
        definitions(
            DEFINITIONS.replace("target: 99.5%, window: 30d", "target: 99.5%, window: 28d"));
    Resumption other = new Judge(changed, START).resumeAt(START);
    assertThat(SavedWindows.load(file, other).keySet())
        .extracting(ObjectiveId::value)
        .containsExactlyInAnyOrder(
            "orders-completeness", "orders-validity", "valid-or-bad", "orders-heartbeat");
  }

  /**
   * The same budget and burn rates. Shares of slices are no whole numbers, so the order of adding
   * may show in the last digits.
   */
  static void assertAlike(BudgetSnapshot found, BudgetSnapshot expected, String what) {
    assertThat(found.budget())
        .as(what)
        .usingRecursiveComparison()
        .withComparatorForType(new DoubleComparator(1e-6), Double.class)
        // A first slice without data is in no bucket, so buckets alone tell of less watching.
        .ignoringFields("seen")
        .isEqualTo(expected.budget());
    assertThat(found.burnRates()).as(what).hasSameSizeAs(expected.burnRates());
    expected
        .burnRates()
        .forEach(
            (window, rate) ->
                assertThat(found.burnRates().getOrDefault(window, new BurnRate(-1)).value())
                    .as("%s over %s", what, window)
                    .isCloseTo(rate.value(), within(1e-9)));
  }
}
