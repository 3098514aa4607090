package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A person puts alerts into another incident than Tidemark did: over the wire, on the page and in
 * the terminal. Alerts of another program with the same alertname are one incident.
 */
class RegroupedIncidentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static ServerProcess server;
  private static int names;

  private String disk = "";
  private String incident = "";
  private List<String> fingerprints = List.of();

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = ServerProcess.start(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void three_disks_are_full() throws Exception {
    disk = "DiskFull" + ++names;
    fire(disk, "a", "b", "c");
    incident = incidentOf(disk, 3);
    fingerprints = new ArrayList<>();
    json("/api/v1/incidents/" + incident)
        .path("alerts")
        .forEach(alert -> fingerprints.add(alert.path("fingerprint").asText()));
    assertThat(fingerprints).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void alerts_leave_for_an_incident_of_their_own_which_is_in_both_timelines_and_audited()
      throws Exception {
    HttpResponse<String> answer =
        post("split", JSON.createObjectNode().put("reason", "b is on another array"), 1);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode parted = JSON.readTree(answer.body());
    String id = parted.path("id").asText();
    assertThat(id).isNotEqualTo(incident);
    assertThat(parted.path("alerts"))
        .extracting(alert -> alert.path("fingerprint").asText())
        .containsExactly(fingerprints.get(1));
    assertThat(json("/api/v1/incidents/" + incident).path("alerts")).hasSize(2);
    for (String one : List.of(id, incident)) {
      assertThat(json("/api/v1/incidents/" + one).path("timeline"))
          .anySatisfy(
              entry -> {
                assertThat(entry.path("what").asText()).isEqualTo("split");
                assertThat(entry.path("actor").asText()).isEqualTo("local");
                assertThat(entry.path("reason").asText()).endsWith(": b is on another array");
              });
    }
    assertAudited(
        "incident split", fingerprints.get(1) + " into " + id + ": b is on another array");
  }

  @Test
  void what_is_wrong_is_said_all_at_once_with_the_way_out() throws Exception {
    String near = fingerprints.get(0).substring(1);
    assertThat(error(400, "split", "{\"fingerprints\": [\"" + near + "\"], \"into\": \"INC-X\"}"))
        .contains("there is no alert '" + near + "' in " + incident)
        .contains("did you mean '" + fingerprints.get(0) + "'?")
        .contains("there is no open incident 'INC-X' to put it into")
        .contains("reason is missing");
    assertThat(error(400, "split", "{\"reason\": \"x\"}"))
        .contains("fingerprints are missing; those that fire are ")
        .contains(fingerprints);
    assertThat(error(400, "split", "{\"fingerprints\": \"all\", \"reason\": \"x\"}"))
        .contains("fingerprints is a list of texts");
    String all = JSON.writeValueAsString(fingerprints);
    assertThat(error(400, "split", "{\"reason\": \"x\", \"fingerprints\": " + all + "}"))
        .contains("nothing that fires would be left in " + incident);
    assertThat(
            error(
                400,
                "split",
                "{\"reason\": \"x\", \"into\": \"%s\", \"fingerprints\": %s}"
                    .formatted(incident, all)))
        .contains("'into' is the incident itself");
    assertThat(error(400, "merge", "{}")).contains("'into' is missing", "reason is missing");
    String known = incident;
    incident = "INC-NONE";
    assertThat(error(404, "split", "{}")).contains("there is no open incident 'INC-NONE'");
    assertThat(error(404, "merge", "{}")).contains("there is no open incident 'INC-NONE'");
    incident = known;
    assertThat(json("/api/v1/incidents/" + incident).path("alerts")).hasSize(3);
  }

  @Test
  void the_page_has_a_box_for_each_alert_and_moves_what_is_ticked_into_another_incident()
      throws Exception {
    String fans = "FanStopped" + names;
    fire(fans, "f");
    String other = incidentOf(fans, 1);
    assertThat(get("/incidents/" + incident).body())
        .contains(
            "type=\"checkbox\" name=\"fingerprint\" value=\"" + fingerprints.get(0) + "\"",
            "type=\"checkbox\" name=\"fingerprint\" value=\"" + fingerprints.get(2) + "\"",
            "<option value=\"\">a new incident</option>",
            "<option value=\"" + other + "\">" + other);
    HttpResponse<String> done =
        form(
            "split",
            "fingerprint",
            fingerprints.get(0),
            "fingerprint",
            fingerprints.get(2),
            "into",
            other,
            "reason",
            "the fan & the disks");
    assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
    assertThat(done.headers().firstValue("Location")).contains("/incidents/" + incident);
    assertThat(json("/api/v1/incidents/" + other).path("alerts")).hasSize(3);
    assertThat(get("/incidents/" + other).body()).contains("split", "the fan &amp; the disks");
    HttpResponse<String> nothing = form("split", "into", other, "reason", "x");
    assertThat(nothing.statusCode()).isEqualTo(400);
    assertThat(nothing.body()).contains("Fingerprints are missing", "/incidents/" + incident);

    HttpResponse<String> merged = form("merge", "into", other, "reason", "all of it");
    assertThat(merged.statusCode()).as(merged.body()).isEqualTo(303);
    JsonNode gone = json("/api/v1/incidents/" + incident);
    assertThat(gone.path("state").asText()).isEqualTo("resolved");
    assertThat(gone.path("mergedInto").asText()).isEqualTo(other);
    assertThat(json("/api/v1/incidents/" + other).path("alerts")).hasSize(4);
    assertAudited("incident merged", "into " + other + ": all of it");
  }

  @Test
  void the_terminal_shows_fingerprints_splits_and_merges() throws Exception {
    assertThat(tidemark(0, "incidents", "show", incident))
        .contains(incident, "ALERT", "opened")
        .contains(fingerprints);
    assertThat(tidemark(2, "incidents", "split", incident, "--alert", "nope", "--reason", "x"))
        .contains("there is no alert 'nope' in " + incident);
    String printed =
        tidemark(
            0,
            "incidents",
            "split",
            incident,
            "--alert",
            fingerprints.get(0),
            fingerprints.get(1),
            "--reason",
            "two arrays");
    assertThat(printed)
        .contains(fingerprints.get(0) + ", " + fingerprints.get(1) + " go on in INC-");
    String parted = printed.replaceAll("(?s).*(INC-[0-9A-Z-]+),.*", "$1");
    assertThat(json("/api/v1/incidents/" + parted).path("alerts")).hasSize(2);
    assertThat(
            tidemark(0, "incidents", "merge", parted, "--into", incident, "--reason", "one array"))
        .contains(parted + " goes on as " + incident);
    assertThat(json("/api/v1/incidents/" + incident).path("alerts")).hasSize(3);
  }

  private static void assertAudited(String action, String detail) throws Exception {
    assertThat(json("/api/v1/audit").path("entries"))
        .anySatisfy(
            entry -> {
              assertThat(entry.path("action").asText()).isEqualTo(action);
              assertThat(entry.path("actor").asText()).isEqualTo("local");
              assertThat(entry.path("detail").asText()).isEqualTo(detail);
            });
  }

  private static void fire(String alertname, String... instances) throws Exception {
    String alerts =
        Arrays.stream(instances)
            .map(
                instance ->
                    "{\"labels\": {\"alertname\": \"%s\", \"job\": \"node\", \"instance\": \"%s\"}}"
                        .formatted(alertname, instance))
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(send("/api/v2/alerts", alerts, "application/json").statusCode()).isEqualTo(200);
  }

  /** An alert is on disk when it is answered, and in an incident soon after. */
  private static String incidentOf(String alertname, int alerts) throws Exception {
    Instant deadline = Instant.now().plusSeconds(90);
    while (true) {
      for (JsonNode one : json("/api/v1/incidents?state=open").path("incidents")) {
        JsonNode labels = one.path("alerts").path(0).path("labels");
        if (labels.path("alertname").asText().equals(alertname)
            && one.path("alerts").size() == alerts) {
          return one.path("id").asText();
        }
      }
      assertThat(Instant.now()).as("an incident of %s", alertname).isBefore(deadline);
      Thread.onSpinWait();
    }
  }

  private HttpResponse<String> post(
      String step, com.fasterxml.jackson.databind.node.ObjectNode body, int... alerts)
      throws Exception {
    for (int alert : alerts) {
      body.withArray("fingerprints").add(fingerprints.get(alert));
    }
    return send("/api/v1/incidents/" + incident + "/" + step, body.toString(), "application/json");
  }

  private String error(int status, String step, String body) throws Exception {
    HttpResponse<String> answer =
        send("/api/v1/incidents/" + incident + "/" + step, body, "application/json");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body()).path("error").asText();
  }

  private HttpResponse<String> form(String step, String... fields) throws Exception {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      pairs.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return send(
        "/incidents/" + incident + "/" + step,
        String.join("&", pairs),
        "application/x-www-form-urlencoded");
  }

  private static HttpResponse<String> send(String path, String body, String type) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(String path) throws Exception {
    return JSON.readTree(get(path).body());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.base().resolve(path)).timeout(Duration.ofSeconds(60)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String tidemark(int exit, String... command) {
    StringWriter printed = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
    String[] args = Arrays.copyOf(command, command.length + 2);
    args[command.length] = "--url";
    args[command.length + 1] = server.base().toString();
    assertThat(line.execute(args)).as("%s", printed).isEqualTo(exit);
    return printed.toString();
  }
}
