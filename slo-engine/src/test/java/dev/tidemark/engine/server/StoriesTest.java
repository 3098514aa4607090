package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.agent.TidemarkAgent;
import dev.tidemark.engine.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The four stories that Tidemark is for, each from its signals to the message that a person reads
 * on a terminal and a program gets by webhook. The messages are in the README of {@code alerting},
 * as they came out here.
 */
class StoriesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Path README = Path.of("..", "alerting", "README.md");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  /** What every objective of these stories is judged by: a minute's burning is enough. */
  private static String fast(String severity) {
    return "window: 7d, alerting: {confidence: \"0\", conditions: [{long: 1m, short: 1m, factor: 2,"
        + " severity: "
        + severity
        + "}]}";
  }

  private ServerProcess start(String objects, URI hook, String groupWait, int grpcPort)
      throws Exception {
    Path definitions =
        Files.writeString(
            folder.resolve("story.yaml"),
            objects
                + """
                ---
                apiVersion: tidemark/v1
                kind: Receiver
                metadata: {name: hook}
                spec: {webhook: {url: "%s"}}
                ---
                apiVersion: tidemark/v1
                kind: Receiver
                metadata: {name: terminal}
                spec: {console: {}}
                ---
                apiVersion: tidemark/v1
                kind: Route
                metadata: {name: everything}
                spec: {receivers: [hook, terminal], groupWait: %s, groupInterval: 24h, repeatInterval: 24h}
                """
                    .formatted(hook, groupWait));
    return ServerProcess.start(
        folder.resolve("data"),
        "--otlp-grpc-port",
        Integer.toString(grpcPort),
        "--definitions",
        definitions.toString());
  }

  private TidemarkAgent agent(URI engine) {
    return TidemarkAgent.forPipeline("stories")
        .endpoint(engine.toString())
        .buffer(folder.resolve("buffer"), 1L << 24)
        .interval(Duration.ofHours(1))
        .build();
  }

  @Test
  void a_stage_of_a_real_time_feature_pipeline_dies_and_one_page_names_its_connector()
      throws Exception {
    String objects =
        """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: clicks}
        spec:
          domain: personalisation
          owner: team-clicks
          objectives:
            - heartbeat: {connector: clicks-cdc, every: 5s, target: 99%%, timeSlice: 1s, %1$s}
            - freshness: {within: 20s, target: 99%%, timeSlice: 1s, %1$s}
        ---
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: user_features}
        spec:
          domain: personalisation
          owner: team-features
          dependsOn: [clicks]
          consumers: [recommender]
          objectives:
            - freshness: {within: 20s, target: 99%%, timeSlice: 1s, %1$s}
            - reads: {below: 50ms, target: 95%%, timeSlice: 1s, %1$s}
        """
            .formatted(fast("page"));
    int grpcPort = freePort();
    try (WebhookReceiver hook = new WebhookReceiver();
        ServerProcess server = start(objects, hook.uri(), "15s", grpcPort);
        SignalSender sender = new SignalSender(server.base(), grpcPort);
        TidemarkAgent agent = agent(server.base())) {
      try (Beats beats = new Beats(sender, agent)) {
        sender.observations("tidemark.read.latency", "user_features", 0.01, 100, 0.05, 0.1);
        await(
            "a good beginning",
            () -> {
              beats.check();
              return good(server, "clicks-heartbeat")
                  && good(server, "clicks-freshness")
                  && good(server, "user_features-freshness")
                  && good(server, "user_features-reads");
            });
        assertThat(hook.messages()).isEmpty();
      }
      // Nothing comes from the stage any more, and what is read gets slow when that is known.
      await("the silence is noticed", () -> !open(server).isEmpty());
      sender.observations("tidemark.read.latency", "user_features", 0.2, 100, 0.05, 0.1);
      JsonNode page = hook.await(came -> !came.isEmpty(), Duration.ofSeconds(90)).get(0);
      assertThat(page.path("kind").asText()).isEqualTo("triggered");
      assertThat(page.path("incident").path("severity").asText()).isEqualTo("page");
      assertThat(page.path("cause").path("type").asText()).isEqualTo("connector");
      assertThat(page.path("cause").path("name").asText()).isEqualTo("clicks-cdc");
      assertThat(page.path("cause").path("certain").asBoolean()).isTrue();
      assertThat(page.path("hurtConsumers")).extracting(JsonNode::asText).contains("recommender");
      await(
          "all four are symptoms of one cause",
          () -> {
            List<JsonNode> open = open(server);
            return open.size() == 1 && open.get(0).path("alerts").size() == 4;
          });
      assertThat(hook.messages()).as("one cause, one page").hasSize(1);
      assertReadable(server, sender, page, "Silent connector death");
    }
  }

  @Test
  void a_nightly_aggregate_fails_and_costs_twice_as_much_although_it_was_on_time()
      throws Exception {
    // By a clock on which it is the afternoon, wherever this runs.
    int ahead = 14 - Instant.now().atOffset(ZoneOffset.UTC).getHour();
    String zone = "Etc/GMT" + (ahead >= 0 ? "-" + ahead : "+" + -ahead);
    String objects =
        """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: revenue_daily}
        spec:
          domain: finance
          owner: team-finance
          producedBy: nightly_revenue
          consumers: [board-report]
          objectives:
            - runs: {target: 90%%, %1$s}
            - arrival: {dueBy: "06:00", timeZone: %2$s, target: 99%%, timeSlice: 1s, %1$s}
            - cost: {below: 5, perUnit: run, per: 2s, target: 90%%, %3$s}
        """
            .formatted(fast("page"), zone, fast("ticket"));
    int grpcPort = freePort();
    try (WebhookReceiver hook = new WebhookReceiver();
        ServerProcess server = start(objects, hook.uri(), "15s", grpcPort);
        SignalSender sender = new SignalSender(server.base(), grpcPort);
        TidemarkAgent agent = agent(server.base())) {
      Instant now = Instant.now();
      agent.dataset("revenue_daily").watermark(now);
      assertThat(agent.flush(Duration.ofSeconds(20))).isTrue();
      sender.run("nightly_revenue", now.minusSeconds(600), "COMPLETE", "");
      cost(sender, 4);
      await(
          "a good night",
          () ->
              good(server, "revenue_daily-runs")
                  && good(server, "revenue_daily-arrival")
                  && good(server, "revenue_daily-cost"));
      assertThat(hook.messages()).isEmpty();
      // The volume doubles: storage costs twice as much, and the job fails.
      cost(sender, 9);
      sender.run("nightly_revenue", Instant.now().minusSeconds(60), "FAIL", "");
      JsonNode page = hook.await(came -> !came.isEmpty(), Duration.ofSeconds(90)).get(0);
      assertThat(page.path("incident").path("severity").asText()).isEqualTo("page");
      await(
          "job and money are one incident",
          () -> {
            List<JsonNode> open = open(server);
            return open.size() == 1 && open.get(0).path("alerts").size() == 2;
          });
      assertThat(hook.messages()).hasSize(1);
      assertReadable(server, sender, page, "Pipeline job fails");
    }
  }

  private static void cost(SignalSender sender, double spent) throws Exception {
    Map<String, String> about =
        Map.of("dataset", "revenue_daily", "pipeline", "nightly_revenue", "owner", "team-finance");
    sender.counter("tidemark.cost", spent, about, Instant.now());
    sender.counter("tidemark.runs", 1, about, Instant.now());
  }

  @Test
  void data_are_lost_and_the_page_the_backfill_and_the_timeline_tell_the_whole_story()
      throws Exception {
    String objects =
        """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: payments_raw}
        spec:
          domain: payments
          owner: team-payments
          objectives:
            - heartbeat: {connector: payments-cdc, every: 5s, target: 99%%, timeSlice: 1s, %1$s}
        ---
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: revenue_report}
        spec:
          domain: finance
          owner: team-finance
          dependsOn: [payments_raw]
          consumers: [cfo]
          objectives:
            - completeness: {atLeast: 99.95%%, per: 2s, target: 90%%, %1$s}
        """
            .formatted(fast("page"));
    int grpcPort = freePort();
    try (WebhookReceiver hook = new WebhookReceiver();
        ServerProcess server = start(objects, hook.uri(), "5s", grpcPort);
        SignalSender sender = new SignalSender(server.base(), grpcPort);
        TidemarkAgent agent = agent(server.base())) {
      Instant begin = Instant.now();
      sender.ping("payments-cdc");
      records(agent, 10_000);
      await(
          "a good beginning",
          () ->
              good(server, "payments_raw-heartbeat")
                  && good(server, "revenue_report-completeness"));
      // The connector dies; when that shows, records are missing downstream.
      await("the silence is noticed", () -> !open(server).isEmpty());
      records(agent, 9_000);
      JsonNode page = hook.await(came -> !came.isEmpty(), Duration.ofSeconds(90)).get(0);
      assertThat(page.path("cause").path("name").asText()).isEqualTo("payments-cdc");
      assertThat(page.path("hurtConsumers")).extracting(JsonNode::asText).contains("cfo");
      await(
          "completeness joins it",
          () -> open(server).size() == 1 && open(server).get(0).path("alerts").size() == 2);
      assertReadable(server, sender, page, "Silent connector death");
      String id = page.path("incident").path("id").asText();
      post(server, "/api/v1/incidents/" + id + "/acknowledge", "dana", "restarting the connector");

      // The replay is declared, so that it wakes nobody, and what was lost leaves the budget.
      String declared =
          tidemark(
              server,
              "backfill",
              "declare",
              "--covers",
              "payments-cdc",
              "payments_raw",
              "revenue_report",
              "--duration",
              "2h",
              "--from",
              begin.minusSeconds(3_600).toString().substring(0, 19) + "Z",
              "--ticket",
              "FIN-7",
              "--reason",
              "replay of the lost payments",
              "--author",
              "dana",
              "--budget",
              "drop");
      String backfill = declared.replaceAll("(?s).*?(BF-[0-9a-f]{8}).*", "$1");
      await(
          "the noise is suppressed",
          () ->
              json(server, "/api/v1/incidents/" + id)
                  .path("suppressedBy")
                  .path("ticket")
                  .asText()
                  .equals("FIN-7"));
      assertThat(tidemark(server, "backfill", "approve", backfill, "--by", "rob"))
          .contains("approved by rob");
      await(
          "the budget is restated",
          () -> {
            JsonNode slo = json(server, "/api/v1/slos/revenue_report-completeness");
            return slo.path("budgetLeftRatio").asDouble() == 1
                && slo.path("windows").path(0).path("rawBudgetLeftRatio").asDouble(1) < 1;
          });
      post(
          server,
          "/api/v1/incidents/" + id + "/resolve",
          "dana",
          "replayed, all records are there");
      List<JsonNode> all =
          hook.await(
              came -> came.stream().anyMatch(one -> one.path("kind").asText().equals("resolved")),
              Duration.ofSeconds(60));
      assertThat(all)
          .extracting(one -> one.path("kind").asText())
          .containsExactly("triggered", "acknowledged", "resolved");
      // What a postmortem is written from: what happened when, by whom and why.
      List<String> timeline = new ArrayList<>();
      json(server, "/api/v1/incidents/" + id)
          .path("timeline")
          .forEach(
              entry ->
                  timeline.add(
                      entry.path("what").asText()
                          + " by "
                          + entry.path("actor").asText()
                          + ": "
                          + entry.path("reason").asText()));
      assertThat(timeline)
          .contains(
              "acknowledged by dana: restarting the connector",
              "suppressed by tidemark: planned work FIN-7: replay of the lost payments",
              "resolved by dana: ended by dana: replayed, all records are there");
      assertThat(timeline.get(0)).startsWith("opened by tidemark: Heartbeat of payments-cdc");
    }
  }

  private static void records(TidemarkAgent agent, long observed) {
    agent.dataset("revenue_report").expected(10_000);
    agent.dataset("revenue_report").observed(observed);
    assertThat(agent.flush(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void an_archive_costs_too_much_per_terabyte_and_the_ticket_says_whose_it_is() throws Exception {
    String objects =
        """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: clicks_archive}
        spec:
          domain: retention
          owner: team-archive
          producedBy: archive_clicks
          objectives:
            - cost: {below: 20, perUnit: TB, per: 2s, target: 90%%, %s}
        """
            .formatted(fast("ticket"));
    int grpcPort = freePort();
    try (WebhookReceiver hook = new WebhookReceiver();
        ServerProcess server = start(objects, hook.uri(), "2s", grpcPort);
        SignalSender sender = new SignalSender(server.base(), grpcPort)) {
      spend(sender, 18);
      await("a usual price", () -> good(server, "clicks_archive-cost"));
      assertThat(hook.messages()).isEmpty();
      spend(sender, 260);
      JsonNode ticket = hook.await(came -> !came.isEmpty(), Duration.ofSeconds(60)).get(0);
      assertThat(ticket.path("incident").path("severity").asText()).isEqualTo("ticket");
      assertThat(ticket.path("alerts").path(0).path("labels").path("owner").asText())
          .isEqualTo("team-archive");
      assertReadable(server, sender, ticket, "Cost runaway");
    }
  }

  private static void spend(SignalSender sender, double perTerabyte) throws Exception {
    Map<String, String> about =
        Map.of("dataset", "clicks_archive", "pipeline", "archive_clicks", "owner", "team-archive");
    sender.counter("tidemark.cost", perTerabyte, about, Instant.now());
    sender.counter("tidemark.bytes", 1e12, about, Instant.now());
  }

  /**
   * The same message was printed for a person; its links lead somewhere, and the README shows it,
   * apart from what differs from run to run.
   */
  private static void assertReadable(
      ServerProcess server, SignalSender sender, JsonNode message, String runbook)
      throws Exception {
    String id = message.path("incident").path("id").asText();
    await("it is printed", () -> block(server, id) != null);
    String printed = String.valueOf(block(server, id));
    assertThat(printed).contains("Runbook      " + runbook);
    assertThat(sender.get(message.path("incident").path("url").asText()).statusCode())
        .isEqualTo(200);
    assertThat(sender.get(message.path("runbook").path("url").asText()).statusCode())
        .isEqualTo(200);
    String readme = Files.readString(README, StandardCharsets.UTF_8);
    List<String> lasting =
        printed
            .lines()
            .filter(
                line ->
                    line.matches(
                        "│ (\\[(PAGE|TICKET)] |  (Dataset|Objective|Owner|Cause|Path|Hurt|Runbook) ).*"))
            .toList();
    assertThat(lasting).hasSizeGreaterThanOrEqualTo(6);
    assertThat(readme)
        .as("as it came out:%n%s%n", printed)
        .contains(lasting.toArray(CharSequence[]::new));
  }

  /** The first message about the incident that was printed; null before it was. */
  private static @Nullable String block(ServerProcess server, String id) {
    String all = String.join("\n", server.output());
    var blocks = Pattern.compile("┌─+\n(│.*\n)+└─+").matcher(all);
    while (blocks.find()) {
      if (blocks.group().contains(id)) {
        return blocks.group();
      }
    }
    return null;
  }

  private static boolean good(ServerProcess server, String objective) throws Exception {
    JsonNode slo = json(server, "/api/v1/slos/" + objective);
    return slo.path("good").asDouble() > 0 && !slo.path("currentlyBad").asBoolean();
  }

  private static List<JsonNode> open(ServerProcess server) throws Exception {
    List<JsonNode> open = new ArrayList<>();
    json(server, "/api/v1/incidents?state=open").path("incidents").forEach(open::add);
    return open;
  }

  private static JsonNode json(ServerProcess server, String path) throws Exception {
    return JSON.readTree(
        CLIENT
            .send(
                HttpRequest.newBuilder(server.base().resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body());
  }

  private static void post(ServerProcess server, String path, String actor, String reason)
      throws Exception {
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(server.base().resolve(path))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        JSON.writeValueAsString(Map.of("actor", actor, "reason", reason))))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String tidemark(ServerProcess server, String... command) {
    StringWriter printed = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
    String[] args = java.util.Arrays.copyOf(command, command.length + 2);
    args[command.length] = "--url";
    args[command.length + 1] = server.base().toString();
    assertThat(line.execute(args)).as("%s", printed).isZero();
    return printed.toString();
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** What comes from the stage every second while it lives: pings and watermarks. */
  private static final class Beats implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private volatile @Nullable Exception failure;

    Beats(SignalSender sender, TidemarkAgent agent) {
      Runnable beat =
          () -> {
            try {
              sender.ping("clicks-cdc");
              agent.dataset("clicks").watermark(Instant.now());
              agent.dataset("user_features").watermark(Instant.now());
              assertThat(agent.flush(Duration.ofSeconds(20))).isTrue();
            } catch (Exception e) {
              failure = e;
            }
          };
      Object unused = thread.scheduleWithFixedDelay(beat, 0, 1, TimeUnit.SECONDS);
    }

    void check() throws Exception {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void close() {
      thread.shutdown();
      try {
        assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
