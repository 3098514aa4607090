package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fourth story: what is kept costs money every hour, by pipeline and owner. When a retention
 * rule is lost, the price of an archive's terabyte jumps, and its owner gets a ticket.
 */
class CostStoryTest {
  private static final String BEGIN = "2026-03-05T00:00:00Z";
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: clicks_archive}
      spec:
        domain: retention
        owner: team-archive
        producedBy: archive_clicks
        consumers: [audit]
        objectives:
          - cost:
              below: 23
              perUnit: TB
              per: hour
              target: 95%
              window: 30d
              alerting: {conditions: [{long: 6h, short: 1h, factor: 4, severity: ticket}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders_lake}
      spec:
        domain: sales
        owner: team-orders
        producedBy: compact_orders
        objectives:
          - cost:
              below: 23
              perUnit: TB
              per: hour
              target: 95%
              window: 30d
              alerting: {conditions: [{long: 6h, short: 1h, factor: 4, severity: ticket}]}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: archive-issues}
      spec:
        github: {url: "$INBOX", repository: example/archive, token: gh-token, labels: [cost]}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: somebody-else}
      spec: {slack: {url: "$INBOX/slack"}}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: archive}
      spec: {matchers: ['owner="team-archive"'], receiver: archive-issues}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: everything}
      spec: {receiver: somebody-else}
      """;

  @Test
  void an_archive_gets_dear_and_a_ticket_tells_its_owner_while_the_report_says_who_spends_what(
      @TempDir Path folder) throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS)) {
      hours(world, 8, 18);
      assertThat(world.inbox.issues).isEmpty();
      assertThat(world.objective("clicks_archive-cost").path("good").asDouble()).isEqualTo(8);

      for (int hour = 0; hour < 3; hour++) {
        hours(world, 1, 61);
      }

      assertThat(world.inbox.issues).hasSize(1);
      ObjectNode issue = world.inbox.issues.get(0);
      assertThat(issue.path("repo").asText()).isEqualTo("archive");
      assertThat(issue.path("labels").path(0).asText()).isEqualTo("cost");
      assertThat(issue.path("title").asText())
          .isEqualTo("[TICKET] clicks_archive: cost over 23 per TB in 1 h too often");
      String ticket = world.words(issue);
      assertThat(ticket)
          .contains("Promise      cost at most 23 per TB in each 1 h; target 95% over 30d")
          .contains("Owner        team-archive")
          .contains("Since        2026-03-05 08:00:00 UTC")
          .contains("Cause        dataset clicks_archive (certain)")
          .contains("Hurt         consumers audit")
          .contains("Runbook      Cost runaway");
      assertThat(world.inbox.slack).as("nobody else is told").isEmpty();

      // 8 h at 18 and 3 h at 61 for one terabyte each: 327 in 11 TB, 29.727 a terabyte.
      JsonNode spending = world.json("/api/v1/reports/month").path("spending");
      assertThat(spending).hasSize(2);
      JsonNode first = spending.path(0);
      assertThat(first.path("dataset").asText()).isEqualTo("clicks_archive");
      assertThat(first.path("pipeline").asText()).isEqualTo("archive_clicks");
      assertThat(first.path("owner").asText()).isEqualTo("team-archive");
      assertThat(first.path("cost").asDouble()).isEqualTo(327);
      assertThat(first.path("terabytes").asDouble()).isEqualTo(11);
      // The sender did not say who owns the other; its definition does.
      JsonNode second = spending.path(1);
      assertThat(second.path("pipeline").asText()).isEqualTo("compact_orders");
      assertThat(second.path("owner").asText()).isEqualTo("team-orders");
      assertThat(second.path("costPerTerabyte").asDouble()).isEqualTo(20);
      assertThat(world.get("/api/v1/reports/month?format=md").body().replace("\\_", "_"))
          .contains("| Dataset | Pipeline | Owner | Spent | TB | Per TB |")
          .contains("| clicks_archive | archive_clicks | team-archive | 327.00 | 11.00 | 29.73 |")
          .contains("| orders_lake | compact_orders | team-orders | 110.00 | 5.50 | 20.00 |");
      StoryWorld.assertShown(ticket);
    }
  }

  /** Every hour's bill comes a minute before its end: a terabyte here, half of one there. */
  private static void hours(StoryWorld world, int many, double archive) throws Exception {
    Map<String, String> clicks = Map.of("dataset", "clicks_archive", "pipeline", "archive_clicks");
    Map<String, String> orders = Map.of("dataset", "orders_lake", "pipeline", "compact_orders");
    world.pass(
        world.now().plus(Duration.ofHours(many)),
        Duration.ofHours(1),
        at -> {
          Instant bill = at.minus(Duration.ofMinutes(1));
          world.sender().counter("tidemark.cost", archive, clicks, bill);
          world.sender().counter("tidemark.bytes", 1e12, clicks, bill);
          world.sender().counter("tidemark.cost", 10, orders, bill);
          world.sender().counter("tidemark.bytes", 0.5e12, orders, bill);
        });
  }
}
