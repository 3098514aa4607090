package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Late data over the wire: what was known when somebody was told, and what is known now. */
class LedgerTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        objectives:
          - heartbeat: {connector: cdc, every: 2s, target: 99.9%, window: 7d}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Test
  void a_budget_that_late_signals_restate_is_kept_as_it_was_known_and_as_it_is_known(
      @TempDir Path folder) throws Exception {
    Path definitions = folder.resolve("orders.yaml");
    Files.writeString(definitions, DEFINITIONS);
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString())) {
      beat(server, Instant.now());
      await("an incident", () -> json(server, "/api/v1/incidents").path("incidents").size() == 1);
      String id = json(server, "/api/v1/incidents").path("incidents").path(0).path("id").asText();
      Instant told =
          Instant.parse(json(server, "/api/v1/incidents/" + id).path("openedAt").asText());
      // A minute is noted as it was known; the beats between then come late.
      await(
          "a minute that knows of the trouble",
          () ->
              json(server, "/api/v1/slos/orders-heartbeat/ledger").path("knownThen").asDouble(1)
                  < 1);
      Instant moment = Instant.now();
      double then =
          json(server, "/api/v1/slos/orders-heartbeat/ledger?at=" + moment)
              .path("knownThen")
              .asDouble();
      // The slice that ended last had not been judged when the minute was noted.
      await(
          "both books are the same while nothing came late",
          () -> {
            JsonNode same = json(server, "/api/v1/slos/orders-heartbeat/ledger?at=" + moment);
            return Math.abs(same.path("knownNow").asDouble(2) - then) < 1e-9
                && Math.abs(same.path("rest").asDouble(1)) < 1e-9
                && !Instant.parse(same.path("until").asText()).isAfter(moment);
          });
      for (Instant at = told.minusSeconds(10); at.isBefore(Instant.now()); at = at.plusSeconds(1)) {
        beat(server, at);
      }
      await(
          "restated slices",
          () ->
              json(server, "/api/v1/slos/orders-heartbeat/ledger?at=" + moment)
                      .path("restated")
                      .size()
                  > 3);
      JsonNode ledger = json(server, "/api/v1/slos/orders-heartbeat/ledger?at=" + moment);
      assertThat(ledger.path("knownThen").asDouble()).isEqualTo(then);
      assertThat(ledger.path("knownNow").asDouble()).isGreaterThan(then);
      double added = 0;
      for (JsonNode slice : ledger.path("restated")) {
        added += slice.path("goodAfter").asDouble() - slice.path("goodBefore").asDouble();
      }
      assertThat(ledger.path("goodAdded").asDouble()).isEqualTo(added).isPositive();
      assertThat(ledger.path("explanation").asText())
          .contains("slices were restated by late signals since");
      assertThat(get(server, "/incidents/" + id).body())
          .contains("left as known then", "as known now");
      assertThat(get(server, "/slos/orders-heartbeat").body())
          .contains("Restated by late signals", "0 of 1 good", "1 of 1 good");
    }
  }

  private static void beat(ServerProcess server, Instant at) throws Exception {
    String nanos = at.getEpochSecond() + String.format("%09d", at.getNano());
    String body =
        """
        {"resourceMetrics": [{"resource": {"attributes": [{"key": "service.name",
          "value": {"stringValue": "ingest"}}]}, "scopeMetrics": [{"metrics": [
          {"name": "tidemark.heartbeat", "sum": {"aggregationTemporality": 1, "isMonotonic": true,
           "dataPoints": [{"timeUnixNano": "%s", "asInt": "1", "attributes": [{"key": "connector",
           "value": {"stringValue": "cdc"}}]}]}}]}]}]}
        """
            .formatted(nanos);
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(server.base().resolve("/v1/metrics"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static JsonNode json(ServerProcess server, String path) throws Exception {
    return JSON.readTree(get(server, path).body());
  }

  private static HttpResponse<String> get(ServerProcess server, String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve(path)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(100);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      Thread.onSpinWait();
    }
  }
}
