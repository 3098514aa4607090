package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a person does about an incident on its page, as a browser sends it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IncidentFormsTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: shop.orders}
      spec:
        owner: team-payments
        objectives:
          - heartbeat: {connector: orders-cdc, every: 2s, target: 99.9%, window: 7d}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: invoices}
      spec:
        owner: team-billing
        dependsOn: [shop.orders]
      """;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static ServerProcess server;
  private static String id;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Path definitions = folder.resolve("orders.yaml");
    Files.writeString(definitions, DEFINITIONS);
    server = ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString());
    assertThat(get("/ping/orders-cdc").statusCode()).isEqualTo(200);
    await("the incident opens", () -> open().size() == 1);
    id = open().get(0).path("id").asText();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  @Order(1)
  void a_silence_from_the_page_covers_what_fires_and_is_in_timeline_and_audit_trail()
      throws Exception {
    HttpResponse<String> done =
        post("silence", "for", "PT2H", "reach", "firing", "reason", "moving house");
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(done.headers().firstValue("Location")).contains("/incidents/" + id);

    JsonNode silence = json("/api/v1/silences?state=active").path("silences").path(0);
    assertThat(silence.path("matchers").path(0).asText()).isEqualTo("dataset=\"shop.orders\"");
    assertThat(silence.path("reason").asText()).isEqualTo("moving house (" + id + ")");
    Instant starts = Instant.parse(silence.path("startsAt").asText());
    assertThat(Instant.parse(silence.path("endsAt").asText()))
        .isEqualTo(starts.plus(Duration.ofHours(2)));
    assertThat(get("/incidents/" + id).body()).contains("silenced", "moving house");
    await(
        "it says that it is suppressed", () -> json("/api/v1/incidents/" + id).has("suppressedBy"));
    assertThat(json("/api/v1/audit").path("entries"))
        .anySatisfy(
            entry -> {
              assertThat(entry.path("action").asText()).isEqualTo("silence created");
              assertThat(entry.path("detail").asText()).contains("moving house", id);
            });
  }

  @Test
  @Order(2)
  void a_silence_that_reaches_downstream_matches_exactly_these_names() throws Exception {
    assertThat(
            post("silence", "for", "PT1H", "reach", "downstream", "reason", "all of it")
                .statusCode())
        .isEqualTo(303);
    // A dot in a name is a dot, not any sign.
    assertThat(json("/api/v1/silences?state=active").path("silences"))
        .anySatisfy(
            silence ->
                assertThat(silence.path("matchers").path(0).asText())
                    .isEqualTo("dataset=~\"shop\\\\.orders|invoices\""));
  }

  @Test
  @Order(3)
  void a_backfill_from_the_page_is_declared_and_in_the_timeline() throws Exception {
    LocalDateTime ends =
        LocalDateTime.ofInstant(Instant.now().plus(Duration.ofHours(4)), ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.MINUTES);
    HttpResponse<String> done =
        post(
            "backfill",
            "dataset",
            "shop.orders",
            "ends",
            ends.toString(),
            "budget",
            "drop",
            "ticket",
            "OPS-18",
            "reason",
            "loading again");
    assertThat(done.statusCode()).isEqualTo(303);
    JsonNode backfill = json("/api/v1/backfills").path("backfills").path(0);
    assertThat(backfill.path("covers").path(0).asText()).isEqualTo("shop.orders");
    assertThat(backfill.path("budget").asText()).isEqualTo("drop");
    assertThat(Instant.parse(backfill.path("endsAt").asText()))
        .isEqualTo(ends.toInstant(ZoneOffset.UTC));
    assertThat(json("/api/v1/incidents/" + id).path("timeline"))
        .anySatisfy(
            entry -> {
              assertThat(entry.path("what").asText()).isEqualTo("backfill");
              assertThat(entry.path("reason").asText())
                  .contains(backfill.path("id").asText(), "OPS-18: loading again");
            });
  }

  @Test
  @Order(4)
  void what_is_wrong_with_a_form_is_said_on_a_page_that_leads_back() throws Exception {
    refused("silence", 400, "Reason is missing", "for", "PT2H", "reason", " ");
    refused("silence", 400, "is not a duration", "for", "2 hours", "reason", "x");
    refused("silence", 400, "30 days at most", "for", "P31D", "reason", "x");
    refused("silence", 400, "30 days at most", "for", "PT-1H", "reason", "x");
    refused("backfill", 400, "is not a time", "ends", "soon", "reason", "x", "ticket", "y");
    refused(
        "backfill",
        400,
        "Ticket is missing",
        "ends",
        "2126-03-01T12:00",
        "budget",
        "keep",
        "dataset",
        "shop.orders",
        "reason",
        "x");
  }

  @Test
  @Order(5)
  void a_page_of_another_site_changes_nothing() throws Exception {
    HttpResponse<String> refused =
        CLIENT.send(
            form("resolve", "note", "x").header("Origin", "https://evil.example").build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(json("/api/v1/incidents/" + id).path("state").asText()).isNotEqualTo("resolved");
  }

  @Test
  @Order(6)
  void steps_of_the_runbook_are_ticked_off_once_on_either_page() throws Exception {
    assertThat(get("/incidents/" + id).body())
        .contains("action=\"/incidents/" + id + "/steps\"", "name=\"step\" value=\"1\">")
        .doesNotContain("checked disabled");
    String runbook =
        json("/api/v1/incidents/" + id).path("alerts").path(0).path("runbook").asText();
    assertThat(get("/runbooks/" + runbook + "?incident=" + id).body())
        .contains("action=\"/incidents/" + id + "/steps\"", "value=\"runbook\"");
    assertThat(get("/runbooks/" + runbook).body()).doesNotContain("/steps\"");

    HttpResponse<String> done =
        post("steps", "step", "1", "step", "2", "from", "runbook", "note", "it was stuck");
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(done.headers().firstValue("Location"))
        .contains("/runbooks/" + runbook + "?incident=" + id);
    // Pressed again, nothing more happened.
    assertThat(post("steps", "step", "2").headers().firstValue("Location"))
        .contains("/incidents/" + id);
    JsonNode incident = json("/api/v1/incidents/" + id);
    assertThat(incident.path("timeline"))
        .filteredOn(entry -> entry.path("what").asText().equals("step"))
        .hasSize(2)
        .allSatisfy(
            entry -> {
              assertThat(entry.path("actor").asText()).isEqualTo("local");
              assertThat(entry.path("reason").asText()).endsWith("– it was stuck");
            });
    assertThat(incident.path("steps").path(0).path("done").asBoolean()).isTrue();
    assertThat(incident.path("steps").path(1).path("doneBy")).hasSize(1);
    assertThat(incident.path("steps").path(2).path("done").asBoolean(true)).isFalse();
    assertThat(get("/incidents/" + id).body()).contains("checked disabled", "by local");
    refused("steps", 400, "No step is ticked", "note", "x");
    refused("steps", 404, "There is no step", "step", "0");
    refused("steps", 404, "has steps 1 to", "step", "1", "step", "99");
    assertThat(json("/api/v1/audit").path("entries"))
        .filteredOn(entry -> entry.path("action").asText().equals("incident step done"))
        .hasSize(2);
  }

  @Test
  @Order(7)
  void a_tick_is_undone_by_page_program_and_command() throws Exception {
    assertThat(get("/incidents/" + id).body()).contains("name=\"undo\" value=\"1\"");
    HttpResponse<String> undone = post("steps", "undo", "1", "from", "incident");
    assertThat(undone.statusCode()).as(undone.body()).isEqualTo(303);
    assertThat(step(0).path("done").asBoolean(true)).isFalse();
    assertThat(step(0).path("doneBy")).isEmpty();
    assertThat(step(1).path("done").asBoolean()).isTrue();
    // Undone again, nothing more happens; done again, it is done.
    assertThat(post("steps", "undo", "1").statusCode()).isEqualTo(303);
    assertThat(post("steps", "step", "1", "note", "now really").statusCode()).isEqualTo(303);
    assertThat(step(0).path("done").asBoolean()).isTrue();
    assertThat(step(0).path("doneBy")).hasSize(1);

    HttpResponse<String> deleted = send("DELETE", "steps/2?note=it%20was%20not", "");
    assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
    assertThat(JSON.readTree(deleted.body()).path("steps").path(1).path("done").asBoolean(true))
        .isFalse();
    assertThat(Commands.tidemark(server.base(), "incidents", "step", id, "2")).isZero();
    assertThat(step(1).path("done").asBoolean()).isTrue();
    assertThat(Commands.tidemark(server.base(), "incidents", "step", id, "2", "--undo")).isZero();
    assertThat(step(1).path("done").asBoolean(true)).isFalse();
    assertThat(send("DELETE", "steps/99", "").statusCode()).isEqualTo(404);
    assertThat(json("/api/v1/incidents/" + id).path("timeline"))
        .filteredOn(entry -> entry.path("what").asText().equals("step undone"))
        .hasSize(3)
        .anySatisfy(entry -> assertThat(entry.path("reason").asText()).endsWith("– it was not"));
    assertThat(json("/api/v1/audit").path("entries"))
        .filteredOn(entry -> entry.path("action").asText().equals("incident step undone"))
        .hasSize(3);
  }

  private static JsonNode step(int index) throws Exception {
    return json("/api/v1/incidents/" + id).path("steps").path(index);
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve("/api/v1/incidents/" + id + "/" + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  @Order(8)
  void an_incident_is_resolved_by_hand_and_has_no_forms_any_more() throws Exception {
    assertThat(get("/incidents/" + id).body()).contains("Declare a backfill");
    assertThat(post("resolve", "note", "it is retired").statusCode()).isEqualTo(303);
    assertThat(get("/incidents/" + id).body())
        .contains("resolved", "it is retired")
        .doesNotContain("Declare a backfill");
    refused("silence", 404, "no open incident", "for", "PT2H", "reason", "x");
  }

  @Test
  @Order(9)
  void the_postmortem_has_times_timeline_steps_and_room_for_actions() throws Exception {
    assertThat(get("/incidents/" + id + "/postmortem").body())
        .contains(
            "Time to detect",
            "nobody took it",
            "Time to recover",
            "Each time that it came",
            "it is retired");
    HttpResponse<String> markdown = get("/incidents/" + id + "/postmortem.md");
    assertThat(markdown.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"postmortem-" + id + ".md\"");
    assertThat(markdown.body())
        .startsWith("# Postmortem: ")
        .contains("| Time to detect |", "- dataset shop.orders", "- [ ] ")
        .containsPattern("- \\[x] .+ \\(done .+ by local\\)")
        .contains("| Action | Owner | Due | Ticket |");
    JsonNode json =
        new ObjectMapper().readTree(get("/api/v1/incidents/" + id + "/postmortem").body());
    assertThat(json.path("id").asText()).isEqualTo(id);
    assertThat(json.path("episodes")).hasSize(1);
    assertThat(json.path("episodes").path(0).path("secondsToRecover").asDouble(-1)).isNotNegative();
    assertThat(json.path("datasets").toString()).contains("shop.orders");
    assertThat(json.path("timeline")).isNotEmpty();
    assertThat(json.path("steps").path(0).path("doneBy").path(0).path("actor").asText())
        .isEqualTo("local");
    assertThat(get("/api/v1/incidents/nope/postmortem").statusCode()).isEqualTo(404);
    assertThat(get("/incidents/nope/postmortem").statusCode()).isEqualTo(404);
    assertThat(get("/incidents/nope/postmortem.md").statusCode()).isEqualTo(404);
  }

  @Test
  @Order(10)
  void actions_after_an_incident_have_an_owner_and_are_ticked_off() throws Exception {
    String page = "/incidents/" + id + "/postmortem";
    assertThat(get(page).body()).contains("None were written down", "name=\"owner\" required");
    HttpResponse<String> wrong = post("actions", "text", "Watch it", "owner", " ");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("Owner is missing", "href=\"" + page + "\"");
    wrong = post("actions", "text", "Watch it", "owner", "ann", "due", "soon");
    assertThat(wrong.body()).contains("is not a date such as 2026-03-31");

    HttpResponse<String> added =
        post("actions", "text", "Watch it", "owner", "ann", "due", "2020-01-31", "ticket", "T-5");
    assertThat(added.statusCode()).isEqualTo(303);
    assertThat(added.headers().firstValue("Location")).contains(page);
    assertThat(post("actions", "text", "Write a test", "owner", "bob").statusCode()).isEqualTo(303);
    assertThat(get(page).body()).contains("Watch it", "overdue", "/actions/2/done");
    JsonNode open = json("/api/v1/actions").path("actions");
    assertThat(open).hasSize(2);
    assertThat(open.path(0).path("due").asText()).isEqualTo("2020-01-31");
    assertThat(open.path(1).has("due")).isFalse();
    assertThat(get("/api/v1/reports/week?format=md").body()).contains("| Watch it | ann |");

    assertThat(post("actions/1/done").statusCode()).isEqualTo(303);
    assertThat(post("actions/9/done").statusCode()).isEqualTo(404);
    assertThat(json("/api/v1/actions?owner=ann").path("actions")).isEmpty();
    assertThat(json("/api/v1/actions?state=done").path("actions").path(0).path("doneBy").asText())
        .isEqualTo("local");
    assertThat(json("/api/v1/incidents/" + id + "/postmortem").path("actions")).hasSize(2);
    assertThat(get("/incidents/" + id + "/postmortem.md").body())
        .contains("| Watch it | ann | 2020-01-31 | T-5 | done ", "| Write a test | bob |");
    assertThat(json("/api/v1/audit").path("entries"))
        .filteredOn(entry -> entry.path("action").asText().startsWith("action "))
        .hasSize(3);
  }

  @Test
  @Order(11)
  void actions_are_changed_by_page_program_and_command() throws Exception {
    // As the test before left them: 1 is done, 2 is open.
    assertThat(
            post(
                    "actions/2",
                    "text",
                    "Write two tests",
                    "owner",
                    "carla",
                    "due",
                    "2126-05-01",
                    "ticket",
                    "T-6",
                    "state",
                    "open")
                .statusCode())
        .isEqualTo(303);
    JsonNode changed = action(2);
    assertThat(changed.path("text").asText()).isEqualTo("Write two tests");
    assertThat(changed.path("owner").asText()).isEqualTo("carla");
    assertThat(changed.path("due").asText()).isEqualTo("2126-05-01");
    assertThat(changed.path("ticket").asText()).isEqualTo("T-6");
    assertThat(get("/incidents/" + id + "/postmortem").body())
        .contains("action=\"/incidents/" + id + "/actions/2\"", "value=\"carla\"");

    HttpResponse<String> patched = send("PATCH", "actions/2", "{\"owner\":\"dan\",\"due\":null}");
    assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
    assertThat(action(2).path("owner").asText()).isEqualTo("dan");
    assertThat(action(2).has("due")).isFalse();
    assertThat(action(2).path("text").asText()).isEqualTo("Write two tests");
    assertThat(send("PATCH", "actions/1", "{\"state\":\"open\"}").statusCode()).isEqualTo(200);
    assertThat(action(1).path("state").asText()).isEqualTo("open");
    assertThat(action(1).has("doneBy")).isFalse();

    assertThat(send("PATCH", "actions/1", "{\"state\":\"half\"}").body())
        .contains("state is open or done, not 'half'");
    assertThat(send("PATCH", "actions/1", "{\"owner\":\" \"}").body()).contains("owner is missing");
    assertThat(send("PATCH", "actions/1", "{\"number\":3}").body())
        .contains("number cannot be changed; what can is text, owner, due, ticket, state");
    assertThat(send("PATCH", "actions/9", "{\"owner\":\"x\"}").statusCode()).isEqualTo(404);

    assertThat(
            Commands.tidemark(
                server.base(),
                "actions",
                "edit",
                id,
                "1",
                "--due",
                "2126-06-01",
                "--state",
                "done"))
        .isZero();
    assertThat(action(1).path("due").asText()).isEqualTo("2126-06-01");
    assertThat(action(1).path("state").asText()).isEqualTo("done");
    assertThat(Commands.tidemark(server.base(), "actions", "edit", id, "1")).isEqualTo(2);
    assertThat(json("/api/v1/audit").path("entries"))
        .filteredOn(entry -> entry.path("action").asText().equals("action changed"))
        .hasSize(3);
  }

  private static JsonNode action(int number) throws Exception {
    return json("/api/v1/incidents/" + id + "/actions").path("actions").path(number - 1);
  }

  @Test
  @Order(12)
  void a_silence_that_is_asked_for_twice_is_one_that_ends_when_the_later_wants() throws Exception {
    String body =
        "{\"matchers\":[\"dataset=twice\",\"x=y\"],\"duration\":\"PT2H\",\"reason\":\"again\"}";
    HttpResponse<String> first = silence(body);
    HttpResponse<String> second =
        silence(body.replace("dataset=twice\",\"x=y", "x=y\",\"dataset=twice"));
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(200);
    JsonNode one = JSON.readTree(first.body());
    JsonNode same = JSON.readTree(second.body());
    assertThat(same.path("id")).isEqualTo(one.path("id"));
    assertThat(Instant.parse(same.path("endsAt").asText()))
        .isBetween(
            Instant.parse(one.path("endsAt").asText()),
            Instant.parse(one.path("endsAt").asText()).plusSeconds(60));
    assertThat(silences("twice")).hasSize(1);
    // An end that is given is the same end each time.
    String until =
        body.replace("again", "until")
            .replace(
                "\"duration\":\"PT2H\"",
                "\"endsAt\":\""
                    + Instant.now().plusSeconds(90_000).truncatedTo(ChronoUnit.SECONDS)
                    + "\"");
    assertThat(silence(until).statusCode()).isEqualTo(201);
    assertThat(silence(until).statusCode()).isEqualTo(200);
    // Another reason, another silence; and one that was ended is not there any more.
    assertThat(silence(body.replace("again", "else")).statusCode()).isEqualTo(201);
    assertThat(
            CLIENT
                .send(
                    HttpRequest.newBuilder(
                            server.base().resolve("/api/v1/silences/" + one.path("id").asText()))
                        .DELETE()
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
    HttpResponse<String> anew = silence(body);
    assertThat(anew.statusCode()).isEqualTo(201);
    assertThat(JSON.readTree(anew.body()).path("id")).isNotEqualTo(one.path("id"));
  }

  private static HttpResponse<String> silence(String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve("/api/v1/silences"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static List<JsonNode> silences(String dataset) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode one : json("/api/v1/silences?state=active").path("silences")) {
      if (one.path("matchers").toString().contains(dataset)) {
        found.add(one);
      }
    }
    return found;
  }

  private static void refused(String form, int status, String reason, String... fields)
      throws Exception {
    HttpResponse<String> answer = post(form, fields);
    assertThat(answer.statusCode()).as(reason).isEqualTo(status);
    assertThat(answer.body()).contains(reason, "href=\"/incidents/" + id + "\"");
  }

  private static HttpResponse<String> post(String form, String... fields) throws Exception {
    return CLIENT.send(form(form, fields).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder form(String form, String... fields) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      body.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return HttpRequest.newBuilder(server.base().resolve("/incidents/" + id + "/" + form))
        .timeout(Duration.ofSeconds(10))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
  }

  private static JsonNode open() throws Exception {
    return json("/api/v1/incidents?state=open").path("incidents");
  }

  private static JsonNode json(String path) throws Exception {
    return JSON.readTree(get(path).body());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve(path)).timeout(Duration.ofSeconds(10)).build(),
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
