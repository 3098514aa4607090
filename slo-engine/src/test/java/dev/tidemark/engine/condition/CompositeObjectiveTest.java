package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A composite has a budget, windows, conditions and corrections like any other objective. */
class CompositeObjectiveTest {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  private static final ObjectiveId TOGETHER = new ObjectiveId("orders-composite");

  private static ParseResult parse(String line) {
    return DefinitionParser.parse(
        List.of(
            new SourceFile(
                "d.yaml",
                """
                apiVersion: tidemark/v1
                kind: Dataset
                metadata: {name: orders}
                spec:
                  producedBy: load
                  objectives:
                    - %s
                """
                    .formatted(line))));
  }

  private static Definitions definitions(String line) {
    ParseResult parsed = parse(line);
    assertThat(parsed.problems()).isEmpty();
    return parsed.definitions();
  }

  private static Instant minute(int minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  private static MetricPoint point(
      String metric, MetricKind kind, String outcome, int minute, double value) {
    return MetricPoint.number(
        Series.of(
            metric,
            kind,
            "1",
            Map.of(),
            outcome.isEmpty()
                ? Map.of("dataset", "orders")
                : Map.of("dataset", "orders", "outcome", outcome)),
        0,
        minute(minute).getEpochSecond() * 1_000_000_000L + 1,
        value);
  }

  private static void load(Judge judge, int minute, double rejected) {
    judge.apply(
        point(
            "tidemark.watermark",
            MetricKind.GAUGE,
            "",
            minute,
            (double) minute(minute).getEpochSecond()));
    judge.apply(point("tidemark.records", MetricKind.DELTA_SUM, "observed", minute, 100));
    judge.apply(point("tidemark.records", MetricKind.DELTA_SUM, "rejected", minute, rejected));
  }

  private static final String FRESH_AND_VALID =
      "composite: {of: [{freshness: {within: 5m}}, {validity: {target: 95%}}], target: 99%,"
          + " window: 30d}";

  /**
   * Ten minutes: 4 of 100 records rejected is good enough, 6 are not (minutes 3 and 4); from minute
   * 7 on nothing comes, so the record of minute 6 is 4 min old at the end of minute 9, and 6 min at
   * the end of minute 11: minutes 11 and 12 are bad.
   */
  @Test
  void a_slice_is_bad_if_it_is_stale_or_invalid() {
    Judge judge = new Judge(definitions(FRESH_AND_VALID), START);
    for (int minute = 0; minute < 7; minute++) {
      load(judge, minute, minute == 3 || minute == 4 ? 6 : 4);
    }

    List<BucketChange> changes = judge.tick(minute(13)).bucketChanges();

    assertThat(changes.stream().filter(change -> change.after().bad() > 0))
        .extracting(BucketChange::start)
        .containsExactly(minute(3), minute(4), minute(11), minute(12));
    assertThat(judge.snapshot(TOGETHER, minute(13)).orElseThrow().counts())
        .isEqualTo(new EventCounts(9, 13));
  }

  @Test
  void it_pages_and_a_correction_takes_its_slices_out_again() {
    Judge judge = new Judge(definitions(FRESH_AND_VALID), START);
    for (int minute = 0; minute < 60; minute++) {
      load(judge, minute, minute < 30 ? 0 : 100);
      assertThat(judge.tick(minute(minute + 1))).isNotNull();
    }
    Tick tick = judge.tick(minute(61));
    assertThat(tick.firing())
        .extracting(firing -> firing.objective().id())
        .containsExactly(TOGETHER);

    judge.correct(
        TOGETHER,
        List.of(new Correction("c1", minute(30), minute(60), Correction.Mode.DROP)),
        Map.of());
    assertThat(judge.snapshot(TOGETHER, minute(61)).orElseThrow().counts())
        .isEqualTo(new EventCounts(31, 31));
  }

  @Test
  void what_nobody_heard_is_unknown_and_not_green() {
    Judge judge = new Judge(definitions(FRESH_AND_VALID), START);
    for (int minute = 0; minute < 5; minute++) {
      load(judge, minute, 0);
    }
    assertThat(judge.tick(minute(5))).isNotNull();
    judge.markDown(minute(5), minute(8));

    assertThat(judge.tick(minute(8)).bucketChanges()).hasSize(3).allMatch(BucketChange::unknown);
  }

  /**
   * The steps of a restart are those that {@link Resumption} names; every seventh minute is bad.
   */
  @Test
  void a_restart_finds_what_would_have_been_without_it() {
    Definitions definitions = definitions(FRESH_AND_VALID);
    Judge straight = new Judge(definitions, START);
    List<BucketChange> stored = new ArrayList<>();
    for (int minute = 0; minute < 200; minute++) {
      load(straight, minute, minute % 7 == 0 ? 8 : 1);
      stored.addAll(straight.tick(minute(minute + 1)).bucketChanges());
    }
    Judge after = new Judge(definitions, minute(200));
    Instant horizon = minute(200).minus(after.horizon());
    Resumption resumption = after.resumeAt(horizon);
    stored.forEach(
        change ->
            resumption.restore(
                change.objective(), change.start(), change.after(), change.unknown()));
    Instant replayed = resumption.replayFrom();
    for (int minute = 0; minute < 200; minute++) {
      if (!minute(minute).isBefore(replayed)) {
        load(after, minute, minute % 7 == 0 ? 8 : 1);
      }
    }
    assertThat(after.tick(minute(200))).isNotNull();

    assertThat(straight.snapshot(TOGETHER, minute(200)).orElseThrow().counts())
        .isEqualTo(new EventCounts(171, 200));
    assertThat(after.snapshot(TOGETHER, minute(200)).orElseThrow().counts())
        .isEqualTo(new EventCounts(171, 200));
  }

  /**
   * Half of it by weight: 2 × 10 % of invalid records lack 20 % of a slice, staleness all of it.
   */
  @Test
  void shortfalls_add_up_by_weight() {
    Judge judge =
        new Judge(
            definitions(
                "composite: {of: [{freshness: {within: 5m}}, {validity: {weight: 2}}],"
                    + " method: ratioTimeslices, target: 90%, window: 30d}"),
            START);
    load(judge, 0, 10);
    List<BucketChange> changes = judge.tick(minute(1)).bucketChanges();

    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).after().good()).isCloseTo(0.8, within(1e-9));
  }

  @Test
  void what_cannot_be_combined_is_said_at_its_place() {
    assertThat(
            parse(
                    "composite: {of: [{completeness: {atLeast: 99%}}, {validity: {weight: 0}},"
                        + " {freshnes: {within: 5m}}, {runs: {method: timeslices}}], method: any}")
                .problems())
        .extracting(Problem::toString)
        .satisfiesExactly(
            one -> assertThat(one).startsWith("d.yaml:7:24: 'completeness' cannot be a part"),
            one -> assertThat(one).startsWith("d.yaml:7:76: '0' is no weight"),
            one ->
                assertThat(one)
                    .contains("7:81: a part of a composite is one kind")
                    .endsWith("did you mean 'freshness'?"),
            one -> assertThat(one).contains("'method' is not known"),
            one -> assertThat(one).contains("'any' is no way to combine objectives"));
  }
}
