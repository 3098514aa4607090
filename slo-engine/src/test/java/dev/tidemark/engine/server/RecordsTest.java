package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.Told;
import dev.tidemark.engine.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Silences, audit trail, history and deliveries over the wire. */
class RecordsTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        owner: team-payments
        domain: payments
        objectives:
          - heartbeat: {connector: orders-cdc, every: 2s, target: 99.9%, window: 7d}
      """
          + Told.ON_TERMINAL;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static ServerProcess server;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Path definitions = folder.resolve("orders.yaml");
    Files.writeString(definitions, DEFINITIONS);
    server = ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_silence_is_made_listed_and_ended_in_the_terminal_and_all_of_it_is_on_record()
      throws Exception {
    String added =
        tidemark(
            0,
            "silence",
            "add",
            "--matcher",
            "dataset=shipments",
            "--duration",
            "2h",
            "--author",
            "dana",
            "--reason",
            "moving house",
            "--ticket",
            "OPS-17",
            "--format",
            "json");
    JsonNode silence = JSON.readTree(added);
    Instant starts = Instant.parse(silence.path("startsAt").asText());
    assertThat(Instant.parse(silence.path("endsAt").asText()))
        .isEqualTo(starts.plus(Duration.ofHours(2)));
    assertThat(tidemark(0, "silence", "list"))
        .contains("dataset=\"shipments\"", "active", "dana", "moving house (OPS-17)");
    assertThat(send("GET", "/dashboards/oncall", null).body()).contains("moving house (OPS-17)");

    String id = silence.path("id").asText();
    assertThat(tidemark(0, "silence", "expire", id)).contains(id + " is over");
    assertThat(tidemark(0, "silence", "list")).doesNotContain(id);
    assertThat(tidemark(2, "silence", "expire", id)).contains("there is no silence '" + id + "'");

    JsonNode entries = JSON.readTree(send("GET", "/api/v1/audit", null).body()).path("entries");
    assertThat(entries)
        .filteredOn(entry -> entry.path("subject").asText().equals(id))
        .extracting(entry -> entry.path("action").asText())
        .containsExactly("silence expired", "silence created");
  }

  @Test
  void what_is_wrong_with_a_silence_is_said() throws Exception {
    refused("{}", "reason is missing");
    refused("{\"reason\":\"x\",\"duration\":\"PT1H\"}", "matchers are missing");
    refused("{\"reason\":\"x\",\"matchers\":[\"a=b\"]}", "give either duration");
    refused(
        "{\"reason\":\"x\",\"matchers\":[\"a=b\"],\"duration\":\"2h\"}",
        "not an ISO 8601 duration");
    refused(
        "{\"reason\":\"x\",\"matchers\":[\"=\"],\"duration\":\"PT2H\"}", "'=' is not a matcher");
    refused("{\"reason\":\"x\",\"matchers\":[\"a=b\"],\"duration\":\"P31D\"}", "30 days at most");
    refused("{\"reason\":\"x\",\"matchers\":[\"a=b\"],\"duration\":\"PT-1S\"}", "which is over");
    refused("[]", "");
    refused("nonsense", "");
  }

  @Test
  void an_incident_lists_who_was_told_and_its_acknowledgement_is_on_record() throws Exception {
    assertThat(send("GET", "/ping/orders-cdc", null).statusCode()).isEqualTo(200);
    await(
        "somebody is told",
        () -> {
          JsonNode open = get("/api/v1/incidents?state=open").path("incidents");
          return open.size() == 1
              && get("/api/v1/incidents/" + open.get(0).path("id").asText())
                  .path("deliveries")
                  .path(0)
                  .path("state")
                  .asText()
                  .equals("sent");
        });
    String id = get("/api/v1/incidents").path("incidents").path(0).path("id").asText();
    JsonNode delivery = get("/api/v1/incidents/" + id).path("deliveries").path(0);
    assertThat(delivery.path("receiver").asText()).isEqualTo("terminal");
    assertThat(delivery.path("attempts").asInt()).isEqualTo(1);
    assertThat(send("GET", "/incidents/" + id, null).body()).contains("terminal", "delivered");
    assertThat(send("GET", "/metrics", null).body()).contains("tidemark_notifications_dead 0.0");

    assertThat(
            send("POST", "/api/v1/incidents/" + id + "/acknowledge", "{\"reason\":\"mine\"}")
                .statusCode())
        .isEqualTo(200);
    assertThat(get("/api/v1/audit").path("entries"))
        .anySatisfy(
            entry -> {
              assertThat(entry.path("subject").asText()).isEqualTo(id);
              assertThat(entry.path("action").asText()).isEqualTo("incident acknowledged");
              assertThat(entry.path("actor").asText()).isEqualTo("local");
              assertThat(entry.path("detail").asText()).isEqualTo("mine");
            });

    await(
        "a minute is on record",
        () -> get("/api/v1/slos/orders-heartbeat/history").path("budget").size() > 0);
    JsonNode minute = get("/api/v1/slos/orders-heartbeat/history").path("budget").path(0);
    assertThat(minute.path("at").asText()).endsWith(":00Z");
  }

  @Test
  void the_review_claims_nothing_about_what_was_hardly_measured(@TempDir Path folder)
      throws Exception {
    JsonNode review = get("/api/v1/reports/week");
    // The server runs for a minute: far less than half of a week is known.
    assertThat(review.path("promises").path("unknown").asInt()).isEqualTo(1);
    assertThat(review.path("promises").path("kept").asInt()).isZero();
    assertThat(review.path("objectives").path(0).path("verdict").asText()).isEqualTo("unknown");
    assertThat(tidemark(0, "report", "--period", "month"))
        .contains("# Data reliability, the last 30 days", "| payments | 0 | 0 | 1 |", "no cost");
    Path file = folder.resolve("week.html");
    assertThat(tidemark(0, "report", "--format", "html", "--out", file.toString())).isEmpty();
    assertThat(Files.readString(file)).startsWith("<!doctype html>").contains("payments");
    assertThat(tidemark(2, "report", "--format", "pdf")).contains("--format html");
    assertThat(send("GET", "/api/v1/reports/year", null).statusCode()).isEqualTo(404);
    assertThat(send("GET", "/api/v1/reports/week?format=doc", null).statusCode()).isEqualTo(400);
  }

  @Test
  void what_is_wrong_with_a_question_about_history_is_said() throws Exception {
    HttpResponse<String> unknown = send("GET", "/api/v1/slos/nope/history", null);
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("there is no objective 'nope'");
    assertThat(send("GET", "/api/v1/slos/orders-hartbeat", null).body())
        .contains("there is no objective 'orders-hartbeat'; did you mean 'orders-heartbeat'?");
    HttpResponse<String> moment =
        send("GET", "/api/v1/slos/orders-heartbeat/history?from=yesterday", null);
    assertThat(moment.statusCode()).isEqualTo(400);
    assertThat(moment.body()).contains("from 'yesterday' is not a moment");
    assertThat(
            send("GET", "/api/v1/audit?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", null)
                .statusCode())
        .isEqualTo(400);
  }

  private static void refused(String body, String reason) throws Exception {
    HttpResponse<String> answer = send("POST", "/api/v1/silences", body);
    assertThat(answer.statusCode()).as(body).isEqualTo(400);
    assertThat(answer.body()).as(body).contains(reason);
  }

  private static String tidemark(int expected, String... command) {
    StringWriter printed = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
    String[] args = java.util.Arrays.copyOf(command, command.length + 2);
    args[command.length] = "--url";
    args[command.length + 1] = server.base().toString();
    assertThat(line.execute(args)).as("%s", printed).isEqualTo(expected);
    return printed.toString();
  }

  private static JsonNode get(String path) throws Exception {
    return JSON.readTree(send("GET", path, null).body());
  }

  private static HttpResponse<String> send(
      String method, String path, @org.jspecify.annotations.Nullable String body) throws Exception {
    URI uri = server.base().resolve(path);
    return CLIENT.send(
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(90);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      Thread.onSpinWait();
    }
  }
}
