package dev.tidemark.engine.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.lineage.Trouble;
import dev.tidemark.engine.model.LineageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class UpstreamTroublesTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

  private final UpstreamTroubles troubles = new UpstreamTroubles();

  private static Instant t(int minute) {
    return T0.plus(Duration.ofMinutes(minute));
  }

  private boolean run(int minute, String type, String error) {
    return troubles.add(
        event(
            minute,
            type,
            List.of(),
            "{\"run\":{\"facets\":{\"errorMessage\":{\"message\":\"" + error + "\"}}}}"));
  }

  private boolean schema(int minute, String sent, String fields) {
    return troubles.add(
        event(
            minute,
            "RUNNING",
            List.of("lake/orders"),
            """
            {"outputs": [{"namespace": "lake", "name": "%s",
              "facets": {"schema": {"fields": [%s]}}}]}"""
                .formatted(sent, fields)));
  }

  private static LineageEvent event(int minute, String type, List<String> outputs, String json) {
    return new LineageEvent(
        "RUN",
        type,
        t(minute).getEpochSecond() * 1_000_000_000L,
        "r",
        "ns/load",
        "",
        List.of(),
        outputs,
        List.of(),
        json);
  }

  @Test
  void a_pipeline_is_in_trouble_from_its_first_failed_run_until_one_succeeds() {
    assertThat(run(0, "COMPLETE", "")).isFalse();
    assertThat(troubles.jobs()).isEmpty();
    assertThat(run(5, "FAIL", "table is locked\\nat x.y.Z")).isTrue();
    assertThat(troubles.jobs().get("ns/load"))
        .isEqualTo(
            new Trouble(
                Trouble.Kind.RUN_FAILED,
                t(5),
                "pipeline load: the last run failed at 2026-03-01T12:05:00Z: table is locked"));
    assertThat(run(10, "START", "")).isFalse();
    assertThat(run(15, "ABORT", "")).isTrue();
    assertThat(troubles.jobs().get("ns/load"))
        .isEqualTo(
            new Trouble(
                Trouble.Kind.RUN_FAILED,
                t(5),
                "pipeline load: the last run failed at 2026-03-01T12:15:00Z, as all since"
                    + " 2026-03-01T12:05:00Z: aborted"));
    assertThat(run(20, "COMPLETE", "")).isTrue();
    assertThat(troubles.jobs()).isEmpty();
  }

  @Test
  void what_comes_late_does_not_undo_what_happened_after_it() {
    assertThat(run(20, "COMPLETE", "")).isFalse();
    assertThat(run(5, "FAIL", "x")).isFalse();
    assertThat(troubles.jobs()).isEmpty();
  }

  @Test
  void a_dataset_that_lost_a_column_is_suspect_until_it_has_it_again() {
    String id = "{\"name\": \"id\", \"type\": \"bigint\"}";
    String amount = "{\"name\": \"amount\", \"type\": \"double\"}";
    assertThat(schema(0, "orders/dt=2026-03-01", id + "," + amount)).isFalse();
    assertThat(schema(1, "orders/dt=2026-03-02", id + "," + amount)).isFalse();
    assertThat(schema(2, "orders", id)).isTrue();
    Trouble broken = Objects.requireNonNull(troubles.datasets().get("lake/orders"));
    assertThat(broken.kind()).isEqualTo(Trouble.Kind.SCHEMA_BROKEN);
    assertThat(broken.since()).isEqualTo(t(2));
    assertThat(broken.evidence())
        .startsWith("dataset orders changed its schema at 2026-03-01T12:02:00Z: amount ");
    assertThat(schema(3, "orders", id)).as("nothing new").isFalse();
    assertThat(schema(4, "orders", id + "," + amount)).isTrue();
    assertThat(troubles.datasets()).isEmpty();
  }

  @Test
  void a_new_column_breaks_nobody() {
    String id = "{\"name\": \"id\", \"type\": \"bigint\"}";
    assertThat(schema(0, "orders", id)).isFalse();
    assertThat(schema(1, "orders", id + ",{\"name\": \"b\", \"type\": \"double\"}")).isFalse();
    assertThat(troubles.datasets()).isEmpty();
  }

  @Test
  void a_changed_schema_explains_what_breaks_within_a_day_after_it_and_a_failed_run_everything() {
    Trouble schema = new Trouble(Trouble.Kind.SCHEMA_BROKEN, t(0), "x");
    assertThat(schema.mayExplain(t(-1))).isFalse();
    assertThat(schema.mayExplain(t(0))).isTrue();
    assertThat(schema.mayExplain(t(24 * 60 - 1))).isTrue();
    assertThat(schema.mayExplain(t(24 * 60))).isFalse();
    Trouble run = new Trouble(Trouble.Kind.RUN_FAILED, t(0), "x");
    assertThat(run.mayExplain(t(-60))).isTrue();
    assertThat(run.mayExplain(t(60))).isTrue();
  }
}
