package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.caused;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Since when the data is bad is known from the first word of it, whatever alerts say later. */
class BadSinceTest {
  private final World world =
      new World(
          new IncidentSettings(Duration.ofMinutes(2), Duration.ofMinutes(30)),
          Samples.routes(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4)));

  private static Alert flights(long starts, long since) {
    return caused(t(starts), "connector:cdc", "dataset:flights").toBuilder()
        .since(t(since))
        .build();
  }

  private static Alert weather(long starts, long since) {
    return caused(t(starts), "connector:cdc", "dataset:weather").toBuilder()
        .since(t(since))
        .build();
  }

  @Test
  void an_alert_that_was_good_in_between_does_not_move_it() {
    world.alerts(0, flights(0, -600));
    world.alerts(60, flights(0, -600).resolvedAt(t(60)));
    world.alerts(90, flights(90, 70));
    assertThat(world.only().alerts().get(0).since()).isEqualTo(t(70));
    assertThat(world.only().badSince()).isEqualTo(t(-600));
    world.restart(t(95));
    world.alerts(100, flights(90, 80).toBuilder().updatedAt(t(100)).build());
    assertThat(world.only().badSince()).isEqualTo(t(-600));
  }

  @Test
  void what_joins_and_was_bad_before_moves_it_back_and_takes_that_along_when_it_leaves() {
    world.alerts(0, flights(0, -600));
    world.alerts(10, weather(10, -900));
    assertThat(world.only().badSince()).isEqualTo(t(-900));
    String first = world.only().id();
    Incident parted =
        world
            .alerting
            .splitOff(first, Set.of("weather-freshness"), null, "anna", "not that", t(20))
            .orElseThrow();
    assertThat(parted.badSince()).isEqualTo(t(-900));
    assertThat(world.alerting.find(first).orElseThrow().badSince()).isEqualTo(t(-600));
    Incident merged =
        world.alerting.merge(parted.id(), first, "anna", "that after all", t(30)).orElseThrow();
    assertThat(merged.badSince()).isEqualTo(t(-900));
  }

  @Test
  void a_new_episode_begins_anew() {
    world.alerts(0, flights(0, -600));
    world.alerts(60, flights(0, -600).resolvedAt(t(60)));
    world.tick(180);
    world.alerts(1000, flights(1000, 940));
    assertThat(world.only().episodeAt()).isEqualTo(t(1000));
    assertThat(world.only().badSince()).isEqualTo(t(940));
  }

  @Test
  void a_document_of_an_older_version_takes_what_its_alerts_say() {
    world.alerts(0, flights(0, -600), weather(0, -700));
    String json = AlertingJson.write(world.only());
    String old = json.replaceFirst(",\"badSince\":\"[^\"]*\"", "");
    assertThat(old).isNotEqualTo(json);
    assertThat(AlertingJson.read(old, Incident.class).badSince()).isEqualTo(t(-700));
  }
}
