package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who is told, and how urgently, by what the mission says alone: no objective here says anything of
 * alerting. Pages go to PagerDuty and tickets to Slack, then infrastructure to PagerDuty and what
 * data mean to Slack.
 */
class PageOrTicketTest {
  private static final String BEGIN = "2026-03-04T07:00:00Z";
  private static final String RECEIVERS =
      """
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: first}
      spec: {pagerduty: {routingKey: 0123456789abcdef0123456789abcdef, url: "$INBOX/pagerduty"}}
      ---
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: second}
      spec: {slack: {url: "$INBOX/slack"}}
      ---
      """;
  private static final String BY_URGENCY =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: payments, labels: {tier: critical}}
      spec: {objectives: [{heartbeat: {connector: payments-cdc, every: 1m}}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: reviews, labels: {tier: standard}}
      spec: {objectives: [{heartbeat: {connector: reviews-cdc, every: 1m}}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: invoices, labels: {tier: critical}}
      spec: {objectives: [{schema: {}}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: logins, labels: {tier: standard}}
      spec: {objectives: [{access: {}}]}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: pages}
      spec: {matchers: ['severity="page"'], receiver: first}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: tickets}
      spec: {matchers: ['severity="ticket"'], receiver: second}
      """;

  /** The recipe of alerting/README.md; the objectives have names of their own. */
  private static final String BY_CAUSE =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: revenue}
      spec: {objectives: [{completeness: {name: all-there, atLeast: 99.95%, per: 10m}}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: reviews}
      spec: {objectives: [{validity: {name: not-an-access}}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: visits}
      spec: {objectives: [{heartbeat: {connector: visits-cdc, every: 1m}}]}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: loss-and-breach}
      spec: {matchers: ['sli=~"completeness|access"'], receiver: first, continue: true}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: infrastructure}
      spec: {matchers: ['cause_type!="dataset"', 'sli!~"completeness|access"'], receiver: first}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: domains}
      spec: {matchers: ['cause_type=~".+"'], receiver: second}
      """;

  @Test
  void a_dead_critical_feed_and_a_breach_page_a_schema_warning_and_another_feed_are_tickets(
      @TempDir Path folder) throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, RECEIVERS + BY_URGENCY)) {
      world.minutes(
          10,
          at -> {
            for (String connector : List.of("payments-cdc", "reviews-cdc")) {
              world.agent("feeds").heartbeat(connector);
            }
            world.flush("feeds");
            checks(world, "schema", "invoices", "success", at);
            checks(world, "access", "logins", "success", at);
          });
      assertThat(world.inbox.pagerDuty).isEmpty();
      assertThat(world.inbox.slack).isEmpty();

      world.minutes(
          12,
          at -> {
            checks(world, "schema", "invoices", "failure", at);
            checks(world, "access", "logins", "failure", at);
          });
      assertThat(told(world.inbox.pagerDuty))
          .contains("[PAGE] payments", "[PAGE] logins")
          .doesNotContain("[TICKET]", "reviews", "invoices");
      assertThat(told(world.inbox.slack))
          .contains("[TICKET] reviews", "[TICKET] invoices")
          .doesNotContain("[PAGE]", "payments", "logins");
    }
  }

  @Test
  void lost_data_are_told_to_both_whatever_the_objective_is_called_all_else_to_one(
      @TempDir Path folder) throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, RECEIVERS + BY_CAUSE)) {
      world.minutes(
          20,
          at -> {
            world.agent("feeds").heartbeat("visits-cdc");
            world.flush("feeds");
            records(world, "revenue", "expected", at);
            records(world, "revenue", "observed", at);
            records(world, "reviews", "observed", at);
          });
      assertThat(world.inbox.pagerDuty).isEmpty();
      assertThat(world.inbox.slack).isEmpty();

      world.minutes(
          22,
          at -> {
            records(world, "revenue", "expected", at);
            records(world, "reviews", "observed", at);
            records(world, "reviews", "rejected", at);
          });
      assertThat(told(world.inbox.pagerDuty))
          .contains("revenue", "visits")
          .doesNotContain("reviews");
      assertThat(told(world.inbox.slack)).contains("revenue", "reviews").doesNotContain("visits");
    }
  }

  private static String told(List<?> messages) {
    return List.copyOf(messages).toString();
  }

  private static void checks(
      StoryWorld world, String check, String dataset, String outcome, Instant at) throws Exception {
    world
        .sender()
        .counter(
            "tidemark.check",
            100,
            Map.of("dataset", dataset, "check", check, "outcome", outcome),
            at.minusSeconds(1));
  }

  private static void records(StoryWorld world, String dataset, String outcome, Instant at)
      throws Exception {
    world
        .sender()
        .counter(
            "tidemark.records",
            1_000,
            Map.of("dataset", dataset, "outcome", outcome),
            at.minusSeconds(1));
  }
}
