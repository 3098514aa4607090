package dev.tidemark.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.store.OverloadException;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineageClient;
import io.openlineage.client.transports.HttpConfig;
import io.openlineage.client.transports.HttpTransport;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LineageHttpTest {
  private static final String JSON = "application/json";

  private static String event(String type, String time, String run, String more) {
    return """
        {"eventType":"%s","eventTime":"%s","producer":"https://example.org/p",
         "schemaURL":"https://example.org/s","run":{"runId":"%s"},
         "job":{"namespace":"shop","name":"load_orders"}%s}"""
        .formatted(type, time, run, more);
  }

  private static String output(String name, String rows) {
    return """
        ,"outputs":[{"namespace":"db","name":"%s","outputFacets":{"outputStatistics":{"rowCount":%s}}}]"""
        .formatted(name, rows);
  }

  private static HttpResponse<byte[]> send(IngestServer server, String path, String body)
      throws Exception {
    return server.post(path, body.getBytes(StandardCharsets.UTF_8), JSON);
  }

  private static HttpResponse<byte[]> send(IngestServer server, String body) throws Exception {
    return send(server, "/api/v1/lineage", body);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static double sum(List<MetricPoint> points) {
    return points.stream().mapToDouble(MetricPoint::value).sum();
  }

  @Test
  void a_run_becomes_an_outcome_a_duration_and_its_rows_once() throws Exception {
    String run = "019127de-fd25-7707-bfa4-3ec02693a531";
    try (IngestServer server = IngestServer.start()) {
      for (String body :
          List.of(
              event("START", "2026-03-01T11:00:00Z", run, ""),
              event("RUNNING", "2026-03-01T11:01:00Z", run, output("orders", "70")),
              event("RUNNING", "2026-03-01T11:02:00Z", run, output("orders", "100")),
              event("COMPLETE", "2026-03-01T11:03:00Z", run, output("orders", "100")),
              event("COMPLETE", "2026-03-01T11:03:00Z", run, output("orders", "100")))) {
        assertThat(send(server, body).statusCode()).isEqualTo(201);
      }
      List<MetricPoint> records = server.sink.points("tidemark.records");
      assertThat(records.stream().map(MetricPoint::value)).containsExactly(70d, 30d);
      assertThat(records.get(0).series().attributes())
          .containsEntry("dataset", "db/orders")
          .containsEntry("outcome", "observed");
      assertThat(server.sink.points("tidemark.runs")).hasSize(1);
      assertThat(server.sink.points("tidemark.runs").get(0).series().attribute("outcome"))
          .isEqualTo("success");
      assertThat(server.sink.points("tidemark.heartbeat")).hasSize(2);
      assertThat(server.sink.points("tidemark.run.duration").get(0).value()).isEqualTo(180d);
      assertThat(server.sink.lineage()).hasSize(5);
      assertThat(server.sink.points())
          .allMatch(point -> point.series().pipeline().equals("load_orders"));
    }
  }

  @Test
  void rows_of_a_failed_run_are_withdrawn_and_its_retry_counts() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      for (String body :
          List.of(
              event("START", "2026-03-01T11:00:00Z", "r", ""),
              event("RUNNING", "2026-03-01T11:01:00Z", "r", output("orders", "70")),
              event("FAIL", "2026-03-01T11:02:00Z", "r", ""),
              event("START", "2026-03-01T11:03:00Z", "r", ""),
              event("COMPLETE", "2026-03-01T11:04:00Z", "r", output("orders", "90")))) {
        assertThat(send(server, body).statusCode()).isEqualTo(201);
      }
      assertThat(sum(server.sink.points("tidemark.records"))).isEqualTo(90d);
      assertThat(server.sink.points("tidemark.runs")).hasSize(2);
      assertThat(server.sink.lineage().get(3).remarks())
          .anyMatch(remark -> remark.contains("new attempt"));
    }
  }

  @Test
  void odd_events_are_taken_and_marked() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String odd =
          """
          {"eventType":"complete","eventTime":"2026-03-01T11:00:00.123456789","run":{"runId":"run_id",
            "facets":{"old":{"_deleted":true},"parent":{"run":{"runId":"p1"},"job":{"name":"x"}}}},
           "job":{"name":"apples"},"inputs":null,
           "outputs":[{"namespace":"file","name":"/lake/apples/2026-02-28",
             "facets":{"symlinks":{"identifiers":[{"namespace":"hive","name":"db.apples","type":"TABLE"}]}}},
             {"namespace":"file"}]}""";
      assertThat(send(server, odd).statusCode()).isEqualTo(201);
      LineageEvent taken = server.sink.lineage().get(0);
      // 2026-03-01T11:00:00Z is 1772362800 s
      assertThat(taken.eventTimeNanos()).isEqualTo(1772362800123456789L);
      assertThat(taken.eventType()).isEqualTo("COMPLETE");
      assertThat(taken.job()).isEqualTo("default/apples");
      assertThat(taken.parentRunId()).isEqualTo("p1");
      assertThat(taken.outputs()).containsExactly("file/lake/apples");
      assertThat(String.join("; ", taken.remarks()))
          .contains("no zone")
          .contains("schemaURL is missing")
          .contains("producer is missing")
          .contains("no UUID")
          .contains("namespace is missing")
          .contains("_deleted")
          .contains("without a START")
          .contains("no name: passed over")
          .contains("trimmed");
      assertThat(taken.json()).contains("symlinks");
      assertThat(send(server, event("START", "2026-03-01T11:00:00+00:00Z", "r", "")).statusCode())
          .isEqualTo(201);
      assertThat(
              send(
                      server,
                      "{\"eventTime\":\"2026-03-01T21:00:00+10:00\",\"dataset\":{\"namespace\":\"a\",\"name\":\"b\"}}")
                  .statusCode())
          .isEqualTo(201);
      assertThat(server.sink.lineage().get(2).kind()).isEqualTo("DATASET");
      assertThat(server.sink.lineage().get(2).eventTimeNanos()).isEqualTo(1772362800000000000L);
    }
  }

  @Test
  void garbage_is_refused_with_a_reason() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      for (String body :
          List.of(
              "",
              "{",
              "7",
              "\"text\"",
              "{}",
              "[".repeat(5000),
              event("COMPLETE", "2026-03-01T11:00:00Z", "r", "").repeat(2),
              "{\"eventTime\":\"2026-03-01T11:00:00Z\",\"job\":{\"name\":\"%s\"}}"
                  .formatted("x".repeat(5000)),
              "{\"eventTime\":\"yesterday\",\"job\":{\"name\":\"x\"}}",
              "{\"eventTime\":\"2026-03-01T11:00:00Z\",\"job\":7}",
              "{\"eventTime\":\"2026-02-30T11:00:00Z\",\"job\":{\"name\":\"x\"}}")) {
        HttpResponse<byte[]> answer = send(server, body);
        assertThat(answer.statusCode()).as(body).isEqualTo(400);
        assertThat(text(answer)).contains("\"error\"");
      }
      assertThat(server.sink.lineage()).isEmpty();
    }
  }

  @Test
  void a_batch_tells_which_events_failed() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String batch =
          "["
              + event("START", "2026-03-01T11:00:00Z", "r", "")
              + ",{\"job\":{\"name\":\"x\"}},"
              + event("COMPLETE", "2026-03-01T11:01:00Z", "r", "")
              + "]";
      HttpResponse<byte[]> answer = send(server, "/api/v1/lineage/batch", batch);
      assertThat(answer.statusCode()).isEqualTo(200);
      JsonObject summary = new JsonObject(text(answer));
      assertThat(summary.getString("status")).isEqualTo("partial_success");
      assertThat(summary.getJsonObject("summary").getInteger("received")).isEqualTo(3);
      assertThat(summary.getJsonObject("summary").getInteger("successful")).isEqualTo(2);
      assertThat(summary.getJsonArray("failed_events").getJsonObject(0).getInteger("index"))
          .isEqualTo(1);
      assertThat(server.sink.lineage()).hasSize(2);
    }
  }

  @Test
  void the_good_part_of_a_list_at_the_door_for_single_events_is_kept_and_the_rest_is_named()
      throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String list = "[7," + event("COMPLETE", "2026-03-01T11:01:00Z", "r", "") + ",{\"job\":{}}]";
      HttpResponse<byte[]> answer = send(server, list);
      assertThat(answer.statusCode()).isEqualTo(200);
      JsonObject summary = new JsonObject(text(answer));
      assertThat(summary.getString("status")).isEqualTo("partial_success");
      assertThat(summary.getJsonArray("failed_events").size()).isEqualTo(2);
      assertThat(server.sink.lineage()).hasSize(1);
    }
  }

  @Test
  void overload_is_503_and_what_was_not_stored_counts_when_it_comes_again() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String body = event("COMPLETE", "2026-03-01T11:00:00Z", "r", output("orders", "5"));
      server.sink.failWith(new OverloadException("full", Duration.ofSeconds(2)));
      HttpResponse<byte[]> refused = send(server, body);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("2");
      server.sink.failWith(null);
      assertThat(send(server, body).statusCode()).isEqualTo(201);
      assertThat(sum(server.sink.points("tidemark.records"))).isEqualTo(5d);
    }
  }

  @Test
  void an_event_of_twenty_megabytes_is_taken_when_announced_too() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String plan = ",\"plan\":\"" + "x".repeat(20_000_000) + "\"";
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(server.uri("/api/v1/lineage"))
                  .expectContinue(true)
                  .header("Content-Type", JSON)
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          event("START", "2026-03-01T11:00:00Z", "r", plan)))
                  .timeout(Duration.ofSeconds(30))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(server.sink.lineage().get(0).json()).hasSizeGreaterThan(20_000_000);
    }
  }

  @Test
  void the_openlineage_java_client_is_understood() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      HttpConfig config = new HttpConfig();
      config.setUrl(server.uri(""));
      OpenLineage facts = new OpenLineage(URI.create("https://example.org/producer"));
      UUID run = UUID.fromString("019127de-fd25-7707-bfa4-3ec02693a531");
      OpenLineageClient client =
          OpenLineageClient.builder().transport(new HttpTransport(config)).build();
      try {
        client.emit(
            facts
                .newRunEventBuilder()
                .eventType(OpenLineage.RunEvent.EventType.START)
                .eventTime(ZonedDateTime.parse("2026-03-01T11:00:00Z"))
                .run(facts.newRunBuilder().runId(run).build())
                .job(facts.newJobBuilder().namespace("shop").name("load").build())
                .build());
        client.emit(
            facts
                .newRunEventBuilder()
                .eventType(OpenLineage.RunEvent.EventType.COMPLETE)
                .eventTime(ZonedDateTime.parse("2026-03-01T11:00:30Z"))
                .run(facts.newRunBuilder().runId(run).build())
                .job(facts.newJobBuilder().namespace("shop").name("load").build())
                .outputs(
                    List.of(
                        facts
                            .newOutputDatasetBuilder()
                            .namespace("db")
                            .name("orders")
                            .outputFacets(
                                facts
                                    .newOutputDatasetOutputFacetsBuilder()
                                    .outputStatistics(
                                        facts.newOutputStatisticsOutputDatasetFacet(12L, 100L, 1L))
                                    .build())
                            .build()))
                .build());
      } finally {
        client.close();
      }
      assertThat(server.sink.lineage()).hasSize(2);
      assertThat(server.sink.lineage()).allMatch(event -> event.remarks().isEmpty());
      assertThat(server.sink.points("tidemark.records").get(0).value()).isEqualTo(12d);
      assertThat(server.sink.points("tidemark.run.duration").get(0).value()).isEqualTo(30d);
    }
  }
}
