package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.agent.TidemarkAgent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every row of the catalogue, M1 to M15, and every failure mode, F1 to F8, from a signal at a door
 * of one running server to the message at somebody's webhook. Each row has two datasets with the
 * same promise: {@code sick} gets good signals and then bad ones, {@code well} only good ones.
 */
class CatalogueEndToEndTest {
  /**
   * One promise and what has to arrive once it is broken.
   *
   * @param row of the catalogue, and the failure mode
   * @param kind Dataset or Pipeline
   * @param name of the dataset or pipeline that gets sick; its sibling has {@code well} for sick
   * @param line kind of objective and its own settings, closed by a comma unless there are none
   * @param target of the objective
   * @param severity that must arrive
   * @param objective its name for people, without the dataset
   * @param runbook that must be linked
   */
  private record Row(
      String row,
      String kind,
      String name,
      String line,
      String target,
      String severity,
      String objective,
      String runbook) {
    String well() {
      return name.replace("sick", "well");
    }
  }

  private static final List<Row> ROWS =
      List.of(
          dataset(
              "M1 F1",
              "m1_sick",
              "runs: {pipeline: NAME, timeSlice: 1s, ",
              "90%",
              "page",
              "Runs of",
              "pipeline-job-fails"),
          dataset(
              "M2 F2",
              "m2_sick",
              "freshness: {within: 20s, timeSlice: 1s, ",
              "99%",
              "page",
              "Freshness of",
              "stale-dataset"),
          dataset(
              "M3 F2",
              "m3_sick",
              "lag: {below: 2m, timeSlice: 1s, ",
              "90%",
              "page",
              "Processing lag of",
              "stale-dataset"),
          dataset(
              "M4 F3",
              "m4_sick",
              "completeness: {atLeast: 99.95%, per: 2s, ",
              "90%",
              "page",
              "Completeness of",
              "data-loss"),
          dataset(
              "M5",
              "m5_sick",
              "queries: {timeSlice: 1s, ",
              "90%",
              "page",
              "Queries of",
              "hot-partitions"),
          dataset(
              "M6",
              "m6_sick",
              "schema: {timeSlice: 1s, ",
              "100%",
              "ticket",
              "Schema of",
              "metadata-drift"),
          dataset(
              "M7 F4",
              "m7_sick",
              "cost: {below: 5, perUnit: GB, per: 2s, ",
              "90%",
              "ticket",
              "Cost of",
              "cost-runaway"),
          new Row(
              "M8",
              "Pipeline",
              "m8_sick",
              "backfill: {within: 1h, timeSlice: 1s, ",
              "90%",
              "ticket",
              "Backfills of",
              "stale-dataset"),
          dataset(
              "M10 F5",
              "m10_sick",
              "access: {timeSlice: 1s, ",
              "99.9%",
              "page",
              "Access to",
              "security-breach"),
          dataset(
              "M11",
              "m11_sick",
              "reads: {below: 50ms, timeSlice: 1s, ",
              "90%",
              "page",
              "Reads of",
              "hot-partitions"),
          dataset(
              "M12 F7",
              "m12_sick",
              "heartbeat: {connector: NAME-cdc, every: 10s, timeSlice: 1s, ",
              "99%",
              "page",
              "Heartbeat of",
              "silent-connector-death"),
          dataset(
              "M13",
              "m13_sick",
              "drift: {feature: amount, method: psi, below: 0.25, timeSlice: 1s, ",
              "90%",
              "ticket",
              "Drift of",
              "stale-dataset"),
          dataset(
              "M14",
              "m14_sick",
              "ratio: {good: {metric: http.requests, where: {dataset: NAME, outcome: ok}},"
                  + " total: {metric: http.requests, where: {dataset: NAME}}, timeSlice: 1s, ",
              "90%",
              "ticket",
              "Ratio of",
              "stale-dataset"),
          dataset(
              "M15",
              "m15_sick",
              "queue: {below: 10m, timeSlice: 1s, ",
              "90%",
              "ticket",
              "Queue of",
              "stale-dataset"),
          dataset(
              "F6",
              "f6_sick",
              "checks: {check: partition_skew, runbook: hot-partitions, timeSlice: 1s, ",
              "90%",
              "page",
              "Checks of",
              "hot-partitions"));

