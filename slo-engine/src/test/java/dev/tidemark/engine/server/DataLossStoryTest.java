package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The third story: records are missing in a revenue report. The page names the connector upstream
 * that died; somebody takes it, declares a backfill, the replay makes noise that nobody hears, and
 * the late records restate the budget. In the end there is a postmortem.
 */
class DataLossStoryTest {
  private static final String BEGIN = "2026-03-04T07:00:00Z";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: payments_raw}
      spec:
        domain: payments
        owner: team-payments
        objectives:
          # It is restarted every now and then, which may take half an hour.
          - heartbeat:
              connector: payments-cdc
              every: 1m
              target: 99.9%
              window: 7d
              alerting: {conditions: [{long: 1h, short: 5m, factor: 16.8, after: 30m}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: revenue_report}
      spec:
        domain: finance
        owner: team-finance
        consumers: [board-report, cfo-dashboard]
        objectives:
          - completeness: {atLeast: 99.95%, per: 10m, target: 99%, window: 30d}
          - duplicates: {target: 99.9%, window: 30d}
      """
          + StoryWorld.EVERYTHING_TO_ON_CALL;

  @Test
  void records_are_lost_and_page_backfill_budget_and_postmortem_tell_one_story(@TempDir Path folder)
      throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS)) {
      lineage(world);
      periods(world, 6, true, 10_000, 0);
      assertThat(world.inbox.pagerDuty).isEmpty();
      Instant lost = world.now();

      // The connector dies, without a word. A third of the records does not come.
      periods(world, 1, false, 6_700, 0);
      world.minutes(2, at -> records(world, at, 1_000, 670, 0));

      assertThat(world.inbox.pagerDuty).hasSize(1);
      JsonNode page = world.inbox.pagerDuty.get(0);
      assertThat(page.path("event_action").asText()).isEqualTo("trigger");
      assertThat(page.path("payload").path("severity").asText()).isEqualTo("critical");
      String read = world.words(page);
      assertThat(read)
          .contains(
              "[PAGE] revenue_report is incomplete: under 99.95 % of the expected records in 10 min")
          .contains("promise: at least 99.95 % of the expected records per 10 min")
          .contains("owner: team-finance")
          .contains("since: 2026-03-04 08:00:00 UTC")
          .contains("cause: connector payments-cdc (guessed)")
          .contains("connector payments-cdc has been silent since 2026-03-04 08:0")
          .contains("path: payments-cdc → payments_raw → report_revenue → revenue_report")
          .contains("consumers board-report, cfo-dashboard");
      String id = page.path("payload").path("custom_details").path("incident").asText();
      String runbook =
          page.path("links").findValuesAsText("href").stream()
              .filter(link -> link.contains("/runbooks/"))
              .findFirst()
              .orElseThrow();
      assertThat(world.get(runbook).body()).contains("payments-cdc", id);

      assertThat(
              world
                  .post(
                      "/api/v1/incidents/" + id + "/acknowledge",
                      Map.of("reason", "restarting payments-cdc"))
                  .path("acknowledgedBy")
                  .asText())
          .isNotEmpty();
      world.settle();
      double budgetBefore =
          world.objective("revenue_report-completeness").path("budgetLeftRatio").asDouble();
      assertThat(budgetBefore).isLessThan(1);

      // Runbook: restart it, declare the replay, replay what is missing.
      world.form(
          "/incidents/" + id + "/backfill",
          Map.of(
              "dataset", "revenue_report",
              "ends", lost.plus(Duration.ofHours(4)).toString().substring(0, 16),
              "budget", "keep",
              "ticket", "FIN-7",
              "reason", "replay of the lost payments"));
      String backfill =
          world.json("/api/v1/backfills").path("backfills").path(0).path("id").asText();
      // What is left of the period; the replay brings 4 % twice, forty times as much as is allowed.
      world.minutes(
          8,
          at -> {
            world.agent("payments").heartbeat("payments-cdc");
            world.flush("payments");
            records(world, at, 1_000, 1_000, 40);
          });
      late(world, 3_300, lost.plus(Duration.ofMinutes(5)));
      late(world, 660, lost.plus(Duration.ofMinutes(11)));
      periods(world, 1, true, 10_000, 400);

      JsonNode noise = world.objective("revenue_report-duplicates");
      assertThat(noise.has("firing")).as("it would have paged: %s", noise).isTrue();
      assertThat(world.inbox.pagerDuty)
          .extracting(event -> event.path("event_action").asText())
          .containsExactly("trigger", "acknowledge");

      // The late records are there: the past is as it should have been, and both can be seen.
      JsonNode restated = world.objective("revenue_report-completeness");
      assertThat(restated.path("budgetLeftRatio").asDouble()).isEqualTo(1);
      JsonNode ledger =
          world.json(
              "/api/v1/slos/revenue_report-completeness/ledger?at=" + lost.plusSeconds(11 * 60));
      assertThat(ledger.path("knownThen").asDouble()).isCloseTo(budgetBefore, within(1e-6));
      assertThat(ledger.path("knownNow").asDouble()).isEqualTo(1);
      assertThat(ledger.path("restated").findValuesAsText("start")).contains(lost.toString());

      // The replay is over before its time, and so is the noise: nothing twice for two hours.
      periods(world, 13, true, 10_000, 0);
      assertThat(world.delete("/api/v1/backfills/" + backfill).path("state").asText())
          .isEqualTo("over");
      periods(world, 1, true, 10_000, 0);
      assertThat(world.inbox.pagerDuty)
          .extracting(event -> event.path("event_action").asText())
          .containsExactly("trigger", "acknowledge", "resolve");
      assertThat(world.json("/api/v1/incidents?state=open").path("incidents")).isEmpty();

      String postmortem = world.get("/incidents/" + id + "/postmortem.md").body().replace("\\", "");
      assertThat(postmortem)
          .contains("# Postmortem: revenue_report is incomplete: under 99.95 % of")
          .contains("connector payments-cdc", "cfo-dashboard")
          .contains("Time to detect", "Time to acknowledge", "Time to recover")
          .contains("restarting payments-cdc", "FIN-7: replay of the lost payments");
      List<String> order =
          List.of("opened", "notified", "acknowledged", "backfill", "recovering", "resolved");
      int from = postmortem.indexOf("## Timeline");
      for (String what : order) {
        int found = postmortem.indexOf(what, from);
        assertThat(found).as("%s in its place in%n%s", what, postmortem).isPositive();
        from = found;
      }
      StoryWorld.assertShown(read);
    }
  }

  /** The report is made of raw payments, as its runs tell by OpenLineage. */
  private static void lineage(StoryWorld world) throws Exception {
    for (String type : List.of("START", "COMPLETE")) {
      world
          .sender()
          .lineage(
              type,
              world.now(),
              UUID.nameUUIDFromBytes(new byte[] {1}).toString(),
              "report_revenue",
              "",
              "{\"namespace\": \"lake\", \"name\": \"payments_raw\"}",
              "{\"namespace\": \"lake\", \"name\": \"revenue_report\"}");
    }
  }

  /** So many times ten minutes. */
  private static void periods(
      StoryWorld world, int many, boolean alive, long observed, long duplicates) throws Exception {
    world.pass(
        world.now().plus(Duration.ofMinutes(10L * many)),
        MINUTE,
        at -> {
          if (alive) {
            world.agent("payments").heartbeat("payments-cdc");
            world.flush("payments");
          }
          if (at.getEpochSecond() % 600 == 0) {
            records(world, at, 10_000, observed, duplicates);
          }
        });
  }

  /** Records that belong to the time just before the moment. */
  private static void records(
      StoryWorld world, Instant at, long expected, long observed, long duplicates)
      throws Exception {
    Instant within = at.minusSeconds(1);
    count(world, "expected", expected, within);
    count(world, "observed", observed, within);
    if (duplicates > 0) {
      count(world, "duplicate", duplicates, within);
    }
  }

  private static void late(StoryWorld world, long records, Instant belongsTo) throws Exception {
    count(world, "observed", records, belongsTo);
  }

  private static void count(StoryWorld world, String outcome, long records, Instant at)
      throws Exception {
    world
        .sender()
        .counter(
            "tidemark.records",
            (double) records,
            Map.of("dataset", "revenue_report", "outcome", outcome),
            at);
  }
}
