package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.engine.Told;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ClickHouse hangs under a running server: what people do succeeds and is audited afterwards, that
 * it hangs is told, and signs of life go on until the server is killed.
 */
class ClickHouseAwayTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        owner: team-payments
        objectives:
          - heartbeat: {connector: orders-cdc, every: 2s, target: 99.9%%, window: 7d}
      """
          + Told.everythingTo("hook", "webhook: {url: \"%s\"}", "groupWait: 1s");

  private static HttpResponse<String> get(URI base, String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(70)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(URI base, String path) throws Exception {
    return JSON.readTree(get(base, path).body());
  }

  private static int post(URI base, String path, String... fields) throws Exception {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      body.append(body.isEmpty() ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return CLIENT
        .send(
            HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(240);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  private static boolean audited(URI base, String action) throws Exception {
    for (JsonNode entry : json(base, "/api/v1/audit").path("entries")) {
      if (entry.path("action").asText().equals(action)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void people_act_and_are_told_while_clickhouse_hangs(@TempDir Path folder) throws Exception {
    AtomicInteger beats = new AtomicInteger();
    HttpServer outside =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    outside.createContext(
        "/",
        exchange -> {
          beats.incrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    outside.start();
    try (WebhookReceiver hook = new WebhookReceiver()) {
      Path definitions =
          Files.writeString(folder.resolve("orders.yaml"), DEFINITIONS.formatted(hook.uri()));
      Path config =
          Files.writeString(
              folder.resolve("tidemark.yaml"),
              "watchdog: {url: \"http://127.0.0.1:%d/ping\", every: 1s}"
                  .formatted(outside.getAddress().getPort()));
      try (ServerProcess server =
          ServerProcess.start(
              folder.resolve("data"),
              "--config",
              config.toString(),
              "--definitions",
              definitions.toString())) {
        URI base = server.base();
        assertThat(get(base, "/ping/orders-cdc").statusCode()).isEqualTo(200);
        await("the page arrives", () -> !hook.messages().isEmpty());
        await("signs of life", () -> beats.get() > 1);
        String id =
            json(base, "/api/v1/incidents?state=open")
                .path("incidents")
                .path(0)
                .path("id")
                .asText();

        ProcessHandle clickHouse = server.clickHouse();
        signal("STOP", clickHouse);
        String page = "/incidents/" + id;
        assertThat(post(base, page + "/acknowledge", "reason", "on it")).isEqualTo(303);
        for (int press = 0; press < 2; press++) {
          assertThat(
                  post(base, page + "/silence", "for", "PT2H", "reach", "firing", "reason", "wait"))
              .isEqualTo(303);
        }
        assertThat(json(base, "/api/v1/silences?state=active").path("silences")).hasSize(1);
        assertThat(json(base, "/api/v1/incidents/" + id).path("state").asText())
            .isEqualToIgnoringCase("acknowledged");
        assertThat(post(base, page + "/resolve", "reason", "over")).isEqualTo(303);

        await(
            "it is told that ClickHouse hangs",
            () ->
                hook.messages().stream()
                    .anyMatch(one -> one.toString().contains("ClickHouse does not answer")));
        int before = beats.get();
        await("signs of life go on", () -> beats.get() > before);

        // Its supervisor starts another one.
        signal("KILL", clickHouse);
        await(
            "all is audited",
            () ->
                audited(base, "incident acknowledged")
                    && audited(base, "silence created")
                    && audited(base, "incident resolved"));
        server.kill();
        int last = beats.get();
        TimeUnit.SECONDS.sleep(4);
        assertThat(beats).as("a dead server gives no sign of life").hasValue(last);
      }
    } finally {
      outside.stop(0);
    }
  }
}