  /** How often checks run, and how long after one another. */
  private static final int CHECKS = 5;

  private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(20);

  /** M9 is about all datasets at once. */
  private static final Row CATALOG =
      dataset(
          "M9 F8",
          "catalogue",
          "catalog: {timeSlice: 1s, ",
          "99%",
          "ticket",
          "Catalog entries of",
          "metadata-drift");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long BIG = 1L << 24;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private static Row dataset(
      String row,
      String name,
      String line,
      String target,
      String severity,
      String objective,
      String runbook) {
    return new Row(row, "Dataset", name, line, target, severity, objective, runbook);
  }

  @Test
  void every_row_goes_from_its_signal_to_the_right_message_and_healthy_siblings_page_nobody()
      throws Exception {
    int grpcPort = freePort();
    try (WebhookReceiver receiver = new WebhookReceiver();
        CheckedTables tables = new CheckedTables(folder);
        ServerProcess server = start(receiver.uri(), grpcPort);
        SignalSender sender = new SignalSender(server.base(), grpcPort);
        TidemarkAgent agent = agent(server.base(), "agents");
        TidemarkAgent clocked = agent(server.base(), "clocked")) {
      // Schemas first: a dataset is seen together with its schema.
      for (Row row : ROWS.stream().filter(each -> each.kind().equals("Dataset")).toList()) {
        for (String name : List.of(row.name(), row.well())) {
          sender.lineage(
              "COMPLETE",
              Instant.now(),
              UUID.randomUUID().toString(),
              "scan",
              "",
              """
              {"namespace": "lake", "name": "%s", "facets": {"schema": {"fields":
                [{"name": "id", "type": "bigint"}]}}}"""
                  .formatted(name));
        }
      }
      try (Pump pump = new Pump(sender, clocked)) {
        List<String> everybody = new ArrayList<>();
        ROWS.forEach(row -> everybody.addAll(List.of(row.name(), row.well())));
        signals(sender, agent, everybody, true);
        tables.check(server.base(), "sick");
        tables.check(server.base(), "well");
        awaitGoodBeginning(sender, pump);
        assertThat(receiver.messages()).isEmpty();

        pump.stopFeeding("m2_sick", "m12_sick");
        signals(sender, agent, ROWS.stream().map(Row::name).toList(), false);
        signals(sender, agent, ROWS.stream().map(Row::well).toList(), true);
        for (int i = 0; i < 4; i++) {
          sender.counter(
              "tidemark.records",
              5,
              Map.of("dataset", "m9_shadow_" + i, "outcome", "observed"),
              Instant.now());
        }
        tables.spoil();
        List<JsonNode> came = List.of();
        for (int run = 0; run < CHECKS && came.size() <= ROWS.size(); run++) {
          // Like any scheduler, because a window of one minute may have moved on when the only
          // check in its last second is judged.
          tables.check(server.base(), "sick");
          came = receiver.await(messages -> messages.size() > ROWS.size(), BETWEEN_CHECKS);
        }
        pump.check();
        assertMessages(came);
        // Whoever follows the links of a message finds the runbook and the incident.
        for (JsonNode message : receiver.messages()) {
          assertThat(sender.get(message.path("runbook").path("url").asText()).statusCode())
              .isEqualTo(200);
          assertThat(sender.get(message.path("incident").path("url").asText()).statusCode())
              .isEqualTo(200);
        }
        assertWell(sender);
        JsonNode catalog = JSON.readTree(sender.get("/api/v1/catalog").body());
        assertThat(catalog.path("seen").asInt() - catalog.path("catalogued").asInt()).isEqualTo(4);
        assertThat(receiver.messages()).hasSize(ROWS.size() + 1);
      }
      // M14: what burns too fast stops a risky deploy.
      assertThat(Commands.tidemark(server.base(), "gate", "m14_sick")).isEqualTo(1);
      assertThat(Commands.tidemark(server.base(), "gate", "m14_well")).isZero();
    }
  }

