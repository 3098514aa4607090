package dev.tidemark.engine.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.dashboards.view.DatasetView.Period;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.runs.SchemaHistory;
import dev.tidemark.engine.store.DatasetHistory.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a dataset's page makes of what is stored. */
class DatasetViewsTest {
  private static final Instant NINE = Instant.parse("2026-03-01T09:00:00Z");
  private static final Instant NOW = Instant.parse("2026-03-01T12:30:00Z");

  private static Step step(int hour, Map<String, Double> records) {
    return new Step(NINE.plusSeconds(3_600L * (hour - 9)), new TreeMap<>(records));
  }

  private static LineageEvent event(long nanos, String fields) {
    String json =
        """
        {"outputs": [{"namespace": "ns", "name": "orders",
          "facets": {"schema": {"fields": [%s]}}}]}
        """
            .formatted(fields);
    return new LineageEvent(
        "RUN", "COMPLETE", nanos, "r", "ns/load", "", List.of(), List.of(), List.of(), json);
  }

  @Test
  void hours_in_which_nobody_said_anything_are_shown() {
    assertThat(
            DatasetViews.withoutGaps(
                List.of(step(9, Map.of("observed", 1.0)), step(11, Map.of("observed", 2.0))), NOW))
        .extracting(step -> step.start().toString().substring(11, 13))
        .containsExactly("09", "10", "11", "12");
    assertThat(DatasetViews.withoutGaps(List.of(), NOW)).isEmpty();
  }

  @Test
  void an_hour_that_has_just_begun_is_not_a_gap() {
    assertThat(
            DatasetViews.withoutGaps(
                List.of(step(9, Map.of("observed", 1.0))), NINE.plusSeconds(3_600)))
        .hasSize(1);
  }

  @Test
  void a_share_is_told_only_when_both_counts_are_known() {
    List<Period> periods =
        DatasetViews.periods(
            List.of(
                step(9, Map.of("observed", 790.0, "expected", 800.0, "late", 3.0, "rejected", 0.0)),
                step(10, Map.of()),
                step(11, Map.of("observed", 5.0, "expected", 0.0)),
                step(12, Map.of("observed", 7.0))),
            NOW);
    assertThat(periods).extracting(Period::unfinished).containsExactly(true, false, false, false);
    assertThat(periods).extracting(Period::observed).containsExactly("7", "5", "no signal", "790");
    assertThat(periods)
        .extracting(Period::expected)
        .containsExactly("unknown", "0", "unknown", "800");
    // 790 / 800 = 0.9875
    assertThat(periods)
        .extracting(Period::share)
        .containsExactly("unknown", "unknown", "unknown", "98.8\u00a0%");
    assertThat(periods)
        .extracting(Period::others)
        .containsExactly("none", "none", "unknown", "3 late");
  }

  @Test
  void the_newest_schema_is_that_of_the_latest_event_with_one() {
    List<LineageEvent> events =
        List.of(
            event(1, "{\"name\": \"id\", \"type\": \"int\"}"),
            event(3, ""),
            event(2, "{\"name\": \"id\", \"type\": \"bigint\"}, {\"name\": \"note\"}"));
    assertThat(SchemaHistory.newest(events, "orders")).containsExactly("id bigint", "note");
    assertThat(SchemaHistory.newest(events, "ns/orders")).containsExactly("id bigint", "note");
    assertThat(SchemaHistory.newest(events, "refunds")).isEmpty();
  }
}
