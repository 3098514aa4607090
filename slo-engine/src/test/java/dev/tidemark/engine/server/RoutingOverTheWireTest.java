package dev.tidemark.engine.server;

import static dev.tidemark.engine.server.RoutingWorld.labels;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a running server does with alerts that come over HTTP: whom it tells, when, and when it is
 * quiet. Each test has routes and receivers of its own; times are counted by hand from the routes.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RoutingOverTheWireTest {
  private static final int CAUSES = 100;
  private static final int SINGLY = 5;

  /** The day of the first test is a Tuesday; the nightly window is over at 10:30. */
  private static final String BEGIN = "2026-03-03T10:00:00Z";

  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: TimeInterval
      metadata: {name: loading}
      spec: {timeIntervals: [{times: [{startTime: "09:00", endTime: "10:30"}]}]}
      ---
      apiVersion: tidemark/v1
      kind: Escalation
      metadata: {name: ladder}
      spec:
        steps:
          - {after: 0m, notify: [first]}
          - {after: 5m, notify: [second]}
          - {after: 10m, notify: [third]}
      ---
      apiVersion: tidemark/v1
      kind: Inhibition
      metadata: {name: critical-first}
      spec:
        sourceMatchers: ['test="inhibition"', 'level="critical"']
        targetMatchers: ['test="inhibition"', 'level="minor"']
        equal: [cluster]
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: tests}
      spec:
        matchers: ['test=~".+"']
        receiver: others
        groupWait: 10s
        groupInterval: 1m
        routes:
          - {matchers: ['test="mute"'], receiver: muted, muteTimeIntervals: [loading]}
          - {matchers: ['test="escalation"'], escalation: ladder}
          - {matchers: ['test="inhibition"'], receiver: inhibited}
          - {matchers: ['test="flapping"'], receiver: flapping}
          - {matchers: ['test="storm"'], receivers: [storm-1, storm-2]}
      """;

  private static RoutingWorld world;
  private static Amtool amtool;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    StringBuilder definitions = new StringBuilder(DEFINITIONS);
    for (String name :
        List.of("others", "muted", "first", "second", "third", "inhibited", "flapping")) {
      definitions.append(receiver(name, 0));
    }
    definitions.append(receiver("storm-1", SINGLY)).append(receiver("storm-2", SINGLY));
    world = new RoutingWorld(folder, StoryWorld.recently(BEGIN), definitions.toString());
    amtool = new Amtool(world.base(), folder);
  }

  private static String receiver(String name, int digestAbove) {
    return """
        ---
        apiVersion: tidemark/v1
        kind: Receiver
        metadata: {name: %s}
        spec: {webhook: {url: "$HOOK"}, digestAbove: %d}
        """
        .formatted(name, digestAbove);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static JsonNode incident(JsonNode page) throws Exception {
    return world.json("/api/v1/incidents/" + page.path("incident").path("id").asText());
  }

  @Test
  @Order(1)
  void a_muted_route_says_nothing_and_speaks_when_the_interval_is_over() throws Exception {
    world.fires("test", "mute", "alertname", "Quiet");
    world.pass(Duration.ofMinutes(1));
    world.pass(Duration.ofMinutes(28));
    assertThat(world.told("muted")).isEmpty();
    assertThat(world.get("/incidents")).contains("Quiet");
    // It is 10:29:02; the next minute is the first after the interval.
    world.pass(Duration.ofMinutes(1));
    assertThat(world.kinds("muted")).containsExactly("triggered");
    assertThat(world.told("muted").get(0).toString()).contains("Quiet");
  }

  @Test
  @Order(2)
  void what_is_over_before_a_muted_interval_ends_is_told_to_nobody() throws Exception {
    // The next day's interval.
    world.pass(Duration.ofHours(23));
    world.fires("test", "mute", "alertname", "Brief");
    world.pass(Duration.ofMinutes(5));
    world.ends("test", "mute", "alertname", "Brief");
    world.pass(Duration.ofMinutes(5));
    world.pass(Duration.ofHours(2));
    assertThat(world.told("muted")).noneMatch(page -> page.toString().contains("Brief"));
  }

  @Test
  @Order(3)
  void an_escalation_comes_to_step_2_and_stops_when_somebody_takes_the_incident() throws Exception {
    world.fires("test", "escalation", "alertname", "Ladder");
    world.pass(Duration.ofSeconds(10));
    assertThat(world.kinds("first")).containsExactly("triggered");
    world.pass(Duration.ofMinutes(4));
    assertThat(world.told("second")).isEmpty();
    world.pass(Duration.ofSeconds(62));
    assertThat(world.kinds("second")).containsExactly("triggered");
    assertThat(world.told("second").get(0).path("note").asText())
        .contains("not acknowledged for 5 min", "step 2 of 3");

    JsonNode page = world.told("second").get(0);
    String id = page.path("incident").path("id").asText();
    assertThat(
            world
                .post("/api/v1/incidents/" + id + "/acknowledge", "{\"reason\": \"on it\"}")
                .statusCode())
        .isEqualTo(200);
    world.pass(Duration.ofMinutes(30));
    assertThat(world.told("third")).isEmpty();
    assertThat(world.kinds("first")).containsExactly("triggered", "acknowledged");
    assertThat(world.kinds("second")).containsExactly("triggered", "acknowledged");
    assertThat(world.get("/incidents/" + id)).contains("acknowledged", "on it");
    assertThat(incident(page).path("state").asText()).isEqualToIgnoringCase("acknowledged");
  }

  @Test
  @Order(4)
  void what_is_inhibited_is_told_to_nobody_and_amtool_shows_it_and_by_what() throws Exception {
    String[] cause = {
      "test", "inhibition", "alertname", "NodeDown", "level", "critical", "cluster", "c1"
    };
    world.fires(cause);
    world.fires("test", "inhibition", "alertname", "DiskSlow", "level", "minor", "cluster", "c1");
    world.fires("test", "inhibition", "alertname", "DiskFar", "level", "minor", "cluster", "c2");
    world.pass(Duration.ofMinutes(2));
    assertThat(world.told("inhibited"))
        .hasSize(2)
        .noneMatch(page -> page.toString().contains("DiskSlow"));

    assertThat(amtool.done("alert", "query", "test=inhibition", "-o", "simple"))
        .contains("NodeDown", "DiskFar")
        .doesNotContain("DiskSlow");
    assertThat(amtool.done("alert", "query", "--inhibited", "test=inhibition", "-o", "simple"))
        .contains("DiskSlow")
        .doesNotContain("NodeDown", "DiskFar");
    JsonNode source = listed("NodeDown");
    JsonNode target = listed("DiskSlow");
    assertThat(target.path("status").path("state").asText()).isEqualTo("suppressed");
    assertThat(target.path("status").path("inhibitedBy").path(0).asText())
        .isEqualTo(source.path("fingerprint").asText());

    world.ends(cause);
    world.pass(Duration.ofMinutes(3));
    world.pass(Duration.ofMinutes(1));
    assertThat(world.told("inhibited"))
        .filteredOn(page -> page.toString().contains("DiskSlow"))
        .extracting(page -> page.path("kind").asText())
        .containsExactly("triggered");
    assertThat(amtool.done("alert", "query", "--inhibited", "test=inhibition", "-o", "simple"))
        .doesNotContain("DiskSlow");
  }

  private static JsonNode listed(String name) throws Exception {
    JsonNode found = world.json("/api/v2/alerts?filter=alertname%3D" + name);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  @Order(5)
  void what_comes_back_is_the_same_incident_and_flaps_from_the_third_time_on() throws Exception {
    String[] alert = {"test", "flapping", "alertname", "Bounces"};
    for (int round = 0; round < 3; round++) {
      comesAndGoes(alert);
    }
    // It is held for 2 min each time, then it is over.
    assertThat(world.kinds("flapping"))
        .containsExactly("triggered", "resolved", "triggered", "resolved", "triggered", "resolved");
    assertThat(world.told("flapping").stream().map(page -> page.path("dedupKey").asText()))
        .containsOnly(world.told("flapping").get(0).path("dedupKey").asText());
    assertThat(timeline()).filteredOn("reopened"::equals).hasSize(2);

    // The third return within the hour, and a fourth: said once that it flaps, and no more.
    comesAndGoes(alert);
    comesAndGoes(alert);
    List<JsonNode> told = world.told("flapping");
    assertThat(told).hasSize(7);
    assertThat(told.get(6).path("note").asText()).startsWith("it flaps: it came back 3 times");
    assertThat(told.get(6).path("incident").path("flappingSince").asText()).isNotEmpty();
    assertThat(timeline()).filteredOn("flapping"::equals).hasSize(1);
    assertThat(world.get("/incidents/" + told.get(6).path("incident").path("id").asText()))
        .contains("flap");

    // Its last end was 4 min ago; 2 min doubled for each of three returns are 16 min. What comes
    // back while it is held has not been away.
    world.pass(Duration.ofMinutes(11));
    assertThat(world.told("flapping")).hasSize(7);
    world.pass(Duration.ofMinutes(2));
    assertThat(world.kinds("flapping")).hasSize(8).endsWith("resolved");
  }

  /** Fires for 6 min, is quiet for 4. */
  private static void comesAndGoes(String... alert) throws Exception {
    world.fires(alert);
    world.pass(Duration.ofMinutes(6));
    world.ends(alert);
    world.pass(Duration.ofMinutes(4));
  }

  private static List<String> timeline() throws Exception {
    List<String> what = new ArrayList<>();
    incident(world.told("flapping").get(0))
        .path("timeline")
        .forEach(entry -> what.add(entry.path("what").asText()));
    return what;
  }

  @Test
  @Order(6)
  void a_storm_of_a_hundred_causes_is_one_digest_for_each_receiver_and_hides_nothing()
      throws Exception {
    List<Map<String, String>> alerts = new ArrayList<>();
    for (int i = 0; i < CAUSES; i++) {
      alerts.add(labels("test", "storm", "alertname", "Storm%03d".formatted(i)));
    }
    world.fires(alerts);
    world.pass(Duration.ofSeconds(30));
    world.pass(Duration.ofMinutes(2));
    Set<String> open = new TreeSet<>();
    for (JsonNode one : world.json("/api/v1/incidents?state=open").path("incidents")) {
      if (one.path("title").asText().contains("Storm")) {
        open.add(one.path("id").asText());
      }
    }
    assertThat(open).hasSize(CAUSES);
    for (String receiver : List.of("storm-1", "storm-2")) {
      List<JsonNode> told = world.told(receiver);
      List<JsonNode> digests = told.stream().filter(page -> page.has("digest")).toList();
      assertThat(told).as(receiver).hasSize(SINGLY + 1);
      assertThat(digests).as(receiver).hasSize(1);
      JsonNode digest = digests.get(0);
      assertThat(digest.path("digest")).hasSize(CAUSES - SINGLY);
      Set<String> heardOf = new TreeSet<>();
      for (JsonNode page : told) {
        heardOf.add(page.path("incident").path("id").asText());
        page.path("digest").forEach(part -> heardOf.add(part.path("id").asText()));
      }
      assertThat(heardOf).as(receiver).isEqualTo(open);
      for (JsonNode part : digest.path("digest")) {
        String title = part.path("title").asText();
        assertThat(digest.path("text").toString()).as("the digest's words").contains(title);
        // Each is linked to, and the link leads to its page.
        assertThat(world.get(URI.create(part.path("url").asText()).getPath())).contains(title);
      }
      assertThat(digest.path("alerts")).hasSize(CAUSES - SINGLY);
    }
  }
}
