package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * With a hold of 2 min and a reopen window of 30 min; three reopenings within an hour are flapping,
 * so the hold is then 2 min · 2³ = 16 min.
 */
class FlappingTest {
  private final World world =
      new World(
          new IncidentSettings(Duration.ofMinutes(2), Duration.ofMinutes(30)),
          Samples.routes(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4)));

  private void fires(long from, long to) {
    world.alerts(from, alert("flights", t(from)));
    world.tick(to - 1);
    world.alerts(to, alert("flights", t(from)).resolvedAt(t(to)));
  }

  /** Fires for 6 min and is quiet for 4 min, from each tenth minute on. */
  private void rounds(int from, int to) {
    for (int round = from; round < to; round++) {
      fires(600L * round, 600L * round + 360);
      world.tick(600L * round + 360 + 120);
    }
  }

  @Test
  void what_comes_back_three_times_is_said_to_flap_once_and_then_only_to_be_over() {
    rounds(0, 3);
    assertThat(world.said())
        .containsExactly(
            "TRIGGERED console",
            "RESOLVED console",
            "TRIGGERED console",
            "RESOLVED console",
            "TRIGGERED console",
            "RESOLVED console");
    rounds(3, 20);
    assertThat(world.said()).hasSize(7);
    Incident flapping = world.only();
    assertThat(Objects.requireNonNull(flapping.flapping()).since()).isEqualTo(t(1800));
    assertThat(world.outbox.all().get(6).notification())
        .satisfies(
            said -> {
              assertThat(said.kind()).isEqualTo(NotificationKind.TRIGGERED);
              assertThat(said.note())
                  .isEqualTo(
                      "it flaps: it came back 3 times within 60 min; its end is said when nothing"
                          + " has fired for 16 min");
            });
    assertThat(flapping.timeline()).extracting(TimelineEntry::what).containsOnlyOnce("flapping");

    long last = 600L * 19 + 360;
    world.tick(last + 16 * 60 - 1);
    assertThat(world.said()).hasSize(7);
    world.tick(last + 16 * 60);
    assertThat(world.said()).hasSize(8).endsWith("RESOLVED console");
    assertThat(Objects.requireNonNull(world.alerting.recent(1).get(0).flapping()).now()).isFalse();
  }

  @Test
  void what_never_fires_for_as_long_as_group_wait_is_told_when_it_has_flapped() {
    for (int round = 0; round < 6; round++) {
      fires(200L * round, 200L * round + 20);
      world.tick(200L * round + 20 + 120);
    }
    // The third return is at 600 and opens an episode that lasts; at 800 group wait is over.
    assertThat(world.said()).containsExactly("TRIGGERED console");
    assertThat(world.outbox.all().get(0).notification().note()).startsWith("it flaps");
  }

  @Test
  void returns_more_than_the_window_apart_are_no_flapping() {
    for (int round = 0; round < 5; round++) {
      long from = 1900L * round;
      fires(from, from + 60);
      world.tick(from + 60 + 120);
    }
    assertThat(world.alerting.recent(10)).hasSize(1);
    assertThat(world.said()).filteredOn(said -> said.equals("RESOLVED console")).hasSize(5);
  }

  @Test
  void while_it_flaps_nothing_that_joins_is_news_but_a_rise_is_said() {
    for (int round = 0; round < 4; round++) {
      world.alerts(600L * round, ticket("flights", 600L * round));
      world.tick(600L * round + 359);
      if (round < 3) {
        world.alerts(
            600L * round + 360, ticket("flights", 600L * round).resolvedAt(t(600L * round + 360)));
        world.tick(600L * round + 480);
      }
    }
    assertThat(world.said()).hasSize(7);
    Alert blaming =
        ticket("hourly", 2200).toBuilder()
            .cause(
                new Cause(
                    "dataset",
                    "flights",
                    false,
                    List.of(),
                    List.of("dataset:flights", "dataset:hourly")))
            .build();
    world.alerts(2200, blaming);
    world.tick(4000);
    assertThat(world.only().alerts()).hasSize(2);
    assertThat(world.said()).hasSize(7);
    world.alerts(4100, blaming.toBuilder().severity(Severity.PAGE).build());
    assertThat(world.said()).hasSize(8).endsWith("ESCALATED console");
  }

  private static Alert ticket(String dataset, long at) {
    return alert(dataset, t(at)).toBuilder()
        .severity(Severity.TICKET)
        .labels(Map.of("domain", "travel"))
        .build();
  }

  @Test
  void how_often_it_came_back_survives_a_restart_and_older_documents_are_read() {
    rounds(0, 3);
    world.restart(t(1790));
    rounds(3, 4);
    Incident incident = world.only();
    String json = AlertingJson.write(incident);
    assertThat(json).contains("\"flapping\":{\"reopenedAt\":[");
    assertThat(AlertingJson.read(json, Incident.class)).isEqualTo(incident);
    String old = json.replaceFirst(",\"flapping\":\\{[^}]*}", "");
    assertThat(AlertingJson.read(old, Incident.class).flapping()).isNull();
  }
}