  private static void assertMessages(List<JsonNode> messages) {
    Map<String, String> expected = new TreeMap<>();
    ROWS.forEach(row -> expected.put(row.name(), words(row)));
    expected.put(CATALOG.name(), words(CATALOG));
    Map<String, String> came = new TreeMap<>();
    for (JsonNode message : messages) {
      String runbook = message.path("runbook").path("url").asText();
      assertThat(
              came.put(
                  message.path("dataset").asText(),
                  String.join(
                      " | ",
                      message.path("kind").asText(),
                      message.path("incident").path("severity").asText(),
                      message.path("objective").asText(),
                      runbook.replaceAll(".*/runbooks/([^?]*).*", "$1"))))
          .as("one message per root cause: %s", message)
          .isNull();
      switch (message.path("dataset").asText()) {
        // F7: two symptoms, one cause.
        case "m12_sick" ->
            assertThat(message.path("cause").path("name").asText()).isEqualTo("m12_sick-cdc");
        // 60 of 160 requests failed where 10 % may, or of 260 with those of the beginning: 3.75,
        // 2.3.
        case "m14_sick" ->
            assertThat(message.path("burnRate").asText()).matches("(2\\.3|3\\.[78]).*");
        default -> {}
      }
    }
    assertThat(came).isEqualTo(expected);
  }

  private static String words(Row row) {
    String about = row.name().equals("m12_sick") ? "m12_sick-cdc" : row.name();
    return String.join(
        " | ", "triggered", row.severity(), row.objective() + " " + about, row.runbook());
  }

  /** Objectives that have not seen anything good yet, or are bad. */
  private static List<String> ongoing(SignalSender sender) throws Exception {
    List<String> names = new ArrayList<>();
    for (JsonNode slo : JSON.readTree(sender.get("/api/v1/slos").body()).path("slos")) {
      if (slo.path("good").asDouble() <= 0 || slo.path("currentlyBad").asBoolean()) {
        names.add(slo.path("name").asText());
      }
    }
    return names;
  }

  private static void assertWell(SignalSender sender) throws Exception {
    for (JsonNode slo : JSON.readTree(sender.get("/api/v1/slos").body()).path("slos")) {
      if (slo.path("name").asText().contains("well")) {
        assertThat(slo.has("firing")).as(slo.path("name").asText()).isFalse();
        assertThat(slo.path("currentlyBad").asBoolean()).isFalse();
        assertThat(slo.path("good").asDouble()).isEqualTo(slo.path("total").asDouble());
      }
    }
  }

  /** Sends what each of these datasets is about, good or bad; checks and beats come elsewhere. */
  private static void signals(
      SignalSender sender, TidemarkAgent agent, List<String> names, boolean good) throws Exception {
    for (String name : names) {
      Instant now = Instant.now();
      switch (name.substring(0, name.indexOf('_'))) {
        case "m1" -> sender.run(name, now.minusSeconds(60), good ? "COMPLETE" : "FAIL", "");
        case "m3" -> agent.dataset(name).processingLag(Duration.ofSeconds(good ? 10 : 300));
        case "m4" -> {
          agent.dataset(name).expected(10_000);
          agent.dataset(name).observed(good ? 10_000 : 9_000);
        }
        case "m7" -> {
          sender.counter("tidemark.cost", good ? 1 : 100, Map.of("dataset", name), now);
          sender.counter("tidemark.bytes", 1e9, Map.of("dataset", name), now);
        }
        case "m8" ->
            sender.run(
                name,
                now.minus(good ? Duration.ofMinutes(10) : Duration.ofHours(2)),
                "COMPLETE",
                "\"tags\": {\"tags\": [{\"key\": \"run.type\", \"value\": \"backfill\"}]}");
        case "m11" ->
            sender.observations("tidemark.read.latency", name, good ? 0.01 : 0.2, 100, 0.05, 0.1);
        case "m14" -> {
          sender.counter("http.requests", 100, Map.of("dataset", name, "outcome", "ok"), now);
          if (!good) {
            sender.counter("http.requests", 60, Map.of("dataset", name, "outcome", "error"), now);
          }
        }
        case "m15" ->
            sender.observations("tidemark.queue.age", name, good ? 5 : 3_600, 20, 60, 600);
        default -> {}
      }
    }
    assertThat(agent.flush(Duration.ofSeconds(20))).isTrue();
  }

