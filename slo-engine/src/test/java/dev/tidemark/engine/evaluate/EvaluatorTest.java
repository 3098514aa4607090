package dev.tidemark.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
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

/** Signals become slices; expected values are worked out by hand. */
class EvaluatorTest {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  private static final Map<String, String> PIPELINE = Map.of("service.name", "load");
  private static final Map<String, String> ORDERS = Map.of("dataset", "orders");

  private static List<Objective> objectives(String element) {
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
                      producedBy: load
                      objectives:
                        - %s
                    """
                        .formatted(element))));
    assertThat(parsed.hasErrors()).as(parsed.problems().toString()).isFalse();
    return parsed.definitions().objectives();
  }

  private static Instant minute(int minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  private static long nanos(int minute) {
    return minute(minute).getEpochSecond() * 1_000_000_000L;
  }

  private static List<EventCounts> judged(Evaluator evaluator, int until) {
    return changes(evaluator, until).stream().map(BucketChange::after).toList();
  }

  private static List<BucketChange> changes(Evaluator evaluator, int until) {
    List<BucketChange> changes = new ArrayList<>();
    evaluator.evaluate(
        minute(until),
        new Evaluator.ChangeListener() {
          @Override
          public void changed(int slot, BucketChange change) {
            changes.add(change);
          }

          @Override
          public void silent(int slot, long endMillis) {
            // Only what counts is asked for.
          }
        });
    return changes;
  }

  @Test
  void series_that_feed_nobody_or_ended_are_not_remembered() {
    String definition =
        """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: orders}
        spec:
          objectives:
            - validity: {target: 99%, window: 7d, allowedLateness: 10m}
        """;
    Evaluator evaluator =
        new Evaluator(
            DefinitionParser.parse(List.of(new SourceFile("d.yaml", definition)))
                .definitions()
                .objectives(),
            minute(0));
    for (int pod = 0; pod < 100; pod++) {
      for (String dataset : List.of("orders", "other")) {
        evaluator.apply(
            MetricPoint.number(
                Series.of(
                    "tidemark.records",
                    MetricKind.DELTA_SUM,
                    "1",
                    Map.of("k8s.pod.name", dataset + pod),
                    Map.of("dataset", dataset, "outcome", "observed")),
                0,
                minute(pod / 10).getEpochSecond() * 1_000_000_000L,
                1));
      }
    }
    assertThat(evaluator.remembered()).isEqualTo(100);
    Evaluator.ChangeListener nobody =
        new Evaluator.ChangeListener() {
          @Override
          public void changed(int slot, BucketChange change) {
            // What they count is of no interest here.
          }

          @Override
          public void silent(int slot, long endMillis) {
            // Neither is what they do not.
          }
        };
    evaluator.evaluate(minute(15), nobody);
    assertThat(evaluator.remembered()).isEqualTo(100);
    // Ten minutes of lateness, a slice of one and ten of slack after the last point.
    evaluator.evaluate(minute(120), nobody);
    assertThat(evaluator.remembered()).isZero();
  }

  @Test
  void a_running_histogram_counts_what_came_since_the_last_and_begins_again_after_a_reset() {
    Series lag =
        Series.of(
            "tidemark.processing.lag", MetricKind.CUMULATIVE_HISTOGRAM, "s", PIPELINE, ORDERS);
    double[] bounds = {0.5, 1, 2};
    long before = nanos(-60);
    Evaluator evaluator =
        new Evaluator(objectives("latency: {below: 1s, target: 90%, window: 30d}"), START);
    // Began long before we listened: nobody knows when these four were.
    evaluator.apply(new MetricPoint(lag, before, nanos(0), 0, 4, bounds, new long[] {1, 1, 1, 1}));
    // Two at most 0.5 s and one at most 2 s more.
    evaluator.apply(new MetricPoint(lag, before, nanos(1), 0, 7, bounds, new long[] {3, 1, 2, 1}));
    // The pipeline started again: one, good.
    evaluator.apply(
        new MetricPoint(lag, nanos(2), nanos(2), 0, 1, bounds, new long[] {1, 0, 0, 0}));
    assertThat(judged(evaluator, 3)).containsExactly(new EventCounts(2, 3), new EventCounts(1, 1));
  }

  @Test
  void a_point_that_comes_again_after_a_reload_counts_once_and_totals_go_on() {
    Series runs =
        Series.of(
            "tidemark.runs",
            MetricKind.CUMULATIVE_SUM,
            "1",
            PIPELINE,
            Map.of("outcome", "success"));
    List<Objective> objectives = objectives("runs: {target: 90%, window: 30d}");
    Evaluator evaluator = new Evaluator(objectives, START);
    MetricPoint first = MetricPoint.number(runs, nanos(0), nanos(1), 5);
    evaluator.apply(first);
    evaluator.reload(objectives, minute(1));
    evaluator.apply(first);
    evaluator.apply(MetricPoint.number(runs, nanos(0), nanos(2), 7));
    assertThat(judged(evaluator, 3)).containsExactly(new EventCounts(5, 5), new EventCounts(2, 2));
  }

  @Test
  void before_anything_could_be_heard_nothing_is_known_and_the_grace_begins_after_it() {
    Evaluator evaluator =
        new Evaluator(
            objectives("heartbeat: {connector: cdc, every: 1m, target: 90%, window: 7d}"), START);
    evaluator.hearFrom(minute(3));
    // Slices end at 1 to 6: unknown, unknown, then two minutes of promise and grace, then bad.
    List<BucketChange> changes = changes(evaluator, 6);
    assertThat(changes).extracting(BucketChange::unknown).startsWith(true, true);
    assertThat(changes)
        .filteredOn(change -> !change.unknown())
        .extracting(change -> change.after().good())
        .containsExactly(1.0, 1.0, 1.0, 0.0);
    assertThat(evaluator.newestEvent(new ObjectiveId("orders-heartbeat"))).isEmpty();
    evaluator.apply(
        MetricPoint.number(
            Series.of(
                "tidemark.heartbeat",
                MetricKind.DELTA_SUM,
                "1",
                PIPELINE,
                Map.of("connector", "cdc")),
            0,
            nanos(6),
            1));
    assertThat(evaluator.newestEvent(new ObjectiveId("orders-heartbeat"))).contains(minute(6));
  }

  @Test
  void a_beat_at_the_end_of_a_slice_that_comes_late_restates_that_slice_too() {
    Evaluator evaluator =
        new Evaluator(
            objectives("heartbeat: {connector: cdc, every: 1m, target: 90%, window: 7d}"), START);
    // A beat may be two minutes old: slices that end at 1 and 2 live on the start, 3 to 5 are bad.
    assertThat(judged(evaluator, 5))
        .extracting(EventCounts::good)
        .containsExactly(1.0, 1.0, 0.0, 0.0, 0.0);
    evaluator.apply(
        MetricPoint.number(
            Series.of(
                "tidemark.heartbeat",
                MetricKind.DELTA_SUM,
                "1",
                PIPELINE,
                Map.of("connector", "cdc")),
            0,
            nanos(3),
            1));
    // Beaten at 3, so the slices that end at 3, 4 and 5 were good.
    assertThat(changes(evaluator, 5))
        .filteredOn(BucketChange::restated)
        .extracting(change -> change.start().plusSeconds(60))
        .containsExactly(minute(3), minute(4), minute(5));
  }

  /** Which of the two slices it belongs to nobody can say without remembering every total. */
  @Test
  void a_running_total_that_comes_after_a_newer_one_leaves_its_increase_in_the_newer_ones_slice() {
    Series runs =
        Series.of(
            "tidemark.runs",
            MetricKind.CUMULATIVE_SUM,
            "1",
            PIPELINE,
            Map.of("outcome", "success"));
    List<Objective> objectives = objectives("runs: {target: 90%, window: 30d}");
    MetricPoint first = MetricPoint.number(runs, nanos(0), nanos(0), 5);
    MetricPoint second = MetricPoint.number(runs, nanos(0), nanos(1), 7);
    MetricPoint third = MetricPoint.number(runs, nanos(0), nanos(2), 10);
    Evaluator inOrder = new Evaluator(objectives, START);
    List.of(first, second, third).forEach(inOrder::apply);
    assertThat(judged(inOrder, 3))
        .containsExactly(new EventCounts(5, 5), new EventCounts(2, 2), new EventCounts(3, 3));
    Evaluator late = new Evaluator(objectives, START);
    List.of(first, third, second).forEach(late::apply);
    // The same ten runs.
    assertThat(judged(late, 3)).containsExactly(new EventCounts(5, 5), new EventCounts(5, 5));
  }

  private static final String TWO_SOURCES =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec: {objectives: [{validity: {target: 99%, window: 7d}}]}
      ---
      apiVersion: tidemark/v1
      kind: Pipeline
      metadata: {name: mobile}
      spec: {allowedLateness: 6h}
      ---
      apiVersion: tidemark/v1
      kind: Pipeline
      metadata: {name: web}
      spec: {allowedLateness: 10m}
      """;

