package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is thrown at a door gets a reason: never a 500, never a stack trace. */
class GarbageTest {
  private static final List<String> PATHS =
      List.of(
          "/v1/metrics",
          "/v1/traces",
          "/v1/logs",
          "/api/v1/lineage",
          "/api/v1/lineage/batch",
          "/ping/" + "x".repeat(300),
          "/ping/key/999",
          "/ping/key/nonsense",
          "/api/v1/slos",
          "/api/v1/slos/none",
          "/api/v1/datasets/none",
          "/api/v1/pipelines/none",
          "/api/v1/incidents?state=nonsense",
          "/api/v1/incidents/none",
          "/api/v1/incidents/none/acknowledge",
          "/api/v1/gates/none",
          "/api/v1/nothing",
          "/incidents/none",
          "/incidents/none/acknowledge",
          "/slos/%F0%9F%92%A9",
          "/datasets/..%2F..%2Fetc%2Fpasswd",
          "/runbooks/none",
          "/runbooks/stale-dataset?incident=none",
          "/dashboards/debug/none",
          "/assets/../../etc/passwd",
          "/assets/none",
          "/signin",
          "/nothing/at/all");

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void garbage_gets_a_reason_and_a_counter_at_every_door(@TempDir Path data) throws Exception {
    Random random = new Random(7);
    byte[] noise = new byte[2_000];
    random.nextBytes(noise);
    List<byte[]> bodies =
        List.of(
            noise,
            "{\"resourceMetrics\": 7}".getBytes(StandardCharsets.UTF_8),
            "[[[[".getBytes(StandardCharsets.UTF_8),
            new byte[0]);
    try (ServerProcess server = ServerProcess.start(data)) {
      List<String> bad = new ArrayList<>();
      for (String path : PATHS) {
        for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
          for (String type : List.of("application/json", "application/x-protobuf", "text/plain")) {
            for (byte[] body : method.equals("GET") ? List.of(new byte[0]) : bodies) {
              HttpResponse<String> answer = send(server.base(), path, method, type, body);
              String text = answer.body();
              if (answer.statusCode() >= 500
                  || text.contains("\tat ")
                  || text.contains("Exception")) {
                bad.add(method + " " + path + " " + type + ": " + answer.statusCode() + " " + text);
              }
            }
          }
        }
      }
      assertThat(bad).isEmpty();
      HttpResponse<String> metrics =
          send(server.base(), "/metrics", "GET", "text/plain", new byte[0]);
      assertThat(metrics.body())
          .contains("tidemark_http_refused_total{status=\"404\",}")
          .contains("tidemark_ingest_refused_requests_total");
      assertThat(send(server.base(), "/healthz", "GET", "text/plain", new byte[0]).statusCode())
          .isEqualTo(200);
    }
  }

  private HttpResponse<String> send(URI base, String path, String method, String type, byte[] body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", type)
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
