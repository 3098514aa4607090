package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The clock was hours ahead and is set right. */
class ClockSetBackTest {
  private final World world =
      new World(IncidentSettings.DEFAULT, EscalatedIncidentTest.escalated());

  @Test
  void group_wait_begins_anew_and_does_not_wait_for_the_clock_to_catch_up() {
    world.alerts(20_000, alert("flights", t(20_000)));
    world.tick(10_000);
    world.tick(10_029);
    assertThat(world.said()).isEmpty();
    world.tick(10_030);
    assertThat(world.said()).hasSize(1);
  }

  @Test
  void the_next_step_of_an_escalation_has_its_time_again() {
    world.alerts(20_000, alert("flights", t(20_000)));
    world.tick(20_030);
    int first = world.said().size();
    world.tick(10_000);
    world.tick(10_000 + 15 * 60 - 1);
    assertThat(world.said()).hasSize(first);
    world.tick(10_000 + 15 * 60);
    assertThat(world.said()).hasSizeGreaterThan(first);
  }

  @Test
  void what_recovers_is_over_after_the_hold() {
    world.alerts(20_000, alert("flights", t(20_000)));
    world.alerts(20_010, alert("flights", t(20_000)).resolvedAt(t(20_010)));
    world.tick(10_000);
    world.tick(10_119);
    assertThat(world.alerting.openIncidents()).hasSize(1);
    world.tick(10_120);
    assertThat(world.alerting.openIncidents()).isEmpty();
  }

  @Test
  void what_comes_back_is_told_again_after_the_group_interval() {
    world.alerts(20_000, alert("flights", t(20_000)));
    world.tick(20_030);
    world.alerts(20_040, alert("flights", t(20_000)).resolvedAt(t(20_040)));
    world.tick(20_160);
    int before = world.said().size();
    world.alerts(10_000, alert("flights", t(10_000)));
    world.tick(10_299);
    assertThat(world.said()).hasSize(before);
    world.tick(10_300);
    assertThat(world.said()).hasSize(before + 1);
  }

  @Test
  void a_merger_does_not_take_what_ceased_at_a_later_time_for_newer_than_what_fires() {
    // Flights and hourly are one incident, over at 20 030; then the clock is set back.
    Alert hourly = Samples.caused(t(20_000), "connector:cdc", "dataset:flights", "dataset:hourly");
    Alert flights = Samples.caused(t(20_000), "connector:cdc", "dataset:flights");
    world.alerts(20_000, hourly, flights);
    world.alerts(20_010, flights.resolvedAt(t(20_010)));
    // Flights fires for itself, in an incident of its own until its cause is known.
    world.alerts(20_020, hourly.resolvedAt(t(20_020)));
    world.tick(20_200);
    world.alerts(10_000, alert("flights", t(10_000)).toBuilder().cause(null).build());
    world.alerts(10_010, Samples.caused(t(10_010), "connector:cdc", "dataset:weather"));
    world.alerts(10_020, Samples.caused(t(10_000), "connector:cdc", "dataset:flights"));
    assertThat(
            world.alerting.openIncidents().stream()
                .flatMap(one -> one.alerts().stream())
                .filter(Alert::firingNow)
                .map(Alert::dataset))
        .containsExactlyInAnyOrder("flights", "weather");
  }

  @Test
  void the_same_trouble_at_the_same_instant_of_the_clock_is_another_incident_and_is_kept() {
    long forgotten = IncidentSettings.DEFAULT.reopenWindow().toSeconds() + 1_000;
    world.alerts(0, alert("flights", t(0)));
    String first = world.only().id();
    world.alerts(10, alert("flights", t(0)).resolvedAt(t(10)));
    world.tick(200);
    world.tick(forgotten);
    world.alerts(0, alert("flights", t(0)));
    String second = world.only().id();
    assertThat(second).isNotEqualTo(first);
    assertThat(world.incidents.open()).extracting(Incident::id).containsExactly(second);
    assertThat(world.incidents.find(first).orElseThrow().open()).isFalse();

    world.alerts(10, alert("flights", t(0)).resolvedAt(t(10)));
    world.tick(200);
    world.tick(forgotten);
    world.restart(t(forgotten));
    world.tick(forgotten);
    world.alerts(0, alert("flights", t(0)));
    assertThat(world.only().id()).as("also after a restart").isNotIn(first, second);
  }
}
