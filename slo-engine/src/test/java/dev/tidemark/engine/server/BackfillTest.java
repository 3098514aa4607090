package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.Told;
import dev.tidemark.engine.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Planned work from declaration to budget, over the wire and over a crash. */
class BackfillTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        owner: team-payments
        objectives:
          - heartbeat: {connector: orders-cdc, every: 2s, target: 99.9%, window: 7d}
          - backfill: {within: 1h}
      """
          + Told.ON_TERMINAL;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Test
  void declared_work_keeps_people_quiet_and_what_it_takes_from_the_past_wants_approval(
      @TempDir Path folder) throws Exception {
    Path definitions = folder.resolve("orders.yaml");
    Files.writeString(definitions, DEFINITIONS);
    String id;
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString())) {
      assertThat(
              tidemark(
                  server,
                  2,
                  "backfill",
                  "declare",
                  "--covers",
                  "nope",
                  "--duration",
                  "1h",
                  "--ticket",
                  "T-1",
                  "--reason",
                  "reload"))
          .contains("no objective is about nope");
      String said =
          tidemark(
              server,
              0,
              "backfill",
              "declare",
              "--covers",
              "orders-cdc",
              "--duration",
              "1h",
              "--ticket",
              "T-1",
              "--reason",
              "reload",
              "--author",
              "dana",
              "--budget",
              "drop",
              "--from",
              Instant.now().minusSeconds(3_600 - 60).toString().substring(0, 19) + "Z");
      assertThat(said).contains("active", "until somebody else says");
      id = said.replaceAll("(?s).*?(BF-[0-9a-f]{8}).*", "$1");
      assertThat(tidemark(server, 0, "backfill", "end", id)).contains("ended");
      said =
          tidemark(
              server,
              0,
              "backfill",
              "declare",
              "--dataset",
              "orders",
              "--duration",
              "1h",
              "--ticket",
              "T-2",
              "--reason",
              "reload again",
              "--author",
              "dana",
              "--budget",
              "keep");
      id = said.replaceAll("(?s).*?(BF-[0-9a-f]{8}).*", "$1");
      assertThat(said).doesNotContain("until somebody else says");
      // The connector dies, and an incident of which nobody is told opens.
      assertThat(get(server, "/ping/orders-cdc").statusCode()).isEqualTo(200);
      await(
          "an incident that nobody is told of",
          () -> {
            JsonNode open = json(server, "/api/v1/incidents?state=open").path("incidents");
            return open.size() == 1
                && open.get(0).path("suppressedBy").path("ticket").asText().equals("T-2");
          });
      assertThat(get(server, "/dashboards/oncall").body())
          .contains("suppressed", "backfill of orders", "reload again (T-2)");
      because(server);
      server.kill();
    }
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString())) {
      assertThat(tidemark(server, 0, "backfill", "list")).contains(id, "active", "keep", "T-2");
      String open =
          json(server, "/api/v1/incidents?state=open")
              .path("incidents")
              .path(0)
              .path("id")
              .asText();
      assertThat(json(server, "/api/v1/incidents/" + open).path("deliveries")).isEmpty();
      // When the work is over, who has to know is told.
      assertThat(tidemark(server, 0, "backfill", "end", id)).contains("ended at");
      await(
          "the page after the end",
          () ->
              json(server, "/api/v1/incidents/" + open)
                  .path("deliveries")
                  .path(0)
                  .path("state")
                  .asText()
                  .equals("sent"));
      await(
          "the backfill's own time",
          () -> json(server, "/api/v1/slos/orders-backfill").path("good").asDouble() == 1);
      String past =
          tidemark(
              server,
              0,
              "backfill",
              "declare",
              "--dataset",
              "orders",
              "--duration",
              "2h",
              "--from",
              Instant.now().minusSeconds(3_600).toString().substring(0, 19) + "Z",
              "--ticket",
              "T-3",
              "--reason",
              "forgot to say",
              "--author",
              "dana",
              "--budget",
              "good");
      String late = past.replaceAll("(?s).*?(BF-[0-9a-f]{8}).*", "$1");
      assertThat(tidemark(server, 2, "backfill", "approve", late, "--by", "dana"))
          .contains("somebody else has to approve it");
      double before =
          json(server, "/api/v1/slos/orders-heartbeat").path("budgetLeftRatio").asDouble();
      assertThat(before).isLessThan(1);
      assertThat(tidemark(server, 0, "backfill", "approve", late, "--by", "rob"))
          .contains("approved by rob");
      await(
          "the past leaves the budget",
          () ->
              json(server, "/api/v1/slos/orders-heartbeat").path("budgetLeftRatio").asDouble()
                  == 1);
      JsonNode window = json(server, "/api/v1/slos/orders-heartbeat").path("windows").path(0);
      assertThat(window.path("rawBudgetLeftRatio").asDouble(1)).isLessThan(1);
      assertThat(json(server, "/api/v1/audit").path("entries"))
          .extracting(entry -> entry.path("action").asText())
          .contains("planned work declared", "planned work ended", "planned work approved");
      String history =
          tidemark(
              server,
              0,
              "backtest",
              definitions.toString(),
              "--from",
              Instant.now().minusSeconds(600).toString(),
              "--to",
              Instant.now().toString());
      assertThat(history).contains("would have gone out for 2 objectives");
    }
  }

  /** What is declared because of an incident covers what that is about, and stands in it. */
  private static void because(ServerProcess server) throws Exception {
    String incident =
        json(server, "/api/v1/incidents?state=open").path("incidents").path(0).path("id").asText();
    String[] rest = {"--duration", "30m", "--ticket", "T-9", "--reason", "restart it"};
    assertThat(tidemark(server, 2, declare(rest))).contains("--covers NAME, or --incident ID");
    assertThat(tidemark(server, 2, declare(rest, "--incident", "INC-nope")))
        .contains("no open incident 'INC-nope'");
    String said =
        tidemark(server, 0, declare(rest, "--incident", incident, "--kind", "maintenance"));
    String id = said.replaceAll("(?s).*?(BF-[0-9a-f]{8}).*", "$1");
    assertThat(json(server, "/api/v1/backfills/" + id).path("covers").toString())
        .isEqualTo("[\"orders\"]");
    assertThat(json(server, "/api/v1/incidents/" + incident).path("timeline"))
        .anySatisfy(
            entry -> {
              assertThat(entry.path("what").asText()).isEqualTo("backfill");
              assertThat(entry.path("reason").asText())
                  .startsWith(id + " of orders until ")
                  .endsWith("T-9: restart it");
            });
    assertThat(tidemark(server, 0, "backfill", "end", id)).contains("ended at");
  }

  private static String[] declare(String[] rest, String... more) {
    return Stream.of(new String[] {"backfill", "declare"}, rest, more)
        .flatMap(Arrays::stream)
        .toArray(String[]::new);
  }

  private static String tidemark(ServerProcess server, int expected, String... command) {
    StringWriter printed = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
    String[] args = Arrays.copyOf(command, command.length + 2);
    args[command.length] = "--url";
    args[command.length + 1] = server.base().toString();
    assertThat(line.execute(args)).as("%s", printed).isEqualTo(expected);
    return printed.toString();
  }

  private static JsonNode json(ServerProcess server, String path) throws Exception {
    return JSON.readTree(get(server, path).body());
  }

  private static HttpResponse<String> get(ServerProcess server, String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve(path)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(120);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      Thread.onSpinWait();
    }
  }
}
