package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.links.ActionToken;
import dev.tidemark.engine.links.LinkKey;
import dev.tidemark.engine.links.LinkSigner;
import dev.tidemark.engine.links.RefusedLinks;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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

/** Links in messages, followed by somebody who is not signed in, on a server that has tokens. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SignedLinksTest {
  private static final String OPERATE = "operate-token-0123456789";
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        owner: team-payments
        objectives:
          - heartbeat: {connector: orders-cdc, every: 2s, target: 99.9%, window: 7d}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: hook}
      spec:
        webhook: {url: "URL"}
      ---
      apiVersion: tidemark/v1
      kind: Schedule
      metadata: {name: primary}
      spec:
        timezone: Europe/Warsaw
        layers:
          - members: [hook]
            start: 2026-01-05
            handOver: {every: week, on: monday, at: 09:00}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: everything}
      spec: {receiver: hook, groupWait: 1s}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static PageCollector collector;
  private static ServerProcess server;
  private static Path data;
  private static JsonNode message;
  private static String id;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    collector = new PageCollector();
    Path definitions = folder.resolve("orders.yaml");
    Files.writeString(definitions, DEFINITIONS.replace("URL", collector.url()));
    Path config = folder.resolve("tidemark.yaml");
    Files.writeString(
        config,
        """
        tokens:
          - {name: anna, secret: %s, scopes: [ingest, operate, admin]}
        """
            .formatted(OPERATE));
    data = folder.resolve("data");
    server =
        ServerProcess.start(
            data, "--config", config.toString(), "--definitions", definitions.toString());
    assertThat(send("GET", server.base().resolve("/ping/orders-cdc"), OPERATE).statusCode())
        .isEqualTo(200);
    await("somebody is told", () -> !collector.pages().isEmpty());
    message = collector.pages().get(0);
    id = message.path("incident").path("id").asText();
  }

  @AfterAll
  static void stop() {
    server.close();
    collector.close();
  }

  @Test
  @Order(1)
  void a_message_carries_links_and_no_store_has_them() throws Exception {
    assertThat(acknowledge().getPath()).startsWith("/a/");
    assertThat(silence().getPath()).startsWith("/a/").isNotEqualTo(acknowledge().getPath());
    assertThat(message.path("text").path("acknowledgeUrl").asText())
        .isEqualTo(acknowledge().toString());
    assertThat(state().toString()).doesNotContain("/a/");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("links.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  @Order(2)
  void to_open_a_link_only_asks_so_that_a_scanner_of_links_takes_nothing() throws Exception {
    HttpResponse<String> page = send("GET", acknowledge(), "");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.body())
        .contains("Acknowledge " + id + "?", "sent to hook", "method=\"post\"")
        .contains("action=\"" + acknowledge().getPath() + "\"")
        // Nothing else of what happens here.
        .doesNotContain(" open</span>");
    assertThat(send("GET", silence(), "").body()).contains("Silence " + id + " for 1 h?");
    assertThat(state().path("state").asText()).isEqualTo("open");
    assertThat(json("/api/v1/silences").path("silences")).isEmpty();
  }

  @Test
  @Order(3)
  void a_forged_link_is_refused_on_a_page_that_says_so_and_opens_nothing_else() throws Exception {
    String path = acknowledge().getPath();
    for (String forged :
        new String[] {"/a/x", "/a/x.y", path.substring(0, path.length() - 3), path + "AA"}) {
      for (String method : new String[] {"GET", "POST"}) {
        HttpResponse<String> answer = send(method, server.base().resolve(forged), "");
        assertThat(answer.statusCode()).as(method + forged).isEqualTo(403);
        assertThat(answer.body()).contains("This link does nothing", "not made by this server");
      }
    }
    assertThat(state().path("state").asText()).isEqualTo("open");
    for (String around :
        new String[] {
          "/a/",
          "/a",
          path + "/x",
          "/a/../api/v1/slos",
          "/a/%2e%2e/api/v1/slos",
          "/a/x/../../metrics"
        }) {
      assertThat(send("GET", URI.create(server.base() + around), "").statusCode())
          .as(around)
          .isEqualTo(401);
    }
  }

  @Test
  @Order(4)
  void the_button_of_a_silence_link_makes_one_silence_however_often_it_is_pressed()
      throws Exception {
    assertThat(send("POST", silence(), "").body()).contains("Silenced for 1 h");
    assertThat(send("POST", silence(), "").statusCode()).isEqualTo(200);
    JsonNode silences = json("/api/v1/silences").path("silences");
    assertThat(silences).hasSize(1);
    assertThat(silences.get(0).path("author").asText()).isEqualTo("link sent to hook");
    assertThat(
            Duration.between(
                Instant.parse(silences.get(0).path("startsAt").asText()),
                Instant.parse(silences.get(0).path("endsAt").asText())))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  @Order(5)
  void the_button_of_an_acknowledge_link_takes_the_incident_for_whoever_was_sent_it()
      throws Exception {
    assertThat(send("POST", acknowledge(), "").body()).contains("Acknowledged");
    assertThat(state().path("state").asText()).isEqualTo("acknowledged");
    assertThat(state().path("acknowledgedBy").asText()).isEqualTo("link sent to hook");
    assertThat(json("/api/v1/audit").path("entries"))
        .anySatisfy(
            entry -> {
              assertThat(entry.path("action").asText()).isEqualTo("incident acknowledged");
              assertThat(entry.path("actor").asText()).isEqualTo("link sent to hook");
              assertThat(entry.path("subject").asText()).isEqualTo(id);
            });
    assertThat(send("GET", acknowledge(), "").body())
        .contains("Nothing to do", "acknowledged by link sent to hook already")
        .doesNotContain("method=\"post\"");
    await(
        "everybody is told, without links",
        () ->
            collector.pages().stream()
                .anyMatch(
                    page ->
                        page.path("kind").asText().equals("acknowledged") && !page.has("links")));
  }

  @Test
  @Order(6)
  void a_calendar_program_reads_one_schedule_without_a_token_of_its_own() throws Exception {
    assertThat(send("GET", server.base().resolve("/api/v1/schedules/primary.ics"), "").statusCode())
        .isEqualTo(401);
    URI address = URI.create(json("/api/v1/schedules/primary").path("calendarUrl").asText());
    HttpResponse<String> calendar = send("GET", address, "");
    assertThat(calendar.statusCode()).isEqualTo(200);
    assertThat(calendar.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/calendar");
    assertThat(calendar.body()).startsWith("BEGIN:VCALENDAR").contains("SUMMARY:hook");
    assertThat(json("/api/v1/schedules").path("schedules").path(0).path("calendarUrl").asText())
        .isEqualTo(address.toString());
    assertThat(send("GET", server.base().resolve("/dashboards/oncall"), OPERATE).body())
        .contains("href=\"" + address.getPath() + "\"");
    // It is for reading this one thing.
    assertThat(send("POST", address, "").statusCode()).isIn(404, 405);
    String token = address.getPath().replace("/calendars/", "").replace(".ics", "");
    assertThat(send("GET", server.base().resolve("/a/" + token), "").statusCode()).isEqualTo(403);
    for (String forged :
        new String[] {
          acknowledge().getPath().replace("/a/", "/calendars/") + ".ics", "/calendars/x.y.ics"
        }) {
      HttpResponse<String> refused = send("GET", server.base().resolve(forged), "");
      assertThat(refused.statusCode()).as(forged).isEqualTo(403);
      assertThat(refused.body()).contains("'tidemark schedule' shows the one that is good now");
    }
    for (String around : new String[] {"/calendars/", "/calendars/x", "/calendars/a/b.ics"}) {
      assertThat(send("GET", server.base().resolve(around), "").statusCode())
          .as(around)
          .isEqualTo(401);
    }
  }

  @Test
  @Order(7)
  void the_form_of_a_backfill_link_declares_what_the_incident_is_about_once() throws Exception {
    assertThat(backfill().getPath()).startsWith("/a/");
    assertThat(send("GET", backfill(), "").body())
        .contains("Declare a backfill for " + id + "?", "Nobody is told of orders meanwhile")
        .contains("name=\"ticket\" required", "name=\"reason\" required", "name=\"for\"");
    assertThat(json("/api/v1/backfills").path("backfills")).isEmpty();
    String[][] wrong = {
      {"", "Ticket is missing"},
      {"ticket=OPS-7&for=PT2H", "Reason is missing"},
      {"ticket=OPS-7&reason=x&for=2h", "is not a duration"},
      {"ticket=OPS-7&reason=x&for=PT25H", "a day at most"},
      {"ticket=OPS-7&reason=x&for=PT-1H", "ends after it starts"},
    };
    for (String[] one : wrong) {
      String fields = one[0].isEmpty() ? "for=PT2H&reason=x" : one[0];
      HttpResponse<String> refused = form(backfill(), fields);
      assertThat(refused.statusCode()).as(fields).isEqualTo(400);
      assertThat(refused.body())
          .contains(one[1], "href=\"" + backfill().getPath() + "\"")
          .doesNotContain(" open</span>");
    }
    assertThat(json("/api/v1/backfills").path("backfills")).isEmpty();
    // What it covers and the budget are not for whoever holds the link to choose.
    String fields = "ticket=OPS-7&reason=load+again&for=PT2H&covers=*&dataset=other&budget=good";
    assertThat(form(backfill(), fields).body()).contains("Declared");
    assertThat(form(backfill(), fields).body()).contains("was declared by this link already");
    JsonNode backfills = json("/api/v1/backfills").path("backfills");
    assertThat(backfills).hasSize(1);
    JsonNode declared = backfills.get(0);
    assertThat(declared.path("covers").toString()).isEqualTo("[\"orders\"]");
    assertThat(declared.path("budget").asText()).isEqualTo("keep");
    assertThat(declared.path("ticket").asText()).isEqualTo("OPS-7");
    assertThat(declared.path("author").asText()).isEqualTo("link sent to hook");
    assertThat(declared.path("needsApproval").asBoolean()).isFalse();
    assertThat(
            Duration.between(
                Instant.parse(declared.path("startsAt").asText()),
                Instant.parse(declared.path("endsAt").asText())))
        .isEqualTo(Duration.ofHours(2));
    assertThat(state().path("timeline"))
        .anySatisfy(
            entry -> {
              assertThat(entry.path("what").asText()).isEqualTo("backfill");
              assertThat(entry.path("actor").asText()).isEqualTo("link sent to hook");
              assertThat(entry.path("reason").asText())
                  .contains(declared.path("id").asText(), "OPS-7: load again");
            });
    assertThat(json("/api/v1/audit").path("entries"))
        .anySatisfy(
            entry -> {
              assertThat(entry.path("action").asText()).isEqualTo("planned work declared");
              assertThat(entry.path("actor").asText()).isEqualTo("link sent to hook");
            });
  }

  @Test
  @Order(8)
  void what_was_refused_is_counted_and_audited_without_what_would_let_anybody_act()
      throws Exception {
    // Before: 8 forged, 1 silence and 1 backfill twice; 2 for something else and 1 forged at
    // calendars.
    assertThat(send("POST", acknowledge(), "").body()).contains("Nothing to do");
    Instant yesterday = Instant.now().minus(Duration.ofHours(25));
    String expired =
        new LinkSigner(
                LinkKey.load(data.resolve("links.key")),
                server.base().toString(),
                Clock.fixed(yesterday, ZoneOffset.UTC))
            .token(
                new ActionToken(
                    id,
                    ActionToken.Action.ACKNOWLEDGE,
                    "hook",
                    yesterday.plus(Duration.ofHours(24))));
    assertThat(send("POST", server.base().resolve("/a/" + expired), "").statusCode())
        .isEqualTo(403);
    assertThat(send("GET", server.base().resolve("/metrics"), OPERATE).body())
        .contains(
            "tidemark_links_refused_total{reason=\"signature\",} 9.0",
            "tidemark_links_refused_total{reason=\"unknown\",} 2.0",
            "tidemark_links_refused_total{reason=\"used\",} 3.0",
            "tidemark_links_refused_total{reason=\"expired\",} 1.0");
    await("all are written", () -> refusals().size() == 15);
    assertThat(refusals())
        .anySatisfy(
            entry -> {
              assertThat(entry.path("actor").asText()).isEqualTo("link sent to hook");
              assertThat(entry.path("subject").asText()).isEqualTo(id);
              assertThat(entry.path("detail").asText())
                  .isEqualTo(
                      "expired: link "
                          + RefusedLinks.name(expired)
                          + " to acknowledge, opened from 127.0.0.1");
            })
        .anySatisfy(
            entry -> {
              assertThat(entry.path("actor").asText()).isEqualTo("unknown");
              assertThat(entry.path("subject").asText()).isEmpty();
              assertThat(entry.path("detail").asText()).startsWith("signature: link ");
            })
        .anySatisfy(
            entry -> {
              assertThat(entry.path("subject").asText()).isEqualTo(id);
              assertThat(entry.path("detail").asText()).startsWith("used: link ");
            });
    String all = json("/api/v1/audit").toString();
    for (String token : new String[] {expired, acknowledge().getPath().replace("/a/", "")}) {
      int dot = token.indexOf('.');
      assertThat(all).doesNotContain(token.substring(0, dot), token.substring(dot + 1));
    }
  }

  private static List<JsonNode> refusals() throws Exception {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode entry : json("/api/v1/audit").path("entries")) {
      if (entry.path("action").asText().equals("link refused")) {
        found.add(entry);
      }
    }
    return found;
  }

  private static URI acknowledge() {
    return URI.create(message.path("links").path("acknowledgeUrl").asText());
  }

  private static URI silence() {
    return URI.create(message.path("links").path("silenceUrl").asText());
  }

  private static URI backfill() {
    return URI.create(message.path("links").path("backfillUrl").asText());
  }

  private static HttpResponse<String> form(URI uri, String fields) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(fields))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode state() throws Exception {
    return json("/api/v1/incidents/" + id);
  }

  private static JsonNode json(String path) throws Exception {
    return JSON.readTree(send("GET", server.base().resolve(path), OPERATE).body());
  }

  private static HttpResponse<String> send(String method, URI uri, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (method.equals("POST")) {
      request.header("Content-Type", "application/x-www-form-urlencoded");
    }
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Instant deadline = Instant.now().plusSeconds(90);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      Thread.onSpinWait();
    }
  }
}
