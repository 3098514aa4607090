package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.agent.DatasetSignals;
import dev.tidemark.engine.Told;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first story: three stages make features in real time, the one in the middle dies at night.
 * Nothing reports an error; the features go stale, and reads get slow because they miss the cache.
 */
class RealTimeFeaturesStoryTest {
  private static final String BEGIN = "2026-03-03T02:30:00Z";
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: clicks}
      spec:
        domain: personalisation
        owner: team-clickstream
        producedBy: click_ingest
        objectives:
          - freshness: {within: 2m, target: 99.5%, window: 30d}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: sessions}
      spec:
        domain: personalisation
        owner: team-clickstream
        producedBy: sessionizer
        dependsOn: [clicks]
        objectives:
          - heartbeat: {connector: sessionizer-worker, every: 1m, target: 99.9%, window: 7d}
          - freshness: {within: 3m, target: 99.5%, window: 30d}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: user_features}
      spec:
        domain: personalisation
        owner: team-features
        producedBy: feature_builder
        dependsOn: [sessions]
        consumers: [recommender, fraud-scoring]
        objectives:
          - freshness: {within: 5m, target: 99.5%, window: 30d}
          - reads:
              below: 50ms
              target: 95%
              window: 30d
              alerting: {conditions: [{long: 10m, short: 5m, factor: 8, severity: page}]}
      """
          + Told.everythingTo("features-channel", "slack: {url: \"$INBOX/slack\"}");
  private static final List<String> OBJECTIVES =
      List.of(
          "clicks-freshness",
          "sessions-heartbeat",
          "sessions-freshness",
          "user_features-freshness",
          "user_features-reads");

  @Test
  void a_stage_dies_and_one_page_names_it_while_its_symptoms_only_join(@TempDir Path folder)
      throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS)) {
      Instant death = world.now().plus(Duration.ofMinutes(30));
      world.pass(
          death,
          Duration.ofMinutes(1),
          at -> {
            clicks(world, at);
            world.agent("sessionizer").heartbeat("sessionizer-worker");
            world.agent("sessionizer").dataset("sessions").watermark(at);
            world.flush("sessionizer");
            features(world, at, 10);
          });
      for (String name : OBJECTIVES) {
        JsonNode objective = world.objective(name);
        assertThat(objective.path("good").asDouble()).as(name).isPositive();
        assertThat(objective.path("good").asDouble())
            .as(name)
            .isEqualTo(objective.path("total").asDouble());
      }
      assertThat(world.inbox.slack).isEmpty();

      // Features are still built, of sessions that get older; from the sixth minute reads are slow.
      world.minutes(
          15,
          at -> {
            clicks(world, at);
            features(
                world,
                death,
                Duration.between(death, at).compareTo(Duration.ofMinutes(5)) > 0 ? 120 : 10);
          });

      List<String> messages = world.inbox.slack.stream().map(world::words).toList();
      assertThat(messages.stream().filter(one -> one.startsWith("[PAGE]")))
          .as("one cause, one page: %s", messages)
          .hasSize(1);
      String page = messages.get(0);
      // Within five minutes of the death, named with its evidence before any dataset is stale.
      assertThat(page)
          .startsWith(
              "[PAGE] sessions: connector sessionizer-worker is silent, no heartbeat for 2 min")
          .contains("*Promise*: a heartbeat every 1 min, 1 min grace; target 99.9% over 7d")
          .contains("*Owner*: team-clickstream")
          .contains("*Since*: 2026-03-03 03:0")
          .contains("*Cause*: connector sessionizer-worker (certain)")
          .contains("• connector sessionizer-worker has been silent since 2026-03-03 03:0")
          .contains("datasets user_features; consumers fraud-scoring, recommender")
          .contains("Runbook: Silent connector death");
      // What follows from it is news under the same page.
      String last = messages.get(messages.size() - 1);
      assertThat(last)
          .startsWith(
              "[UPDATE] sessions: connector sessionizer-worker is silent, no heartbeat for 2 min")
          .contains("*Cause*: connector sessionizer-worker (certain)")
          .contains("• sessions: Freshness of sessions, firing since")
          .contains("• user_features: Freshness of user_features, firing since")
          .contains("• user_features: Reads of user_features, firing since");
      assertThat(world.json("/api/v1/incidents?state=open").path("incidents")).hasSize(1);
      assertThat(world.objective("clicks-freshness").path("currentlyBad").asBoolean()).isFalse();
      // The links of the message lead somewhere, and the runbook knows the incident.
      String id = world.json("/api/v1/incidents").path("incidents").path(0).path("id").asText();
      assertThat(page).contains(world.asWritten("https://tidemark.example.org/incidents/" + id));
      assertThat(world.get("/incidents/" + id).statusCode()).isEqualTo(200);
      assertThat(world.get("/runbooks/silent-connector-death?incident=" + id).body())
          .contains("sessionizer-worker");
      StoryWorld.assertShown(last);
    }
  }

  private static void clicks(StoryWorld world, Instant at) {
    world.agent("click_ingest").dataset("clicks").watermark(at);
    world.flush("click_ingest");
  }

  private static void features(StoryWorld world, Instant newest, long readMillis) {
    DatasetSignals features = world.agent("feature_builder").dataset("user_features");
    features.watermark(newest);
    for (int read = 0; read < 100; read++) {
      features.readLatency(Duration.ofMillis(readMillis));
    }
    world.flush("feature_builder");
  }
}
