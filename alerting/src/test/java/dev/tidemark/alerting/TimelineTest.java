package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static TimelineEntry entry(int second, String what, String actor) {
    return new TimelineEntry(t(second), what, actor, "because " + second);
  }

  private static int added(List<TimelineEntry> entries, int leftOut, TimelineEntry entry) {
    entries.add(entry);
    return Timeline.trim(entries, leftOut);
  }

  @Test
  void what_came_and_went_makes_room_and_the_second_entry_counts_it() {
    List<TimelineEntry> entries = new ArrayList<>();
    int leftOut = added(entries, 0, entry(0, "opened", TimelineEntry.TIDEMARK));
    for (int second = 1; second < 300; second++) {
      String what = second == 10 ? "cause" : second == 20 ? "notified" : "joined";
      String actor = second == 30 ? "anna" : TimelineEntry.TIDEMARK;
      leftOut = added(entries, leftOut, entry(second, what, actor));
    }
    // 300 entries; with the mark 200 remain, so 101 are gone: 1 to 104 without 10, 20 and 30.
    assertThat(leftOut).isEqualTo(101);
    assertThat(entries).hasSize(200);
    assertThat(entries.get(0).what()).isEqualTo("opened");
    assertThat(entries.subList(1, 6))
        .containsExactly(
            entry(10, "cause", TimelineEntry.TIDEMARK),
            entry(20, "notified", TimelineEntry.TIDEMARK),
            entry(30, "joined", "anna"),
            new TimelineEntry(
                t(104), "left_out", TimelineEntry.TIDEMARK, "101 entries up to here left out"),
            entry(105, "joined", TimelineEntry.TIDEMARK));
    assertThat(entries).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
  }

  @Test
  void of_very_many_that_should_stay_the_oldest_messages_go_first() {
    List<TimelineEntry> entries = new ArrayList<>();
    int leftOut = added(entries, 0, entry(0, "opened", TimelineEntry.TIDEMARK));
    leftOut = added(entries, leftOut, entry(1, "acknowledged", "anna"));
    for (int second = 2; second < 1000; second++) {
      leftOut = added(entries, leftOut, entry(second, "notified", TimelineEntry.TIDEMARK));
    }
    assertThat(entries).hasSize(400);
    assertThat(leftOut).isEqualTo(601);
    assertThat(entries.get(1)).isEqualTo(entry(1, "acknowledged", "anna"));
    assertThat(entries.get(2).what()).isEqualTo("left_out");
    assertThat(entries.get(3).at()).isEqualTo(t(603));
    for (int second = 1000; second < 3000; second++) {
      leftOut = added(entries, leftOut, entry(second, "note", "bo"));
    }
    assertThat(entries).hasSize(400);
    assertThat(entries.get(0).what()).isEqualTo("opened");
    assertThat(entries.get(399).at()).isEqualTo(t(2999));
  }

  @Test
  void an_incident_that_goes_on_for_long_still_knows_who_took_it_and_that_it_was_a_ticket() {
    World world = new World(IncidentSettings.DEFAULT, dev.tidemark.alerting.route.Routes.console());
    world.alerts(0, alert("flights", t(0)).toBuilder().severity(Severity.TICKET).build());
    world.tick(30);
    world.acknowledge(40, world.only().id());
    world.alerts(50, alert("flights", t(0)));
    for (int i = 1; i <= 300; i++) {
      Alert weather = alert("weather", t(100L * i)).toBuilder().build();
      Alert same =
          Samples.caused(t(100L * i), "dataset:flights", "dataset:weather").toBuilder()
              .startsAt(weather.startsAt())
              .build();
      world.alerts(100L * i, same);
      world.alerts(100 * i + 50, same.resolvedAt(t(100 * i + 50)));
    }
    List<String> kept =
        world.only().timeline().stream().map(TimelineEntry::what).distinct().toList();
    assertThat(kept)
        .startsWith("opened", "notified", "acknowledged", "severity", "untaken")
        .contains("left_out");
    assertThat(world.only().leftOut()).isPositive();
    assertThat(AlertingJson.read(AlertingJson.write(world.only()), Incident.class))
        .isEqualTo(world.only());
  }

  @Test
  void each_time_that_an_incident_came_and_went_is_kept() {
    World world =
        new World(
            new IncidentSettings(Duration.ofMinutes(2), Duration.ofMinutes(30)),
            dev.tidemark.alerting.route.Routes.console());
    // Bad since 60 s before the first alert, taken 2 min later, ceased at 600, over at 720.
    world.alerts(0, alert("flights", t(0)));
    world.tick(30);
    world.acknowledge(120, world.only().id());
    world.alerts(600, alert("flights", t(0)).resolvedAt(t(600)));
    world.tick(720);
    // Again from 1000 on as a ticket, ended by hand at 1100 while it fires, which it does to 1150.
    Alert again = alert("flights", t(1000)).toBuilder().severity(Severity.TICKET).build();
    world.alerts(1000, again);
    String id = world.only().id();
    world.resolve(1100, id);
    world.alerts(1150, again.resolvedAt(t(1150)));
    world.restart(t(1200));
    world.alerts(1300, alert("flights", t(1300)));
    assertThat(world.only().id()).isEqualTo(id);
    assertThat(world.only().episodes())
        .containsExactly(
            new Episode(t(-60), t(0), Severity.PAGE, t(120), "anna", t(600), t(720), null),
            new Episode(t(940), t(1000), Severity.TICKET, null, null, t(1150), t(1100), "anna"));
    assertThat(world.only().episode())
        .isEqualTo(new Episode(t(1240), t(1300), Severity.PAGE, null, null, null, null, null));
    world.alerts(1310, alert("flights", t(1300)).resolvedAt(t(1310)));
    world.tick(1500);
    Optional<Incident> over = world.alerting.find(id);
    assertThat(over.orElseThrow().episode())
        .isEqualTo(
            new Episode(t(1240), t(1300), Severity.PAGE, null, null, t(1310), t(1500), null));
  }

  @Test
  void of_very_many_times_the_last_fifty_are_kept() {
    World world =
        new World(
            new IncidentSettings(
                Duration.ofMinutes(1),
                Duration.ofMinutes(90),
                new IncidentSettings.FlapDetection(1000, Duration.ofHours(1))),
            dev.tidemark.alerting.route.Routes.console());
    for (int i = 0; i < 60; i++) {
      Alert one = alert("flights", t(1000L * i));
      world.alerts(1000L * i, one);
      world.alerts(1000 * i + 10, one.resolvedAt(t(1000 * i + 10)));
      world.tick(1000 * i + 70);
    }
    Incident incident = world.alerting.recent(1).get(0);
    assertThat(incident.episodes()).hasSize(50);
    // The sixtieth is the last one; the fifty before it began with the tenth.
    assertThat(incident.episodes().get(0).openedAt()).isEqualTo(t(9000));
    assertThat(incident.episodes().get(49).openedAt()).isEqualTo(t(58_000));
    assertThat(incident.episode().openedAt()).isEqualTo(t(59_000));
  }
}
