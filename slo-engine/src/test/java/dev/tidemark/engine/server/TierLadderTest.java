package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trouble that grows and fades, with the usual conditions of a target of 99 %: one incident goes
 * from the slowest ticket to the fastest page and back, and each of its readers hears of it as
 * often as he has to.
 *
 * <p>Minutes are counted from the beginning. With rate × over a stretch and nothing before 150:
 *
 * <ul>
 *   <li>4 × from 150: the tier of 1 waits until a tenth of three days is watched, 432; over all
 *       that is known, 4 × (t − 150) / t is 3 at 600 and more at 605;
 *   <li>8 × from 610: over six hours (8 y + 4 (360 − y)) / 360 is 6 after y = 180, at 790;
 *   <li>30 × from 800: over an hour (30 y + 8 (60 − y)) / 60 reaches 14.4 after y = 17.5;
 *   <li>nothing bad from 830: five minutes are below 0.9 × 14.4 at 835; half an hour, 30 (30 − z) /
 *       30, below 5.4 after z = 24.6; two hours below 2.7 after 109.2, at 940; six hours below 0.9
 *       after 349.2, at 1180.
 * </ul>
 */
class TierLadderTest {
  private static final String BEGIN = "2026-03-04T00:00:00Z";
  private static final Duration STEP = Duration.ofMinutes(5);

  /** Before and after each change, in minutes. */
  private static final List<Integer> MOMENTS =
      List.of(
          430, 435, 600, 605, 790, 795, 815, 820, 830, 835, 850, 855, 935, 940, 1175, 1180, 1190);

  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: searches}
      spec: {objectives: [{queries: {target: 99%}}]}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: phone}
      spec: {pagerduty: {routingKey: 0123456789abcdef0123456789abcdef, url: "$INBOX/pagerduty"}}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: room}
      spec: {slack: {url: "$INBOX/slack"}}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: pages}
      spec: {matchers: ['severity="page"'], receiver: phone}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: tickets}
      spec: {matchers: ['severity="ticket"'], receiver: room}
      """;

  @Test
  void one_incident_goes_up_all_tiers_and_down_again(@TempDir Path folder) throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS)) {
      Instant begin = world.now();
      List<String> tiers = new ArrayList<>();
      for (int minute : MOMENTS) {
        pass(world, begin, minute);
        JsonNode firing = world.objective("searches-queries").path("firing");
        tiers.add(
            minute
                + (firing.isMissingNode()
                    ? ""
                    : " "
                        + firing.path("severity").asText()
                        + " "
                        + firing.path("factor").asText()));
      }
      assertThat(String.join(", ", tiers))
          .isEqualTo(
              "430, 435 ticket 1.0, 600 ticket 1.0, 605 ticket 3.0, 790 ticket 3.0, 795 page 6.0,"
                  + " 815 page 6.0, 820 page 14.4, 830 page 14.4, 835 page 6.0, 850 page 6.0,"
                  + " 855 ticket 3.0, 935 ticket 3.0, 940 ticket 1.0, 1175 ticket 1.0, 1180, 1190");

      JsonNode incidents = world.json("/api/v1/incidents?state=all").path("incidents");
      assertThat(incidents).hasSize(1);
      JsonNode incident = world.json("/api/v1/incidents/" + incidents.path(0).path("id").asText());
      assertThat(incident.path("state").asText()).isEqualTo("resolved");
      assertThat(incident.path("severity").asText()).as("the worst it was").isEqualTo("page");
      assertThat(Instant.parse(incident.path("openedAt").asText()))
          .isBetween(
              begin.plus(Duration.ofMinutes(432)),
              begin.plus(Duration.ofMinutes(435).plusSeconds(5)));
      // The phone rings once, for the page, and is told of the end.
      assertThat(world.inbox.pagerDuty)
          .extracting(event -> event.path("event_action").asText())
          .startsWith("trigger")
          .endsWith("resolve");
      assertThat(world.inbox.pagerDuty)
          .extracting(event -> event.path("dedup_key").asText())
          .containsOnly(incident.path("dedupKey").asText());
      assertThat(world.inbox.slack.stream().map(StoryInbox::words).toList())
          .satisfies(
              said -> {
                assertThat(said.get(0)).startsWith("[TICKET] searches");
                assertThat(said).filteredOn(words -> words.startsWith("[TICKET] ")).hasSize(1);
                assertThat(said)
                    .anyMatch(words -> words.contains("was a ticket and is now a page"));
                assertThat(said.get(said.size() - 1)).startsWith("[RESOLVED] searches");
              });
    }
  }

  /** Lets time pass, with a million checks every five minutes. */
  private static void pass(StoryWorld world, Instant begin, int untilMinute) throws Exception {
    Map<Instant, Double> good = new LinkedHashMap<>();
    Map<Instant, Double> bad = new LinkedHashMap<>();
    Instant until = begin.plus(Duration.ofMinutes(untilMinute));
    for (Instant at = world.now().plus(STEP); !at.isAfter(until); at = at.plus(STEP)) {
      long minute = Duration.between(begin, at).toMinutes();
      double failed =
          minute <= 150
              ? 0
              : minute <= 610 ? 40_000 : minute <= 800 ? 80_000 : minute <= 830 ? 300_000 : 0;
      good.put(at.minusSeconds(1), 1_000_000 - failed);
      bad.put(at.minusSeconds(1), failed);
    }
    world.sender().counter("tidemark.check", good, attributes("success"));
    world.sender().counter("tidemark.check", bad, attributes("failure"));
    world.pass(until, Duration.ofDays(1), at -> {});
  }

  private static Map<String, String> attributes(String outcome) {
    return Map.of("dataset", "searches", "check", "query", "outcome", outcome);
  }
}
