package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.SharedClickHouse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server to which other programs send alerts over HTTP, receivers that are told over HTTP, and a
 * clock that the test moves. After each move everything that follows from it is decided and told,
 * so that what did not come by then does not come.
 */
final class RoutingWorld implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Shorter than any move of the clock, so that it is seen when a move was worked off. */
  private static final Duration JUDGING_DELAY = Duration.ofSeconds(1);

  /** By then what was sent is seen: it may be seen at the moment of its sending or later. */
  static final Duration SEEN_AFTER = Duration.ofSeconds(2);

  private final PageCollector receivers = new PageCollector();
  private final StoryClock clock;
  private final TidemarkServer server;
  private Instant now;

  /**
   * Starts a server.
   *
   * @param definitions in which {@code $HOOK} is where receivers are told
   */
  RoutingWorld(Path folder, Instant begin, String definitions) throws Exception {
    now = begin;
    clock = new StoryClock(begin);
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    Path file =
        Files.writeString(
            folder.resolve("routes.yaml"), definitions.replace("$HOOK", receivers.url()));
    server =
        TidemarkServer.start(
            ServerConfig.builder(folder.resolve("data"))
                .port(0)
                .otlpPorts(-1, -1)
                .definitions(List.of(file))
                .clickHouse(
                    new ServerConfig.ClickHouse(
                        SharedClickHouse.freshDatabase(),
                        clickHouse.user(),
                        clickHouse.password(),
                        ""))
                .baseUrl("https://tidemark.example.org")
                .judgingDelay(JUDGING_DELAY)
                .build(),
            clock,
            line -> {});
  }

  URI base() {
    return server.baseUrl();
  }

  /** Another program says that it fires, until it says otherwise; that is seen within 2 s. */
  void fires(List<Map<String, String>> alerts) throws Exception {
    say(alerts, now.plus(Duration.ofDays(2)));
  }

  /** The same of one alert. */
  void fires(String... labels) throws Exception {
    fires(List.of(labels(labels)));
  }

  /** Another program says that it is over; that is seen within 2 s. */
  void ends(String... labels) throws Exception {
    say(List.of(labels(labels)), now);
  }

  private void say(List<Map<String, String>> alerts, Instant endsAt) throws Exception {
    List<Map<String, Object>> body = new ArrayList<>();
    alerts.forEach(labels -> body.add(Map.of("labels", labels, "endsAt", endsAt.toString())));
    HttpResponse<String> answer = post("/api/v2/alerts", JSON.writeValueAsString(body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    pass(SEEN_AFTER);
  }

  static Map<String, String> labels(String... namesAndValues) {
    Map<String, String> labels = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return labels;
  }

  /** Lets time pass; then everything up to now is decided and told. */
  void pass(Duration length) throws Exception {
    assertThat(length).isGreaterThan(JUDGING_DELAY);
    now = now.plus(length);
    clock.set(now);
    StoryWorld.await(
        "everything is decided",
        () -> metric("tidemark_told_behind_seconds") <= JUDGING_DELAY.toSeconds());
    StoryWorld.await("everybody is told", () -> metric("tidemark_notifications_undelivered") == 0);
  }

  private double metric(String name) throws Exception {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** Everything that a receiver was told, in order. */
  List<JsonNode> told(String receiver) {
    return receivers.pages().stream()
        .filter(page -> page.path("receiver").asText().equals(receiver))
        .toList();
  }

  /** The kinds of it. */
  List<String> kinds(String receiver) {
    return told(receiver).stream().map(page -> page.path("kind").asText()).toList();
  }

  String get(String path) throws Exception {
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(base().resolve(path)).timeout(Duration.ofSeconds(30)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  JsonNode json(String path) throws Exception {
    return JSON.readTree(get(path));
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(base().resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(30))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.close();
    receivers.close();
  }
}
