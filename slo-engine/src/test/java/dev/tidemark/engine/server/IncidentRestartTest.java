package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.engine.Told;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a ping that stops to the page at a receiver, across kill -9 of the server. */
class IncidentRestartTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        owner: team-payments
        consumers: [billing]
        objectives:
          - heartbeat: {connector: orders-cdc, every: 2s, target: 99.9%, window: 7d}
      """
          + Told.everythingTo(
              "hook", "webhook: {url: \"http://127.0.0.1:PORT/page\"}", "groupWait: 1s");

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer receiver = receiver();

  private HttpServer receiver() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            received.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  @Test
  void a_page_is_sent_once_although_the_server_is_killed_in_the_middle_of_the_incident(
      @TempDir Path folder) throws Exception {
    Path definitions = folder.resolve("orders.yaml");
    Files.writeString(
        definitions,
        DEFINITIONS.replace("PORT", Integer.toString(receiver.getAddress().getPort())));
    Path data = folder.resolve("data");
    String id;
    try (ServerProcess server =
        ServerProcess.start(data, "--definitions", definitions.toString())) {
      assertThat(get(server.base(), "/ping/orders-cdc").statusCode()).isEqualTo(200);
      await("the page arrives", () -> !received.isEmpty());
      // Between the receiver's answer and the record of it a page can only be sent again, under the
      // same id; after it, never.
      await(
          "the delivery is on record",
          () ->
              get(server.base(), "/metrics")
                  .body()
                  .contains("tidemark_notifications_undelivered 0.0"));
      JsonNode open = incidents(server.base());
      assertThat(open).hasSize(1);
      id = open.get(0).path("id").asText();
      assertThat(received.get(0)).contains(id).contains("orders-cdc").contains("billing");
      server.kill();
    }
    try (ServerProcess server =
        ServerProcess.start(data, "--definitions", definitions.toString())) {
      JsonNode open = incidents(server.base());
      assertThat(open).hasSize(1);
      assertThat(open.get(0).path("id").asText()).isEqualTo(id);
      // Judged anew several times after the restart, and still nothing said again.
      Instant resumed = Instant.now();
      await(
          "judging goes on",
          () ->
              JSON.readTree(get(server.base(), "/api/v1/slos/orders-heartbeat").body())
                      .path("currentlyBad")
                      .asBoolean()
                  && Duration.between(resumed, Instant.now()).toSeconds() >= 12);
      assertThat(incidents(server.base())).hasSize(1);
    }
    assertThat(received).hasSize(1);
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonNode incidents(URI base) throws Exception {
    return JSON.readTree(get(base, "/api/v1/incidents?state=open").body()).path("incidents");
  }

  private HttpResponse<String> get(URI base, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(60);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      Thread.onSpinWait();
    }
  }
}
