package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Corrections of the past want a second person, told apart by tokens over the wire. */
class ApprovalTest {
  private static final String ANNA = "anna-token-0123456789";
  private static final String BERT = "bert-token-0123456789";
  private static final String ROOT = "root-token-0123456789";
  private static final String ORDERS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        objectives:
          - heartbeat: {connector: cdc, every: 1m, target: 99.9%, window: 7d}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static ServerProcess server;
  private static Path definitions;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    definitions = Files.createDirectory(folder.resolve("definitions"));
    Files.writeString(definitions.resolve("orders.yaml"), ORDERS);
    Path config =
        Files.writeString(
            folder.resolve("tidemark.yaml"),
            """
            definitions: [definitions]
            tokens:
              - {name: anna, secret: %s, scopes: [operate]}
              - {name: bert, secret: %s, scopes: [operate]}
              - {name: root, secret: %s, scopes: [admin]}
            """
                .formatted(ANNA, BERT, ROOT));
    server = ServerProcess.start(folder.resolve("data"), "--config", config.toString());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String tidemark(String token, int expected, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--url", server.base().toString(), "--token", token));
    StringWriter printed = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
    assertThat(line.execute(all.toArray(String[]::new))).as("%s", printed).isEqualTo(expected);
    return printed.toString();
  }

  /** An hour of the past as anna declares it. */
  private static String declaredByAnna(String ticket) {
    String said =
        tidemark(
            ANNA,
            0,
            "backfill",
            "declare",
            "--covers",
            "orders",
            "--from",
            Instant.now().minusSeconds(7_200).truncatedTo(ChronoUnit.SECONDS).toString(),
            "--duration",
            "1h",
            "--ticket",
            ticket,
            "--reason",
            "forgotten",
            "--budget",
            "drop");
    assertThat(said).contains("stays in the budget until somebody else says");
    return said.replaceAll("(?s).*?(BF-[0-9a-f]{8}).*", "$1");
  }

