package dev.tidemark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TidemarkAgentTest {
  @Test
  void signals_the_engine_could_not_take_arrive_once_from_the_next_process(@TempDir Path folder)
      throws IOException {
    List<String> bodies = new CopyOnWriteArrayList<>();
    AtomicBoolean up = new AtomicBoolean();
    HttpServer engine =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.createContext(
        "/v1/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          boolean taken = up.get();
          if (taken) {
            bodies.add(new String(body, StandardCharsets.ISO_8859_1));
          }
          exchange.sendResponseHeaders(taken ? 200 : 503, -1);
          exchange.close();
        });
    engine.start();
    String address = "http://127.0.0.1:" + engine.getAddress().getPort();
    try {
      long start = System.nanoTime();
      try (TidemarkAgent agent = agent(address, folder);
          PipelineRun run = agent.startRun("r1")) {
        agent.dataset("orders").watermark(Instant.ofEpochSecond(60));
        agent.heartbeat("orders-cdc");
        run.succeeded();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(bodies).isEmpty();

      up.set(true);
      try (TidemarkAgent agent = agent(address, folder)) {
        assertThat(agent.flush(Duration.ofSeconds(5))).isTrue();
        assertThat(agent.stats().dropped()).isZero();
      }
      assertThat(bodies.stream().filter(body -> body.contains("tidemark.watermark"))).hasSize(1);
      assertThat(bodies.stream().filter(body -> body.contains("tidemark.heartbeat"))).hasSize(1);
      assertThat(bodies.stream().filter(body -> body.contains("run.id"))).hasSize(1);
    } finally {
      engine.stop(0);
    }
  }

  private static TidemarkAgent agent(String address, Path folder) {
    return TidemarkAgent.forPipeline("orders_ingest")
        .endpoint(address)
        .buffer(folder, 1 << 20)
        .build();
  }
}
