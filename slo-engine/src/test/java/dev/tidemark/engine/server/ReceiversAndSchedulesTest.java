package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.engine.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Who can be told and who is on call, asked in the terminal and over the wire. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReceiversAndSchedulesTest {
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
        webhook: {url: "http://127.0.0.1:PORT/hook"}
        fallback: {receiver: spare}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: spare}
      spec: {webhook: {url: "http://127.0.0.1:PORT/spare"}}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: away}
      spec: {webhook: {url: "http://127.0.0.1:PORT/away"}}
      ---
      apiVersion: tidemark/v1
      kind: Schedule
      metadata: {name: primary}
      spec:
        timezone: Europe/Warsaw
        layers:
          - members: [hook, away]
            start: 2026-01-05
            handOver: {every: week, on: monday, at: 09:00}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: everything}
      spec: {receivers: [hook, away], groupWait: 1s}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final List<JsonNode> RECEIVED = new CopyOnWriteArrayList<>();

  private static final List<JsonNode> SPARE = new CopyOnWriteArrayList<>();

  private static volatile int hookAnswers = 200;
  private static String incident = "";
  private static HttpServer receiver;
  private static ServerProcess server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    receiver.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
          int answer = path.equals("/away") ? 503 : path.equals("/spare") ? 200 : hookAnswers;
          if (path.equals("/spare")) {
            SPARE.add(body);
          } else if (answer == 200) {
            RECEIVED.add(body);
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    receiver.start();
    Path definitions = folder.resolve("orders.yaml");
    Files.writeString(
        definitions, DEFINITIONS.replace("PORT", String.valueOf(receiver.getAddress().getPort())));
    server = ServerProcess.start(folder.resolve("data"), "--definitions", definitions.toString());
  }

  @AfterAll
  static void stop() {
    server.close();
    receiver.stop(0);
  }

  @Test
  @Order(1)
  void receivers_are_listed_and_previewed_without_sending() throws Exception {
    assertThat(tidemark(0, "receivers", "list")).contains("hook", "away", "webhook");
    assertThat(tidemark(0, "receivers", "preview", "hook"))
        .startsWith("POST ")
        .contains("Test of the receiver hook, nothing is wrong", "/a/");
    assertThat(tidemark(2, "receivers", "preview", "hok"))
        .contains("there is no receiver 'hok'; did you mean 'hook'?");
    assertThat(RECEIVED).isEmpty();
  }

  @Test
  @Order(2)
  void a_test_is_sent_for_real_ended_again_and_on_record() throws Exception {
    assertThat(tidemark(0, "receivers", "test", "hook"))
        .contains("hook (webhook) triggered: delivered", "hook (webhook) resolved: delivered");
    assertThat(RECEIVED)
        .extracting(body -> body.path("kind").asText())
        .containsExactly("triggered", "resolved");
    assertThat(RECEIVED.get(0).path("incident").path("title").asText())
        .isEqualTo("Test of the receiver hook, nothing is wrong");
    assertThat(RECEIVED.get(0).path("dedupKey")).isEqualTo(RECEIVED.get(1).path("dedupKey"));
    String link = RECEIVED.get(0).path("links").path("acknowledgeUrl").asText();
    assertThat(send("GET", link.replace(server.base().toString(), "")).body())
        .contains("This was a test");

    assertThat(tidemark(1, "receivers", "test", "away"))
        .contains("away (webhook) triggered: would be tried again", "503");
    assertThat(get("/api/v1/audit").path("entries"))
        .filteredOn(entry -> entry.path("action").asText().equals("receiver tested"))
        .extracting(entry -> entry.path("subject").asText(), entry -> entry.path("detail").asText())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("away", "not delivered"),
            org.assertj.core.groups.Tuple.tuple("hook", "delivered"));
  }

  @Test
  @Order(3)
  void a_schedule_says_who_is_on_call_and_when_that_changes() throws Exception {
    // Handed over on Mondays, 12 and 19 January, at 09:00 in Warsaw: 08:00 UTC in winter.
    JsonNode schedule =
        get("/api/v1/schedules/primary?from=2026-01-10T00:00:00Z&to=2026-01-20T00:00:00Z");
    JsonNode shifts = schedule.path("shifts");
    assertThat(shifts)
        .extracting(shift -> shift.path("to").asText())
        .containsExactly("2026-01-12T08:00:00Z", "2026-01-19T08:00:00Z", "2026-01-20T00:00:00Z");
    assertThat(shifts.get(0).path("members")).isEqualTo(shifts.get(2).path("members"));
    assertThat(shifts.get(0).path("members").path(0).asText())
        .isNotEqualTo(shifts.get(1).path("members").path(0).asText());

    JsonNode now = get("/api/v1/schedules").path("schedules").path(0);
    assertThat(now.path("name").asText()).isEqualTo("primary");
    assertThat(now.path("onCall")).hasSize(1);
    assertThat(Instant.parse(now.path("until").asText()))
        .isAfter(Instant.now())
        .isBeforeOrEqualTo(Instant.now().plus(Duration.ofDays(7)));
    assertThat(tidemark(0, "schedule", "primary"))
        .contains(
            "Europe/Warsaw",
            now.path("onCall").path(0).asText(),
            "CALENDAR TO SUBSCRIBE TO",
            now.path("calendarUrl").asText());
    assertThat(
            tidemark(
                0,
                "schedule",
                "primary",
                "--from",
                "2026-01-10T00:00:00Z",
                "--to",
                "2026-01-20T00:00:00Z"))
        .contains("2026-01-12T08:00:00Z");
    assertThat(tidemark(2, "schedule", "primry")).contains("did you mean 'primary'?");
    assertThat(tidemark(2, "schedule", "primary", "--from", "monday")).contains("not a moment");
  }

  @Test
  @Order(4)
  void a_schedule_is_a_calendar_too() throws Exception {
    HttpResponse<String> calendar =
        send(
            "GET",
            "/api/v1/schedules/primary.ics?from=2026-01-10T00:00:00Z&to=2026-01-20T00:00:00Z");
    assertThat(calendar.headers().firstValue("Content-Type"))
        .get()
        .asString()
        .startsWith("text/calendar");
    assertThat(calendar.body())
        .startsWith("BEGIN:VCALENDAR")
        .contains("DTSTART:20260112T080000Z", "SUMMARY:hook", "SUMMARY:away");
    assertThat(tidemark(0, "schedule", "primary", "--ical")).startsWith("BEGIN:VCALENDAR");
  }

  private static List<JsonNode> dead() throws Exception {
    List<JsonNode> dead = new ArrayList<>();
    get("/api/v1/deliveries/dead").path("deliveries").forEach(dead::add);
    return dead;
  }

  private static String path(JsonNode delivery) {
    return "/api/v1/deliveries/" + delivery.path("id").asText().replace("/", "%2F");
  }

  @Test
  @Order(5)
  void a_dead_letter_is_seen_told_to_others_and_sent_again_when_somebody_asks() throws Exception {
    hookAnswers = 400;
    RECEIVED.clear();
    assertThat(send("GET", "/ping/orders-cdc").statusCode()).isEqualTo(200);
    await("it is given up", () -> !dead().isEmpty());
    List<JsonNode> letters = dead();
    JsonNode dead = letters.get(letters.size() - 1);
    incident = dead.path("incident").asText();
    assertThat(dead.path("receiver").asText()).isEqualTo("hook");
    assertThat(dead.path("lastError").asText()).contains("400");
    assertThat(send("GET", "/dashboards/oncall").body())
        .contains("primary", "Send again to hook", dead.path("id").asText(), "400");
    await(
        "the fallback hears it instead",
        () ->
            SPARE.stream()
                .anyMatch(
                    body ->
                        body.path("id").asText().equals(dead.path("id").asText() + "/for/spare")));
    // About itself Tidemark tells by the same refusing receiver, so by the fallback as well.
    await(
        "that something was given up is told too",
        () ->
            SPARE.stream()
                .anyMatch(
                    body ->
                        body.path("incident")
                            .path("title")
                            .asText()
                            .startsWith("Notifications were given up")));
    await(
        "the other one fails",
        () ->
            send("GET", "/metrics")
                .body()
                .contains("tidemark_receiver_failing_seconds{receiver=\"away\",}"));
    assertThat(send("GET", "/metrics").body())
        .contains("tidemark_notifications_given_up_total{receiver=\"hook\",}")
        .contains("tidemark_notifications_failed_total{receiver=\"away\",}")
        .doesNotContain("tidemark_notifications_dead 0.0");
    assertThat(tidemark(1, "receivers", "list")).contains("away");
    String retry = path(dead) + "/retry";

    assertThat(send("POST", retry).statusCode()).isEqualTo(200);
    await(
        "it is given up again",
        () ->
            dead().stream()
                .anyMatch(
                    letter ->
                        letter.path("id").equals(dead.path("id"))
                            && letter.path("attempts").asInt() == 2));
    hookAnswers = 200;
    HttpResponse<String> pressed =
        CLIENT.send(
            HttpRequest.newBuilder(server.base().resolve("/deliveries/retry"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "id=" + dead.path("id").asText().replace("/", "%2F")))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(pressed.statusCode()).isEqualTo(303);
    await(
        "it is delivered",
        () -> RECEIVED.stream().anyMatch(body -> body.path("id").equals(dead.path("id"))));
    await(
        "nothing is dead any more once the rest is left at that",
        () -> {
          for (JsonNode letter : dead()) {
            assertThat(send("POST", path(letter) + "/dismiss").statusCode()).isEqualTo(200);
          }
          return dead().isEmpty();
        });
    assertThat(send("POST", retry).statusCode()).isEqualTo(404);
    assertThat(send("POST", path(dead) + "/dismiss").statusCode()).isEqualTo(404);
  }

  @Test
  @Order(6)
  void an_incident_is_handled_from_the_terminal() throws Exception {
    String id = incident;
    for (JsonNode one : get("/api/v1/incidents").path("incidents")) {
      String other = one.path("id").asText();
      if (!other.equals(id) && !one.path("state").asText().equals("resolved")) {
        assertThat(tidemark(0, "incidents", "resolve", other, "--reason", "seen"))
            .contains("resolved");
      }
    }
    assertThat(tidemark(1, "incidents")).contains(id);
    assertThat(tidemark(0, "incidents", "silence", id, "--for", "2h", "--reason", "known"))
        .contains("dataset=\"orders\"");
    assertThat(tidemark(0, "incidents", "ack", id, "--reason", "mine")).contains("acknowledged");
    assertThat(tidemark(0, "incidents", "resolve", id, "--reason", "retired")).contains("resolved");
    assertThat(tidemark(2, "incidents", "resolve", id)).contains("no open incident");
    assertThat(tidemark(0, "incidents")).doesNotContain(id);
  }

  private static String tidemark(int expected, String... command) {
    StringWriter printed = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
    String[] args = Arrays.copyOf(command, command.length + 2);
    args[command.length] = "--url";
    args[command.length + 1] = server.base().toString();
    assertThat(line.execute(args)).as("%s", printed).isEqualTo(expected);
    return printed.toString();
  }

  private static JsonNode get(String path) throws Exception {
    return JSON.readTree(send("GET", path).body());
  }

  private static HttpResponse<String> send(String method, String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve(path))
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.noBody())
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