  private static HttpResponse<String> ask(String method, String path, String token, String body)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve(path))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode work(String id) throws Exception {
    return JSON.readTree(ask("GET", "/api/v1/backfills/" + id, ANNA, "").body());
  }

  private static List<String> audit(String id) throws Exception {
    List<String> told = new ArrayList<>();
    JsonNode entries = JSON.readTree(ask("GET", "/api/v1/audit", ROOT, "").body()).path("entries");
    for (JsonNode entry : entries) {
      if (entry.path("subject").asText().equals(id)) {
        told.add(0, entry.path("actor").asText() + ": " + entry.path("action").asText());
      }
    }
    return told;
  }

  @Test
  void the_token_that_declared_may_not_approve_under_whatever_name_and_another_may()
      throws Exception {
    Instant began = Instant.now();
    String id = declaredByAnna("T-1");
    for (String body : List.of("{}", "{\"by\": \"bert\"}")) {
      HttpResponse<String> refused =
          ask("POST", "/api/v1/backfills/" + id + "/approve", ANNA, body);
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("declared by anna", "somebody else has to approve it");
    }
    assertThat(work(id).path("needsApproval").asBoolean()).isTrue();
    // Another token, but the author's name.
    assertThat(
            ask("POST", "/api/v1/backfills/" + id + "/approve", BERT, "{\"by\": \"anna\"}")
                .statusCode())
        .isEqualTo(403);

    HttpResponse<String> approved = ask("POST", "/api/v1/backfills/" + id + "/approve", BERT, "{}");
    assertThat(approved.statusCode()).as(approved.body()).isEqualTo(200);
    assertThat(work(id).path("approvedBy").asText()).isEqualTo("bert");
    assertThat(Instant.parse(work(id).path("approvedAt").asText()))
        .isAfter(Instant.parse(work(id).path("declaredAt").asText()))
        .isBetween(began, Instant.now());
    assertThat(work(id).path("needsApproval").asBoolean()).isFalse();
    assertThat(audit(id))
        .containsExactly("anna: planned work declared", "bert: planned work approved");
  }

  @Test
  void what_is_rejected_stays_in_the_budget_and_cannot_be_approved_any_more() throws Exception {
    String id = declaredByAnna("T-2");
    assertThat(tidemark(BERT, 2, "backfill", "reject", id)).contains("--reason");
    assertThat(tidemark(BERT, 0, "backfill", "reject", id, "--reason", "it was no maintenance"))
        .isEqualToIgnoringNewLines(id + " rejected by bert");
    assertThat(work(id).path("rejectedBy").asText()).isEqualTo("bert");
    assertThat(Instant.parse(work(id).path("rejectedAt").asText()))
        .isAfter(Instant.parse(work(id).path("declaredAt").asText()));
    assertThat(work(id).has("approvedAt")).isFalse();
    assertThat(tidemark(BERT, 2, "backfill", "approve", id))
        .contains(id + " needs no approval; bert rejected it");
    assertThat(tidemark(ANNA, 0, "backfill", "list", "--all"))
        .containsPattern(id + " .* drop +rejected +T-2");
    assertThat(audit(id))
        .containsExactly("anna: planned work declared", "bert: planned work rejected");
  }

  @Test
  void work_can_be_declared_to_recur() throws Exception {
    Instant first = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.HOURS);
    String until = first.plus(Duration.ofDays(28)).toString();
    String[] weekly = {
      "backfill",
      "declare",
      "--covers",
      "cdc",
      "--kind",
      "maintenance",
      "--from",
      first.toString(),
      "--duration",
      "2h",
      "--ticket",
      "T-3",
      "--reason",
      "upgrades",
      "--budget",
      "drop",
      "--repeat",
      "FREQ=WEEKLY"
    };
    assertThat(tidemark(ANNA, 2, weekly)).contains("--repeat and --until go together");
    List<String> rightly = new ArrayList<>(List.of(weekly));
    rightly.addAll(List.of("--until", until, "--time-zone", "Europe/Warsaw"));
    String said = tidemark(ANNA, 0, rightly.toArray(String[]::new));
    assertThat(said)
        .contains("pending from " + first + " until " + until + ", PT2H by FREQ=WEEKLY");
    JsonNode work = work(said.replaceAll("(?s).*?(BF-[0-9a-f]{8}).*", "$1"));
    assertThat(work.path("nextStartsAt").asText()).isEqualTo(first.toString());
    assertThat(work.path("timeZone").asText()).isEqualTo("Europe/Warsaw");
    assertThat(work.path("needsApproval").asBoolean()).isFalse();

    String often =
        """
        {"covers": ["cdc"], "duration": "PT1M", "endsAt": "%s", "ticket": "T", "reason": "r",
         "repeat": "FREQ=MINUTELY"}
        """
            .formatted(until);
    HttpResponse<String> refused = ask("POST", "/api/v1/backfills", ANNA, often);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("repeat: planned work recurs hourly at most");
    HttpResponse<String> endless =
        ask("POST", "/api/v1/backfills", ANNA, often.replaceFirst("\"endsAt\": [^,]*,", ""));
    assertThat(endless.statusCode()).isEqualTo(400);
    assertThat(endless.body()).contains("endsAt, when the last one is over");
  }

  @Test
  void what_a_file_plans_for_a_time_that_has_passed_waits_like_any_declaration() throws Exception {
    Instant passed = Instant.now().minus(Duration.ofHours(5)).truncatedTo(ChronoUnit.SECONDS);
    Files.writeString(
        definitions.resolve("maintenance.yaml"),
        """
        apiVersion: tidemark/v1
        kind: Maintenance
        metadata: {name: forgotten}
        spec: {covers: [orders], from: "%s", duration: 1h, reason: disks, ticket: T-4, author: anna}
        """
            .formatted(passed));
    JsonNode waiting = waiting();
    String id = waiting.path("id").asText();
    assertThat(waiting.path("ticket").asText()).isEqualTo("T-4");
    assertThat(waiting.path("startsAt").asText()).isEqualTo(passed.toString());
    assertThat(tidemark(ANNA, 0, "backfill", "list"))
        .containsPattern(id + " +maintenance +over +orders .* drop +waits +T-4 +anna");
    assertThat(tidemark(ANNA, 2, "backfill", "approve", id))
        .contains("declared by anna", "somebody else has to approve it");
    assertThat(tidemark(BERT, 0, "backfill", "approve", id)).contains("approved by bert");
    assertThat(work(id).path("needsApproval").asBoolean()).isFalse();
    assertThat(audit(id))
        .containsExactly("tidemark: planned work declared", "bert: planned work approved");
  }

  /** Files are read again every few seconds. */
  private static JsonNode waiting() throws Exception {
    Instant deadline = Instant.now().plusSeconds(60);
    while (true) {
      JsonNode all = JSON.readTree(ask("GET", "/api/v1/backfills", ANNA, "").body());
      for (JsonNode work : all.path("backfills")) {
        if (work.path("id").asText().startsWith("MW-")) {
          return work;
        }
      }
      assertThat(Instant.now()).as("%s", all).isBefore(deadline);
    }
  }
}