  private static MetricPoint rows(String pipeline, String dataset, int minute, double rows) {
    return MetricPoint.number(
        Series.of(
            "tidemark.records",
            MetricKind.DELTA_SUM,
            "1",
            Map.of("service.name", pipeline),
            Map.of("dataset", dataset, "outcome", "observed")),
        0,
        nanos(minute),
        rows);
  }

  private static Evaluator twoSources() {
    ParseResult parsed = DefinitionParser.parse(List.of(new SourceFile("two.yaml", TWO_SOURCES)));
    assertThat(parsed.problems()).isEmpty();
    return new Evaluator(parsed.definitions().objectives(), START);
  }

  @Test
  void each_source_may_be_as_late_as_it_declares_and_what_is_later_is_counted_as_such() {
    Evaluator evaluator = twoSources();
    assertThat(judged(evaluator, 60)).isEmpty();
    evaluator.apply(rows("mobile", "orders", 30, 7));
    evaluator.apply(rows("web", "orders", 30, 70));
    evaluator.apply(rows("web", "orders", 55, 700));
    evaluator.apply(rows("unknown", "orders", 30, 7_000));

    assertThat(judged(evaluator, 60))
        .containsExactly(new EventCounts(7_007, 7_007), new EventCounts(700, 700));
    assertThat(evaluator.tooLate().bySource()).containsExactly(Map.entry("web", 1L));
  }

