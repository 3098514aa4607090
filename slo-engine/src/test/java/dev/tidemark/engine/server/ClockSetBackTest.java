package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.SharedClickHouse;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's clock steps back by an hour under a running server. */
class ClockSetBackTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: first}
      spec: {webhook: {url: "%1$s"}}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: second}
      spec: {webhook: {url: "%1$s"}}
      ---
      apiVersion: tidemark/v1
      kind: Escalation
      metadata: {name: on-call}
      spec:
        steps:
          - {after: 0s, notify: [first]}
          - {after: 10s, notify: [second]}
        timeout: 1m
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: everything}
      spec: {escalation: on-call, groupWait: 2s}
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  private final class Machine extends Clock {
    @Override
    public Instant instant() {
      return Instant.now().plus(offset.get());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static Predicate<List<JsonNode>> about(String alert, String receiver) {
    return messages ->
        messages.stream()
            .anyMatch(
                one ->
                    one.toString().contains(alert)
                        && one.path("receiver").asText().equals(receiver));
  }

  private static void awaitPage(WebhookReceiver hook, String alert, String receiver)
      throws Exception {
    List<JsonNode> came = hook.await(about(alert, receiver), PATIENCE);
    assertThat(about(alert, receiver).test(came))
        .as("%s at %s: %s", alert, receiver, came)
        .isTrue();
  }

  private static void raise(TidemarkServer server, String name) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.baseUrl().resolve("/api/v2/alerts"))
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "[{\"labels\": {\"alertname\": \"%s\", \"severity\": \"critical\"}}]"
                                .formatted(name)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void escalations_go_on_and_what_other_programs_raise_is_told(@TempDir Path folder)
      throws Exception {
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    try (WebhookReceiver hook = new WebhookReceiver()) {
      Path definitions =
          Files.writeString(folder.resolve("routes.yaml"), DEFINITIONS.formatted(hook.uri()));
      ServerConfig config =
          ServerConfig.builder(folder.resolve("data"))
              .port(0)
              .otlpPorts(-1, -1)
              .definitions(List.of(definitions))
              .clickHouse(
                  new ServerConfig.ClickHouse(
                      SharedClickHouse.freshDatabase(),
                      clickHouse.user(),
                      clickHouse.password(),
                      ""))
              .build();
      try (TidemarkServer server = TidemarkServer.start(config, new Machine(), line -> {})) {
        raise(server, "BeforeTheStep");
        awaitPage(hook, "BeforeTheStep", "first");
        offset.set(Duration.ofHours(-1));
        raise(server, "AfterTheStep");
        // In an hour they would be told by a clock that is waited for.
        awaitPage(hook, "BeforeTheStep", "second");
        awaitPage(hook, "AfterTheStep", "first");
        awaitPage(hook, "AfterTheStep", "second");
        assertThat(hook.messages())
            .noneMatch(one -> one.path("kind").asText().equalsIgnoreCase("resolved"));
      }
    }
  }
}