  /** What has to come all the time: watermarks through the agent, and pings. */
  private static final class Pump implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private volatile List<String> fed = List.of("m2_sick", "m2_well", "m12_sick", "m12_well");
    private volatile @Nullable Exception failure;

    Pump(SignalSender sender, TidemarkAgent agent) {
      Runnable beat =
          () -> {
            try {
              for (String name : fed) {
                agent.dataset(name).watermark(Instant.now());
                if (name.startsWith("m12")) {
                  sender.ping(name + "-cdc");
                }
              }
              assertThat(agent.flush(Duration.ofSeconds(20))).isTrue();
            } catch (Exception e) {
              failure = e;
            }
          };
      Object unused = thread.scheduleWithFixedDelay(beat, 0, 1, TimeUnit.SECONDS);
    }

    void stopFeeding(String... names) {
      List<String> left = new ArrayList<>(fed);
      left.removeAll(List.of(names));
      fed = List.copyOf(left);
    }

    void check() throws Exception {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void close() {
      thread.shutdownNow();
    }
  }

  private ServerProcess start(URI hook, int grpcPort) throws Exception {
    StringBuilder text = new StringBuilder();
    for (Row row : ROWS) {
      text.append(document(row, row.name())).append(document(row, row.well()));
    }
    text.append(document(CATALOG, CATALOG.name()));
    text.append(
        """
        ---
        apiVersion: tidemark/v1
        kind: Receiver
        metadata: {name: hook}
        spec: {webhook: {url: "%s"}}
        ---
        apiVersion: tidemark/v1
        kind: Route
        metadata: {name: everything}
        spec: {receiver: hook, groupWait: 1s, groupInterval: 24h, repeatInterval: 24h}
        """
            .formatted(hook));
    Path definitions = Files.writeString(folder.resolve("catalogue.yaml"), text);
    Path config = Files.writeString(folder.resolve("tidemark.yaml"), "catalogEvery: 2s\n");
    return ServerProcess.start(
        folder.resolve("data"),
        "--config",
        config.toString(),
        "--otlp-grpc-port",
        Integer.toString(grpcPort),
        "--definitions",
        definitions.toString());
  }

  private static String document(Row row, String name) {
    String conditions =
        row.row().equals("M14")
            ? "{long: 1m, short: 1m, factor: 2, severity: ticket}, {long: 1m, short: 1m, factor: 8,"
                + " severity: page}"
            : "{long: 1m, short: 1m, factor: 2, severity: %s}".formatted(row.severity());
    String common =
        "target: %s, window: 7d, alerting: {confidence: \"0\", conditions: [%s]}}"
            .formatted(row.target(), conditions);
    String more =
        row.row().startsWith("M12")
            ? "    - freshness: {within: 30s, timeSlice: 1s, " + common + "\n"
            : "";
    return """
    ---
    apiVersion: tidemark/v1
    kind: %s
    metadata: {name: %s}
    spec:
      owner: team-%s
      objectives:
        - %s%s
    %s"""
        .formatted(
            row.kind(), name, name, row.line().replace("NAME", name), common, more.indent(0));
  }

  private TidemarkAgent agent(URI engine, String pipeline) {
    return TidemarkAgent.forPipeline(pipeline)
        .endpoint(engine.toString())
        .buffer(folder.resolve("buffer-" + pipeline), BIG)
        .interval(Duration.ofHours(1))
        .build();
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static void awaitGoodBeginning(SignalSender sender, Pump pump) throws Exception {
    Instant deadline = Instant.now().plusSeconds(60);
    for (List<String> left = ongoing(sender); !left.isEmpty(); left = ongoing(sender)) {
      pump.check();
      assertThat(Instant.now()).as("no good beginning of %s", left).isBefore(deadline);
    }
  }
}
