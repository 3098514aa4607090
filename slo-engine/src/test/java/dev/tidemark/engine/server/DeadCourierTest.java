package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.SharedClickHouse;
import dev.tidemark.engine.selfwatch.WatchdogSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose courier has ended looks well from outside, but for its signs of life. */
class DeadCourierTest {
  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(120);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void signs_of_life_end_with_the_courier(@TempDir Path folder) throws Exception {
    AtomicInteger beats = new AtomicInteger();
    HttpServer outside =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    outside.createContext(
        "/",
        exchange -> {
          beats.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    outside.start();
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    ServerConfig config =
        ServerConfig.builder(folder.resolve("data"))
            .port(0)
            .otlpPorts(-1, -1)
            .clickHouse(
                new ServerConfig.ClickHouse(
                    SharedClickHouse.freshDatabase(), clickHouse.user(), clickHouse.password(), ""))
            .watchdog(
                new WatchdogSettings(
                    URI.create("http://127.0.0.1:" + outside.getAddress().getPort() + "/ping"),
                    Duration.ofSeconds(1),
                    false))
            .build();
    try (TidemarkServer server = TidemarkServer.start(config, Clock.systemUTC(), line -> {})) {
      await("signs of life", () -> beats.get() > 1);
      Thread courier =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("tidemark-courier"))
              .findFirst()
              .orElseThrow();
      courier.interrupt();
      courier.join();
      String withheld = "tidemark_watchdog_beats_total{outcome=\"withheld\",}";
      await(
          "they are withheld",
          () ->
              CLIENT
                  .send(
                      HttpRequest.newBuilder(server.baseUrl().resolve("/metrics")).build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body()
                  .lines()
                  .anyMatch(line -> line.startsWith(withheld) && !line.endsWith(" 0.0")));
    } finally {
      outside.stop(0);
    }
  }

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
}
