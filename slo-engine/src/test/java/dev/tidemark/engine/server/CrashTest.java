package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.NpmPackage;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalReader;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was acknowledged is there exactly once, whoever is killed and whenever. */
class CrashTest {
  private static final int SENDERS = 4;
  private static final int POINTS = 20;
  private static final int LIVES = 3;
  private static final Instant T0 = Instant.parse("2026-03-01T00:00:00Z");

  /**
   * Points that were acknowledged, by their number; a refused or unanswered one may be sent again.
   */
  private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();

  private final Set<Long> sent = new ConcurrentSkipListSet<>();
  private final AtomicLong next = new AtomicLong();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  /** {@code -Dcrash.seeds=100} tries more moments than a build has time for. */
  private static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("crash.seeds", 3));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void every_acknowledged_point_is_there_once_after_kill_9_of_the_server(
      long seed, @TempDir Path data) throws Exception {
    Random random = new Random(seed);
    for (int life = 0; life < LIVES; life++) {
      try (ServerProcess server = ServerProcess.start(data)) {
        int enough = acknowledged.size() + 200 + random.nextInt(2_000);
        sendUntil(server.base(), enough, server::kill);
      }
    }
    assertStored(data);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void every_acknowledged_point_is_there_once_after_kill_9_of_clickhouse_alone(
      long seed, @TempDir Path data) throws Exception {
    Random random = new Random(seed);
    try (ServerProcess server = ServerProcess.start(data)) {
      for (int blow = 0; blow < LIVES; blow++) {
        // Each time the server starts it anew, so each time another process is killed.
        sendUntil(
            server.base(),
            acknowledged.size() + 200 + random.nextInt(2_000),
            () -> killClickHouse(server));
      }
      int more = acknowledged.size() + 1_000;
      sendUntil(server.base(), more, () -> {});
    }
    // What was spooled meanwhile is replayed by the next start at the latest.
    try (ServerProcess server = ServerProcess.start(data)) {
      awaitNoSpool(server.base());
    }
    assertStored(data);
  }

  private static void killClickHouse(ServerProcess server) {
    Instant deadline = Instant.now().plusSeconds(60);
    while (true) {
      Optional<ProcessHandle> running = server.handle().children().findFirst();
      if (running.isPresent() && running.get().destroyForcibly()) {
        return;
      }
      assertThat(Instant.now()).as("ClickHouse is started again").isBefore(deadline);
      Thread.onSpinWait();
    }
  }

  private interface Blow {
    void strike() throws Exception;
  }

  /** Sends from several threads; strikes once enough is acknowledged, in the middle of sending. */
  private void sendUntil(URI base, int enough, Blow blow) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
    try {
      List<Callable<Void>> senders = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        senders.add(
            () -> {
              while (!stop.get()) {
                send(base, stop);
              }
              return null;
            });
      }
      List<Future<Void>> running = new ArrayList<>();
      for (Callable<Void> sender : senders) {
        running.add(threads.submit(sender));
      }
      Instant deadline = Instant.now().plusSeconds(90);
      while (acknowledged.size() < enough) {
        assertThat(Instant.now()).as("acknowledged %s", acknowledged.size()).isBefore(deadline);
        Thread.onSpinWait();
      }
      blow.strike();
      stop.set(true);
      for (Future<Void> sender : running) {
        sender.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void send(URI base, AtomicBoolean stop) throws InterruptedException {
    long first = next.getAndAdd(POINTS);
    Gauge.Builder gauge = Gauge.newBuilder();
    List<Long> numbers = new ArrayList<>();
    for (long number = first; number < first + POINTS; number++) {
      numbers.add(number);
      gauge.addDataPoints(
          NumberDataPoint.newBuilder()
              .setTimeUnixNano(T0.getEpochSecond() * 1_000_000_000L + number)
              .setAsDouble((double) number));
    }
    sent.addAll(numbers);
    byte[] body =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .setResource(
                        Resource.newBuilder()
                            .addAttributes(
                                KeyValue.newBuilder()
                                    .setKey("service.name")
                                    .setValue(AnyValue.newBuilder().setStringValue("crash"))))
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .addMetrics(Metric.newBuilder().setName("crash.test").setGauge(gauge))))
            .build()
            .toByteArray();
    // Like a real client: the same request again until it is acknowledged, or the server is gone.
    for (int attempt = 0; attempt < 5 && !(stop.get() && attempt > 0); attempt++) {
      try {
        HttpResponse<byte[]> answer =
            client.send(
                HttpRequest.newBuilder(base.resolve("/v1/metrics"))
                    .header("Content-Type", "application/x-protobuf")
                    .timeout(Duration.ofSeconds(20))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() == 200) {
          acknowledged.addAll(numbers);
          return;
        }
      } catch (IOException e) {
        if (stop.get()) {
          return;
        }
      }
    }
  }

  private void awaitNoSpool(URI base) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plusSeconds(60);
    String metrics;
    do {
      assertThat(Instant.now()).isBefore(deadline);
      metrics =
          client
              .send(
                  HttpRequest.newBuilder(base.resolve("/metrics")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
    } while (!metrics.contains("tidemark_spool_bytes 0.0"));
  }

  private void assertStored(Path data) throws Exception {
    List<Long> stored = new ArrayList<>();
    try (EmbeddedClickHouse clickHouse =
            EmbeddedClickHouse.start(
                data.resolve("clickhouse"), NpmPackage.userCache(), line -> {});
        ClickHouseConnections connections =
            new ClickHouseConnections(
                clickHouse.jdbcUrl("default"), clickHouse.user(), clickHouse.password())) {
      new ClickHouseSignalReader(connections)
          .readPoints(
              List.of(new Selector("crash.test", Map.of())),
              T0,
              T0.plus(Duration.ofHours(1)),
              point -> stored.add((long) point.value()));
    }
    assertThat(stored).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(stored)).containsAll(acknowledged);
    assertThat(sent).containsAll(stored);
  }
}