  /** All of it is still kept, because the other source may be so late. */
  @Test
  void what_was_too_late_does_not_count_after_a_restart_either() {
    Evaluator evaluator = twoSources();
    evaluator.resumeAt(minute(0), minute(60), minute(-60));
    evaluator.applyStored(rows("mobile", "orders", 30, 7), minute(60));
    evaluator.applyStored(rows("web", "orders", 30, 70), minute(60));
    evaluator.applyStored(rows("web", "orders", 40, 700), minute(41));

    assertThat(judged(evaluator, 60))
        .containsExactly(new EventCounts(7, 7), new EventCounts(700, 700));
  }

  @Test
  void a_dataset_is_heard_under_the_last_part_of_a_name_that_nobody_selects_whole() {
    Evaluator shortOnly = twoSources();
    shortOnly.apply(rows("mobile", "postgres://db:5432/orders", 0, 7));
    shortOnly.apply(rows("mobile", "postgres://db:5432/reorders", 0, 70));
    assertThat(judged(shortOnly, 1)).containsExactly(new EventCounts(7, 7));

    ParseResult both =
        DefinitionParser.parse(
            List.of(
                new SourceFile("two.yaml", TWO_SOURCES),
                new SourceFile(
                    "whole.yaml",
                    """
                    apiVersion: tidemark/v1
                    kind: Dataset
                    metadata: {name: "postgres://db:5432/orders"}
                    spec: {objectives: [{validity: {target: 99%, window: 7d}}]}
                    """)));
    Evaluator whole = new Evaluator(both.definitions().objectives(), START);
    whole.apply(rows("mobile", "postgres://db:5432/orders", 0, 7));
    assertThat(changes(whole, 1))
        .extracting(change -> change.objective().value())
        .containsExactly("postgres://db:5432/orders-validity");
  }
}
