package dev.tidemark.engine.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.SpanRecord;
import dev.tidemark.engine.runs.Run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunHistoryTest {
  private static final Instant T = Instant.parse("2026-03-01T10:00:00Z");

  private static long nanos(int minute) {
    return T.plus(Duration.ofMinutes(minute)).getEpochSecond() * 1_000_000_000L;
  }

  private static LineageEvent event(String type, String run, int minute, String json) {
    return new LineageEvent(
        "RUN", type, nanos(minute), run, "ns/load", "", List.of(), List.of(), List.of(), json);
  }

  private static SpanRecord root(String run, int from, int to, String status, String message) {
    return new SpanRecord(
        "t-" + run, "s", "", "run", "load", run, nanos(from), nanos(to), status, message, Map.of());
  }

  private static String wrote(long rows) {
    return "{\"outputs\":[{\"outputFacets\":{\"outputStatistics\":{\"rowCount\":" + rows + "}}}]}";
  }

  @Test
  void begin_end_and_rows_of_a_run_come_together_in_whatever_order() {
    List<Run> runs =
        RunHistory.of(
            List.of(),
            List.of(
                event("COMPLETE", "a", 4, wrote(12)),
                event("START", "a", 0, "{}"),
                event("RUNNING", "a", 2, wrote(7))));
    assertThat(runs)
        .containsExactly(
            new Run("a", "", Outcome.SUCCESS, T, T.plus(Duration.ofMinutes(4)), 12, ""));
    assertThat(runs.get(0).took()).contains(Duration.ofMinutes(4));
  }

  @Test
  void nothing_written_yet_is_not_a_count_but_nothing_written_at_the_end_is() {
    assertThat(RunHistory.of(List.of(), List.of(event("START", "a", 0, wrote(0)))))
        .extracting(Run::rows)
        .containsExactly(-1L);
    assertThat(RunHistory.of(List.of(), List.of(event("COMPLETE", "a", 0, wrote(0)))))
        .extracting(Run::rows)
        .containsExactly(0L);
  }

  @Test
  void a_span_and_events_of_one_id_are_one_run() {
    List<Run> runs =
        RunHistory.of(
            List.of(root("a", 0, 5, "UNSET", "")),
            List.of(event("START", "a", 0, "{}"), event("COMPLETE", "a", 5, wrote(3))));
    assertThat(runs).hasSize(1);
    assertThat(runs.get(0).traceId()).isEqualTo("t-a");
    assertThat(runs.get(0).rows()).isEqualTo(3);
  }

  @Test
  void failures_carry_their_reason_and_the_newest_run_comes_first() {
    List<Run> runs =
        RunHistory.of(
            List.of(root("span", 20, 21, "ERROR", "no space left")),
            List.of(
                event("START", "a", 0, "{}"),
                event(
                    "FAIL",
                    "a",
                    1,
                    "{\"run\":{\"facets\":{\"errorMessage\":{\"message\":\"boom\"}}}}"),
                event("START", "b", 10, "{}"),
                event("ABORT", "b", 11, "{}"),
                event("START", "c", 30, "{}")));
    assertThat(runs)
        .extracting(run -> run.id() + " " + run.outcome() + " " + run.error())
        .containsExactly(
            "c RUNNING ", "span FAILURE no space left", "b FAILURE aborted", "a FAILURE boom");
  }

  @Test
  void an_end_outlives_a_late_word_that_it_runs() {
    List<Run> runs =
        RunHistory.of(
            List.of(), List.of(event("FAIL", "a", 4, "{}"), event("RUNNING", "a", 5, "{}")));
    assertThat(runs.get(0).outcome()).isEqualTo(Outcome.FAILURE);
  }

  @Test
  void a_schema_that_changes_between_runs_is_judged() {
    String old =
        "{\"outputs\":[{\"namespace\":\"n\",\"name\":\"orders\",\"facets\":{\"schema\":{\"fields\":["
            + "{\"name\":\"id\",\"type\":\"bigint\"},{\"name\":\"note\",\"type\":\"text\"}]}}}]}";
    String now =
        "{\"outputs\":[{\"namespace\":\"n\",\"name\":\"orders\",\"facets\":{\"schema\":{\"fields\":["
            + "{\"name\":\"id\",\"type\":\"int\"},{\"name\":\"note\",\"type\":\"text\"},"
            + "{\"name\":\"shop\",\"type\":\"text\"}]}}}]}";
    assertThat(
            SchemaHistory.of(
                List.of(
                    event("COMPLETE", "c", 20, now),
                    event("COMPLETE", "b", 10, now),
                    event("COMPLETE", "a", 0, old))))
        .extracting(
            change ->
                change.at()
                    + " "
                    + change.dataset()
                    + " "
                    + change.finding().breaking()
                    + " "
                    + change.finding().column()
                    + " "
                    + change.finding().message())
        .containsExactly(
            "2026-03-01T10:10:00Z orders true id type bigint became int (narrower)",
            "2026-03-01T10:10:00Z orders false shop added as text");
  }
}
