package dev.tidemark.engine.ingest.openlineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.MetricPoint;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RunTrackerTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
  private static final LineageReader READER = new LineageReader(CLOCK);

  private static LineageFacts event(String type, int minute, String rows) throws Exception {
    return event(type, "2026-03-01T11:%02d:00Z".formatted(minute), "r", rows);
  }

  private static LineageFacts event(String type, String time, String run, String rows)
      throws Exception {
    String json =
        """
        {"eventType":"%s","eventTime":"%s","run":{"runId":"%s"},"job":{"namespace":"n","name":"j"},
         "outputs":[{"namespace":"d","name":"t","outputFacets":{"outputStatistics":{"rowCount":%s}}}]}"""
            .formatted(type, time, run, rows);
    return READER.read(READER.parse(json.getBytes(StandardCharsets.UTF_8)), List.of());
  }

  private static List<Double> values(RunTracker.Step step, String metric) {
    return step.points().stream()
        .filter(point -> point.series().metric().equals(metric))
        .map(MetricPoint::value)
        .toList();
  }

  @Test
  void after_a_restart_replayed_events_are_not_counted_again() throws Exception {
    RunTracker tracker = new RunTracker(CLOCK);
    tracker.replay(event("START", 0, "null").event());
    tracker.replay(event("RUNNING", 1, "40").event());
    RunTracker.Step end = tracker.apply(event("COMPLETE", 2, "50"));
    assertThat(values(end, "tidemark.records")).containsExactly(10d);
    assertThat(values(end, "tidemark.run.duration")).containsExactly(120d);
  }

  @Test
  void an_older_count_that_arrives_late_changes_nothing() throws Exception {
    RunTracker tracker = new RunTracker(CLOCK);
    assertThat(values(tracker.apply(event("COMPLETE", 5, "50")), "tidemark.records"))
        .containsExactly(50d);
    RunTracker.Step late = tracker.apply(event("RUNNING", 3, "20"));
    assertThat(values(late, "tidemark.records")).isEmpty();
    assertThat(late.remarks()).containsExactly(Remarks.OUT_OF_ORDER);
  }

  @Test
  void the_last_end_of_a_run_counts() throws Exception {
    RunTracker tracker = new RunTracker(CLOCK);
    tracker.apply(event("COMPLETE", 5, "50"));
    RunTracker.Step second = tracker.apply(event("FAIL", 6, "null"));
    assertThat(values(second, "tidemark.runs")).containsExactly(-1d, 1d);
    assertThat(values(second, "tidemark.records")).containsExactly(-50d);
    assertThat(tracker.apply(event("FAIL", 6, "null")).points()).isEmpty();
  }

  @Test
  void two_runs_that_end_at_the_same_instant_are_two_points() throws Exception {
    RunTracker tracker = new RunTracker(CLOCK);
    String time = "2026-03-01T11:00:00Z";
    MetricPoint one = tracker.apply(event("COMPLETE", time, "a", "5")).points().get(0);
    MetricPoint two = tracker.apply(event("COMPLETE", time, "b", "5")).points().get(0);
    assertThat(one.series()).isEqualTo(two.series());
    assertThat(one.id()).isNotEqualTo(two.id());
  }

  @Test
  void an_event_from_the_future_is_kept_but_not_judged() throws Exception {
    RunTracker tracker = new RunTracker(CLOCK);
    LineageFacts ahead = event("COMPLETE", "2027-01-01T00:00:00Z", "r", "5");
    assertThat(ahead.event().remarks()).contains(Remarks.TIME_AHEAD);
    assertThat(tracker.apply(ahead).points()).isEmpty();
  }

  @Test
  void a_run_that_says_that_it_is_a_backfill_is_timed_as_one_once_it_succeeds() throws Exception {
    for (String facets :
        List.of(
            "{\"airflow\": {\"dagRun\": {\"run_type\": \"backfill\"}}}",
            "{\"tags\": {\"tags\": [{\"key\": \"run.type\", \"value\": \"backfill\"}]}}")) {
      RunTracker tracker = new RunTracker(CLOCK);
      tracker.apply(run("START", "11:00:00", facets));
      // Only the first event tells it.
      MetricPoint duration =
          tracker.apply(run("COMPLETE", "11:50:00", "{}")).points().stream()
              .filter(point -> point.series().metric().equals("tidemark.run.duration"))
              .findFirst()
              .orElseThrow();
      assertThat(duration.series().attribute("run.type")).isEqualTo("backfill");
      assertThat(duration.bounds()).containsExactly(3_000);
      tracker.apply(run("START", "12:00:00", facets));
      assertThat(tracker.apply(run("FAIL", "12:00:01", "{}")).points())
          .noneMatch(point -> "backfill".equals(point.series().attribute("run.type")));
    }
  }

  private static LineageFacts run(String type, String time, String facets) throws Exception {
    String json =
        """
        {"eventType":"%s","eventTime":"2026-03-01T%sZ","run":{"runId":"r","facets":%s},
         "job":{"namespace":"n","name":"j"}}"""
            .formatted(type, time, facets);
    return READER.read(READER.parse(json.getBytes(StandardCharsets.UTF_8)), List.of());
  }
}
