package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What budgets, the ledger, the review and the burn-down say of one stretch of bad time: as it
 * happened, after planned work for it was approved, and after edits of the definitions.
 */
class CorrectedBooksTest {
  private static final String BEGIN = "2026-03-04T00:00:00Z";
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        objectives: [{heartbeat: {connector: cdc, every: 1m, target: 90%, window: 7d}}]
      """;

  /** Of 10 080 minutes 1 008 may be bad; those that end at the minutes 62 to 90 are. */
  private static final double LEFT_THEN = 1 - 29 / 1_008.0;

  @Test
  void every_book_knows_of_planned_work_and_of_edits_and_names_them(@TempDir Path folder)
      throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS)) {
      Instant begin = world.now();
      // Silent after the first hour, for half an hour. A beat is good for two minutes.
      beats(world, begin, 0, 60);
      beats(world, begin, 90, 120);
      world.pass(begin.plus(Duration.ofHours(2)), Duration.ofDays(1), at -> {});
      Instant told = world.now();
      beats(world, begin, 120, 130);
      world.pass(begin.plus(Duration.ofMinutes(130)), Duration.ofDays(1), at -> {});
      JsonNode before = world.objective("orders-heartbeat");
      assertThat(before.path("good").asDouble()).isEqualTo(101);
      assertThat(before.path("total").asDouble()).isEqualTo(130);
      assertThat(before.path("budgetLeftRatio").asDouble()).isCloseTo(LEFT_THEN, within(1e-9));
      // What is decided is stored a moment later.
      StoryWorld.await(
          "the books are written",
          () -> Math.abs(ledger(world, told).path("knownNow").asDouble() - LEFT_THEN) < 1e-9);
      JsonNode ledger = ledger(world, told);
      assertThat(ledger.path("knownNow").asDouble()).isCloseTo(LEFT_THEN, within(1e-9));
      assertThat(ledger.path("explanation").asText())
          .isEqualTo("nothing that was known then has changed since");

      JsonNode declared =
          world.post(
              "/api/v1/backfills",
              Map.of(
                  "dataset",
                  "orders",
                  "startsAt",
                  begin.plus(Duration.ofMinutes(60)).toString(),
                  "endsAt",
                  begin.plus(Duration.ofHours(3)).toString(),
                  "budget",
                  "drop",
                  "author",
                  "dana",
                  "ticket",
                  "OPS-7",
                  "reason",
                  "reload"));
      String work = declared.path("id").asText();
      world.settle();
      assertThat(world.objective("orders-heartbeat").path("budgetLeftRatio").asDouble())
          .as("the past waits for somebody else")
          .isCloseTo(LEFT_THEN, within(1e-9));
      assertThat(
              world
                  .post("/api/v1/backfills/" + work + "/approve", Map.of("by", "rob"))
                  .path("approvedBy")
                  .asText())
          .isEqualTo("rob");
      StoryWorld.await(
          "the past leaves the budget",
          () -> world.objective("orders-heartbeat").path("budgetLeftRatio").asDouble() == 1);
      ledger = ledger(world, told);
      assertThat(ledger.path("knownThen").asDouble()).isCloseTo(LEFT_THEN, within(1e-6));
      assertThat(ledger.path("knownNow").asDouble()).isEqualTo(1);
      assertThat(ledger.path("byPlannedWork").asDouble()).isCloseTo(29 / 1_008.0, within(1e-9));
      assertThat(ledger.path("byLateSignals").asDouble()).isZero();
      assertThat(ledger.path("rest").asDouble()).isCloseTo(0, within(1e-6));
      assertThat(ledger.path("deeds"))
          .extracting(deed -> deed.path("action").asText())
          .containsExactly("planned work declared", "planned work approved");
      assertThat(ledger.path("explanation").asText())
          .contains(work, "by rob", "planned work +2.88 points of the budget")
          .doesNotContain("rounding");

      // The review has both numbers; what was dropped is in neither budget nor bad time.
      JsonNode row = world.json("/api/v1/reports/month").path("objectives").path(0);
      assertThat(row.path("sliRatio").asDouble()).isEqualTo(1);
      assertThat(row.path("rawSliRatio").asDouble()).isCloseTo(101 / 130.0, within(1e-9));
      assertThat(row.path("budgetSpentRatio").asDouble()).isZero();
      // So has the burn-down on the page.
      assertThat(world.get("/slos/orders-heartbeat").body())
          .contains("budget left", "without planned work");

      // An edit of the target: what was counted stays, what may be bad is another.
      Path file = folder.resolve("story.yaml");
      JsonNode counted = world.objective("orders-heartbeat");
      Files.writeString(file, DEFINITIONS.replace("90%", "95%"));
      StoryWorld.await(
          "the edit",
          () -> ledger(world, told).path("explanation").asText().contains("target 90% → 95%"));
      JsonNode edited = world.objective("orders-heartbeat");
      for (String count : List.of("good", "total")) {
        assertThat(edited.path(count)).as(count).isEqualTo(counted.path(count));
      }
      assertThat(edited.path("windows").path(0).path("rawBudgetLeftRatio").asDouble())
          .isCloseTo(1 - 29 / 504.0, within(1e-9));

      // And of what is planned in files.
      Files.writeString(
          file,
          DEFINITIONS.replace("90%", "95%")
              + """
              ---
              apiVersion: tidemark/v1
              kind: Maintenance
              metadata: {name: rebuild}
              spec: {covers: [cdc], from: "%s", duration: 30m, budget: drop, reason: r, ticket: T-1}
              """
                  .formatted(begin));
      StoryWorld.await(
          "the edit",
          () ->
              ledger(world, told)
                  .path("explanation")
                  .asText()
                  .contains("maintenance rebuild added"));
      // Its time is over already: that part waits for somebody else.
      String waiting = "";
      for (JsonNode planned : world.json("/api/v1/backfills").path("backfills")) {
        String id = planned.path("id").asText();
        waiting = id.startsWith("MW-") ? id : waiting;
      }
      assertThat(world.objective("orders-heartbeat").path("total"))
          .isEqualTo(counted.path("total"));
      assertThat(
              world
                  .post("/api/v1/backfills/" + waiting + "/approve", Map.of("by", "rob"))
                  .path("approvedBy")
                  .asText())
          .isEqualTo("rob");
      StoryWorld.await(
          "thirty good minutes leave",
          () ->
              world.objective("orders-heartbeat").path("total").asDouble()
                  == counted.path("total").asDouble() - 30);
    }
  }

  private static JsonNode ledger(StoryWorld world, Instant at) throws Exception {
    return world.json("/api/v1/slos/orders-heartbeat/ledger?at=" + at);
  }

  /** A beat a second before each minute ends. */
  private static void beats(StoryWorld world, Instant begin, int from, int to) throws Exception {
    Map<Instant, Double> beats = new LinkedHashMap<>();
    for (int minute = from + 1; minute <= to; minute++) {
      beats.put(begin.plus(Duration.ofMinutes(minute)).minusSeconds(1), 1.0);
    }
    world.sender().counter("tidemark.heartbeat", beats, Map.of("connector", "cdc"));
  }
}
