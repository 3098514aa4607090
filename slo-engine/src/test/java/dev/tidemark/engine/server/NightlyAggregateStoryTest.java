package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.agent.DatasetSignals;
import dev.tidemark.agent.PipelineRun;
import dev.tidemark.engine.Told;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The second story: a nightly aggregate is due by 06:00 in Lagos on business days. One Monday the
 * volume of its source has doubled: the run succeeds, too late and for too much money.
 */
class NightlyAggregateStoryTest {
  /** A Friday, 01:00 in Lagos. */
  private static final String BEGIN = "2026-02-27T00:00:00Z";

  private static final Duration STEP = Duration.ofMinutes(10);
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders_export}
      spec:
        domain: sales
        owner: team-orders
        objectives:
          - threshold:
              name: orders_export-volume
              metric: orders.export.bytes
              where: {dataset: orders_export}
              below: 1000000000000
              target: 99%
              window: 30d
              alerting: {conditions: [{long: 1h, short: 10m, factor: 14.4, severity: ticket}]}
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: revenue_daily}
      spec:
        domain: finance
        owner: team-finance
        producedBy: nightly_revenue
        dependsOn: [orders_export]
        consumers: [board-report]
        objectives:
          - runs: {target: 99%, window: 30d}
          - arrival:
              dueBy: "06:00"
              on: business-days
              timeZone: Africa/Lagos
              target: 99%
              window: 30d
              alerting: {conditions: [{long: 1h, short: 10m, factor: 14.4, severity: ticket}]}
          - cost:
              below: 25
              perUnit: run
              per: hour
              target: 90%
              window: 30d
              alerting: {conditions: [{long: 1d, short: 1h, factor: 2, severity: ticket}]}
          - cost: {name: revenue_daily-price, below: 30, perUnit: TB, per: hour, window: 30d}
      """
          + Told.everythingTo(
              "data-owners",
              "email: {host: 127.0.0.1, port: $SMTP, tls: none, from: tidemark@example.org,"
                  + " to: [data-owners@example.org]}");

  @Test
  void the_volume_doubles_and_a_ticket_says_why_the_aggregate_is_late_and_dear(@TempDir Path folder)
      throws Exception {
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS)) {
      Instant friday = world.now();
      new Night(world, Duration.ofMinutes(150), 0.72e12, 19.4).passTo(Duration.ofHours(6));
      // Nobody expects it at the weekend.
      world.pass(friday.plus(Duration.ofDays(3)), Duration.ofDays(30), at -> {});
      for (String name : List.of("runs", "arrival", "cost", "price")) {
        assertThat(world.objective("revenue_daily-" + name).path("currentlyBad").asBoolean())
            .as(name)
            .isFalse();
      }
      assertThat(world.inbox.mails()).isEmpty();

      Night monday = new Night(world, Duration.ofMinutes(350), 1.5e12, 40.5);
      for (long minutes = 10; minutes <= 370; minutes += minutes == 30 ? 260 : 10) {
        monday.passTo(Duration.ofMinutes(minutes));
      }
      assertThat(world.asWritten(world.now().toString())).isEqualTo("2026-03-02T06:10:00Z");

      List<String> mails = world.inbox.mails().stream().map(world::asWritten).toList();
      assertThat(mails).isNotEmpty();
      assertThat(mails.get(0))
          .contains("To: data-owners@example.org")
          .contains(
              "Subject: [TICKET] orders_export: orders.export.bytes over 1,000,000,000,000 too often")
          .contains("Owner        team-orders")
          .contains(
              "Promise      orders.export.bytes at most 1,000,000,000,000; target 99% over 30d")
          .contains("Hurt         datasets revenue_daily; consumers board-report");
      String last = mails.get(mails.size() - 1);
      assertThat(last)
          .contains(
              "Subject: [UPDATE] orders_export: orders.export.bytes over 1,000,000,000,000 too often")
          .contains("- revenue_daily: Arrival of revenue_daily, over since 2026-03-02 06:00")
          .contains("- revenue_daily: Cost of revenue_daily, firing since 2026-03-02 05:00");
      // The minute that ends at the deadline, 06:00 in Lagos, is the first bad one.
      assertThat(mails)
          .as("told while it is late, not only when it has come")
          .anyMatch(
              mail -> mail.contains("Arrival of revenue_daily, firing since 2026-03-02 04:59:00"));
      assertThat(mails).noneMatch(mail -> mail.contains("[PAGE]"));
      // Twice the volume for twice the money: the price of a terabyte is what it was, and no run
      // failed.
      assertThat(world.objective("revenue_daily-price").path("currentlyBad").asBoolean()).isFalse();
      assertThat(world.objective("revenue_daily-runs").path("good").asDouble()).isEqualTo(2);
      assertThat(world.objective("revenue_daily-runs").path("total").asDouble()).isEqualTo(2);
      assertThat(world.get("/slos/revenue_daily-arrival").body())
          .contains("complete by 06:00 Africa/Lagos on business days");
      StoryWorld.assertShown(last);
    }
  }

  /** One run and what its source exports meanwhile. */
  private static final class Night {
    private final StoryWorld world;
    private final Instant begin;
    private final Instant end;
    private final double bytes;
    private final double money;
    private final PipelineRun run;

    Night(StoryWorld world, Duration length, double bytes, double money) {
      this.world = world;
      this.begin = world.now();
      this.end = begin.plus(length);
      this.bytes = bytes;
      this.money = money;
      this.run =
          world
              .agent("nightly_revenue")
              .startRun("revenue-" + begin, Map.of("dataset", "revenue_daily"));
    }

    /** Lets it pass until so long after its begin. */
    void passTo(Duration sinceBegin) throws Exception {
      world.pass(
          begin.plus(sinceBegin),
          STEP,
          at -> {
            world
                .sender()
                .gauge(
                    "orders.export.bytes",
                    bytes,
                    Map.of("dataset", "orders_export"),
                    at.minusSeconds(1));
            if (at.equals(end)) {
              run.succeeded();
              DatasetSignals dataset = world.agent("nightly_revenue").dataset("revenue_daily");
              // Midnight in Lagos: the whole day before is there.
              dataset.watermark(begin.minus(Duration.ofHours(1)));
              dataset.bytes((long) bytes);
              dataset.cost(money);
              world.flush("nightly_revenue");
            }
          });
    }
  }
}
