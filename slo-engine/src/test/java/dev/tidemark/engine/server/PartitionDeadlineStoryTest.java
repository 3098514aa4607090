package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A dataset whose partitions are due at different times: Europe's by 06:00 in Lagos, Asia's by
 * 09:30 in Kolkata (five and a half hours ahead of UTC), and America's not on this Monday, which is
 * a holiday there. Zones without daylight saving time, because stories run at any time of the year.
 */
class PartitionDeadlineStoryTest {
  /** A Sunday noon. */
  private static final String BEGIN = "2026-03-01T12:00:00Z";

  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: sales}
      spec:
        domain: sales
        owner: team-sales
        objectives:
          - arrival:
              dueBy: "06:00"
              timeZone: Africa/Lagos
              target: 99%%
              window: 7d
              roster:
                attribute: partition
                members:
                  - eu
                  - {name: asia, dueBy: "09:30", timeZone: Asia/Kolkata}
                  - {name: us, calendar: american}
              alerting: {conditions: [{long: 1h, short: 10m, factor: 14.4, severity: page}]}
      ---
      apiVersion: tidemark/v1
      kind: Calendar
      metadata: {name: american}
      spec: {holidays: [%s]}
      """
          + StoryWorld.EVERYTHING_TO_ON_CALL;

  @Test
  void the_partition_that_misses_its_own_deadline_pages_and_the_others_do_not(@TempDir Path folder)
      throws Exception {
    LocalDate monday = LocalDate.ofInstant(StoryWorld.recently(BEGIN), ZoneOffset.UTC).plusDays(1);
    try (StoryWorld world = new StoryWorld(folder, BEGIN, DEFINITIONS.formatted(monday))) {
      Instant midnight = monday.atStartOfDay(ZoneOffset.UTC).toInstant();
      // Until 03:59 UTC Europe is complete (its Monday began at 23:00), Asia's newest record is of
      // Sunday 17:00, half an hour too old for what will be asked at 04:00, and America's of noon.
      world.pass(
          midnight.plus(Duration.ofMinutes(239)),
          Duration.ofHours(12).plusMinutes(239),
          at -> {
            watermark(world, "eu", midnight.minus(Duration.ofHours(1)), at);
            watermark(world, "asia", midnight.minus(Duration.ofHours(7)), at);
            watermark(world, "us", midnight.minus(Duration.ofHours(12)), at);
          });
      assertThat(world.objective("sales-arrival").path("currentlyBad").asBoolean()).isFalse();
      assertThat(world.inbox.pagerDuty).isEmpty();

      // Nine bad minutes of sixty are 15 % and burn at 15: from 04:08 on somebody is paged.
      world.minutes(8, at -> {});
      assertThat(world.inbox.pagerDuty).isEmpty();
      world.minutes(12, at -> {});
      assertThat(world.inbox.pagerDuty).hasSize(1);
      assertThat(StoryInbox.words(world.inbox.pagerDuty.get(0)))
          .contains("Arrival of sales")
          .contains(
              "complete by 06:00 Africa/Lagos; asia by 09:30 Asia/Kolkata; us by 06:00"
                  + " Africa/Lagos");
      assertThat(world.get("/slos/sales-arrival").body())
          .containsPattern("(?s)Behind now.{0,80}asia");

      // At 04:19:59 Asia's data come: the slice that ends at 04:20 is good again.
      world.pass(
          world.now().plusSeconds(60),
          Duration.ofMinutes(1),
          at -> watermark(world, "asia", midnight.minus(Duration.ofHours(6)), at));
      // Europe's deadline passes at 05:00 with everything there.
      world.pass(midnight.plus(Duration.ofMinutes(330)), Duration.ofHours(2), at -> {});
      assertThat(world.objective("sales-arrival").path("currentlyBad").asBoolean()).isFalse();
      double bad =
          world.objective("sales-arrival").path("total").asDouble()
              - world.objective("sales-arrival").path("good").asDouble();
      // The slices that end at 04:00, 04:01 and so on to 04:19.
      assertThat(bad).isEqualTo(20);
    }
  }

  private static void watermark(StoryWorld world, String partition, Instant newest, Instant at)
      throws Exception {
    world
        .sender()
        .gauge(
            "tidemark.watermark",
            (double) newest.getEpochSecond(),
            Map.of("dataset", "sales", "partition", partition),
            at.minusSeconds(1));
  }
}
