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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An incident that was told by a digest shows that digest wherever its notifications are shown. */
class DigestDeliveriesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static String get(ServerProcess server, String path) throws Exception {
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(server.base().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void with_its_state_on_the_page_in_the_api_and_in_the_postmortem(@TempDir Path folder)
      throws Exception {
    try (WebhookReceiver hook = new WebhookReceiver()) {
      Path definitions = folder.resolve("routes.yaml");
      Files.writeString(
          definitions,
          """
          apiVersion: tidemark/v1
          kind: Receiver
          metadata: {name: hook}
          spec: {webhook: {url: "%s"}, digestAbove: 2}
          ---
          apiVersion: tidemark/v1
          kind: Route
          metadata: {name: everything}
          spec: {receivers: [hook], groupWait: 1s}
          """
              .formatted(hook.uri()));
      try (ServerProcess server =
          ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString())) {
        String alerts =
            IntStream.range(0, 6)
                .mapToObj("{\"labels\": {\"alertname\": \"Storm%d\"}}"::formatted)
                .collect(Collectors.joining(",", "[", "]"));
        HttpResponse<String> taken =
            CLIENT.send(
                HttpRequest.newBuilder(server.base().resolve("/api/v2/alerts"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(alerts))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(taken.statusCode()).isEqualTo(200);
        // Two singly, the other four together.
        List<JsonNode> sent = hook.await(messages -> messages.size() >= 3, Duration.ofSeconds(60));
        assertThat(sent).hasSize(3);
        List<String> ids = new ArrayList<>();
        JsonNode digest =
            sent.stream().filter(one -> one.path("digest").size() == 4).findFirst().orElseThrow();
        digest.path("digest").forEach(part -> ids.add(part.path("id").asText()));
        for (String id : ids) {
          JsonNode delivery = delivered(server, id);
          assertThat(delivery.path("receiver").asText()).isEqualTo("hook");
          assertThat(delivery.path("kind").asText()).isEqualTo("triggered");
          assertThat(delivery.path("incidents").asInt()).isEqualTo(4);
          assertThat(get(server, "/incidents/" + id))
              .contains("triggered, digest of 4 incidents", "delivered");
          assertThat(get(server, "/incidents/" + id + "/postmortem.md"))
              .contains("triggered, digest of 4 incidents");
        }
        for (JsonNode one :
            JSON.readTree(get(server, "/api/v1/incidents?state=open")).path("incidents")) {
          String id = one.path("id").asText();
          if (!ids.contains(id)) {
            assertThat(delivered(server, id).path("incidents").asInt()).isEqualTo(1);
          }
        }
      }
    }
  }

  /** Returns the only notification of an incident once its state is that it was delivered. */
  private static JsonNode delivered(ServerProcess server, String incident) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      JsonNode deliveries =
          JSON.readTree(get(server, "/api/v1/incidents/" + incident)).path("deliveries");
      assertThat(deliveries).as("of %s", incident).hasSize(1);
      if (deliveries.path(0).path("state").asText().equals("sent")) {
        return deliveries.path(0);
      }
      assertThat(System.nanoTime()).as("it is recorded as sent").isLessThan(deadline);
    }
  }
}
