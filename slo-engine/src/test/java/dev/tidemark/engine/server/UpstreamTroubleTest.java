package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What OpenLineage told upstream explains what breaks downstream although no objective watches it,
 * and who stands to be hurt next is named.
 */
class UpstreamTroubleTest {
  private static final String BEGIN = "2026-03-04T07:00:00Z";
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: revenue_report}
      spec: {objectives: [{freshness: {within: 5m}}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: board}
      spec:
        dependsOn: [revenue_report]
        consumers: [cfo-dashboard]
        objectives: [{freshness: {within: 2h}}]
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: fees_raw}
      spec: {}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: settlements}
      spec: {objectives: [{validity: {}}]}
      """
          + StoryWorld.EVERYTHING_TO_ON_CALL;
  private static final String ID = "{\"name\": \"id\", \"type\": \"bigint\"}";
  private static final String AMOUNT = "{\"name\": \"amount\", \"type\": \"double\"}";

  @Test
  void a_run_that_failed_and_a_schema_that_broke_are_causes_without_an_objective_of_their_own(
      @TempDir Path folder) throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS)) {
      run(
          world,
          "COMPLETE",
          "report",
          "",
          dataset("payments_raw", ""),
          dataset("revenue_report", ""));
      run(
          world,
          "COMPLETE",
          "settle",
          "",
          dataset("fees_raw", ID + "," + AMOUNT),
          dataset("settlements", ""));
      world.minutes(10, at -> signals(world, at, true));
      assertThat(world.inbox.pagerDuty).isEmpty();

      run(
          world,
          "FAIL",
          "report",
          "\"errorMessage\": {\"message\": \"payments_raw is locked\"}",
          "",
          "");
      run(world, "COMPLETE", "scan", "", "", dataset("fees_raw", ID));
      world.minutes(16, at -> signals(world, at, false));

      assertThat(world.inbox.pagerDuty).hasSize(2);
      JsonNode stale = about(world, "revenue_report");
      assertThat(world.words(stale))
          .contains("cause: pipeline report (guessed)")
          .contains("pipeline report: the last run failed at")
          .contains("payments_raw is locked")
          .contains("path: report → revenue_report")
          .contains("/runbooks/pipeline-job-fails");
      assertThat(world.words(about(world, "settlements")))
          .contains("cause: dataset fees_raw (guessed)")
          .contains("dataset fees_raw changed its schema at")
          .contains("/runbooks/metadata-drift");

      // What is downstream and does not alert yet.
      String id = stale.path("payload").path("custom_details").path("incident").asText();
      JsonNode radius =
          world.json("/api/v1/incidents/" + id).path("alerts").path(0).path("blastRadius");
      assertThat(radius.path("atRisk")).hasSize(1);
      assertThat(radius.path("atRisk").path(0).asText()).isEqualTo("board-freshness");
      assertThat(world.get("/incidents/" + id).body())
          .contains("href=\"/slos/board-freshness\"")
          .contains("does not alert yet");
    }
  }

  private static JsonNode about(StoryWorld world, String dataset) {
    return world.inbox.pagerDuty.stream()
        .filter(page -> page.path("payload").path("summary").asText().contains(dataset))
        .findFirst()
        .orElseThrow();
  }

  private static String dataset(String name, String fields) {
    return "{\"namespace\": \"lake\", \"name\": \""
        + name
        + "\""
        + (fields.isEmpty() ? "" : ", \"facets\": {\"schema\": {\"fields\": [" + fields + "]}}")
        + "}";
  }

  private static void run(
      StoryWorld world, String type, String job, String facets, String input, String output)
      throws Exception {
    world
        .sender()
        .lineage(type, world.now(), UUID.randomUUID().toString(), job, facets, input, output);
  }

  private static void signals(StoryWorld world, Instant at, boolean good) throws Exception {
    world.agent("board").dataset("board").watermark(at);
    world.flush("board");
    if (good) {
      world.agent("report").dataset("revenue_report").watermark(at);
      world.flush("report");
    }
    records(world, "observed", at);
    if (!good) {
      records(world, "rejected", at);
    }
  }

  private static void records(StoryWorld world, String outcome, Instant at) throws Exception {
    world
        .sender()
        .counter(
            "tidemark.records",
            1_000,
            Map.of("dataset", "settlements", "outcome", outcome),
            at.minusSeconds(1));
  }
}
