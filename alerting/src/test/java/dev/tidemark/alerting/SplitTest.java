package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.caused;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Alerts that leave an incident: because lineage shows another cause, or by hand. */
class SplitTest {
  private static final IncidentSettings SETTINGS =
      new IncidentSettings(Duration.ofMinutes(2), Duration.ofMinutes(30));

  private final World world =
      new World(
          SETTINGS,
          Samples.routes(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4)));

  private static Alert certain(String... path) {
    Alert alert = caused(t(0), path);
    Cause cause = Objects.requireNonNull(alert.cause());
    return alert.toBuilder()
        .cause(new Cause(cause.type(), cause.name(), true, cause.evidence(), cause.path()))
        .build();
  }

  private static Alert at(long seconds, Alert alert) {
    return alert.toBuilder().updatedAt(t(seconds)).build();
  }

  private static List<String> timeline(Incident incident, String what) {
    return incident.timeline().stream()
        .filter(entry -> entry.what().equals(what))
        .map(entry -> entry.actor() + ": " + entry.reason())
        .toList();
  }

  private void together() {
    world.alerts(
        0,
        caused(t(0), "connector:cdc", "dataset:flights"),
        caused(t(0), "connector:cdc", "dataset:weather"));
    world.tick(30);
  }

  @Test
  void an_alert_whose_certain_cause_is_another_one_becomes_an_incident_of_its_own() {
    together();
    Incident first = world.only();
    world.acknowledge(40, first.id());
    world.alerts(400, at(400, certain("connector:api", "dataset:weather")));

    assertThat(world.alerting.openIncidents()).hasSize(2);
    Incident old = world.alerting.openIncidents().get(0);
    Incident split = world.alerting.openIncidents().get(1);
    assertThat(old.id()).isEqualTo(first.id());
    assertThat(old.alerts()).extracting(Alert::dataset).containsExactly("flights");
    assertThat(old.causeKey()).isEqualTo("connector:cdc");
    assertThat(split.alerts()).extracting(Alert::dataset).containsExactly("weather");
    assertThat(split.causeKey()).isEqualTo("connector:api");
    assertThat(split.state()).isEqualTo(IncidentState.PENDING);
    assertThat(timeline(old, "split"))
        .containsExactly(
            "tidemark: Freshness of weather of weather (page) goes on in "
                + split.id()
                + ": its cause is connector:api");
    assertThat(timeline(split, "split"))
        .containsExactly(
            "tidemark: Freshness of weather of weather (page) was in "
                + old.id()
                + ": its cause is connector:api");
    world.tick(430);
    // Who took the old one has not taken the new one.
    assertThat(world.said())
        .containsExactly(
            "TRIGGERED console", "ACKNOWLEDGED console", "UPDATED console", "TRIGGERED console");
    assertThat(world.outbox.all().get(3).notification().dedupKey()).isEqualTo(split.dedupKey());
  }

  @Test
  void it_joins_the_incident_of_its_cause_when_there_is_one() {
    together();
    world.alerts(50, at(50, certain("connector:api", "dataset:prices")));
    world.alerts(60, at(60, certain("connector:api", "dataset:weather")));
    assertThat(world.alerting.openIncidents()).hasSize(2);
    assertThat(world.alerting.openIncidents().get(1).alerts())
        .extracting(Alert::dataset)
        .containsExactly("prices", "weather");
  }

  @Test
  void a_guess_or_the_loss_of_the_cause_splits_nothing() {
    together();
    world.alerts(50, at(50, caused(t(0), "connector:api", "dataset:weather")));
    world.alerts(60, at(60, certain("dataset:weather")));
    world.alerts(70, at(70, alert("weather", t(0))));
    assertThat(world.only().alerts()).hasSize(2);
  }

  @Test
  void when_all_of_it_has_another_cause_the_incident_moves_as_one() {
    together();
    world.alerts(
        50,
        at(50, certain("connector:api", "dataset:flights")),
        at(50, certain("connector:api", "dataset:weather")));
    assertThat(world.only().causeKey()).isEqualTo("connector:api");
    assertThat(timeline(world.only(), "split")).isEmpty();
    assertThat(world.alerting.recent(10)).hasSize(1);
  }

  @Test
  void what_blames_the_alert_that_moves_goes_with_it() {
    world.alerts(
        0,
        caused(t(0), "connector:cdc", "dataset:flights"),
        caused(t(0), "dataset:flights", "dataset:hourly"));
    world.alerts(50, at(50, certain("connector:api", "dataset:flights")));
    assertThat(world.only().causeKey()).isEqualTo("connector:api");
  }

  private Optional<Incident> byHand(long seconds, String id, Set<String> alerts, String into) {
    return world.alerting.splitOff(
        id, alerts, into.isEmpty() ? null : into, "anna", "the API is down too", t(seconds));
  }

  @Test
  void what_a_person_moves_out_is_told_of_anew_and_stays_apart() {
    together();
    String first = world.only().id();
    Incident split = byHand(50, first, Set.of("weather-freshness", "unknown"), "").orElseThrow();
    assertThat(timeline(split, "split"))
        .containsExactly(
            "anna: Freshness of weather of weather (page) was in "
                + first
                + ": the API is down too");
    assertThat(timeline(world.alerting.find(first).orElseThrow(), "split"))
        .singleElement()
        .asString()
        .startsWith("anna: ")
        .contains("goes on in " + split.id());
    world.tick(80);
    assertThat(world.said()).containsExactly("TRIGGERED console", "TRIGGERED console");

    // Lineage goes on saying that the cause is the same.
    world.alerts(90, at(90, caused(t(0), "connector:cdc", "dataset:weather")));
    world.restart(t(95));
    world.alerts(100, at(100, caused(t(100), "connector:cdc", "dataset:prices")));
    assertThat(world.alerting.openIncidents())
        .extracting(incident -> incident.alerts().stream().map(Alert::dataset).toList())
        .containsExactly(List.of("flights", "prices"), List.of("weather"));
    Incident kept = world.alerting.find(split.id()).orElseThrow();
    String json = AlertingJson.write(kept);
    assertThat(json).contains("\"apart\":[\"" + first + "\"]");
    String old = json.replaceFirst(",\"apart\":\\[[^]]*]", "");
    assertThat(AlertingJson.read(old, Incident.class).apart()).isEmpty();
  }

  @Test
  void a_person_moves_one_alert_into_another_incident_and_all_of_them_as_a_merger() {
    together();
    world.alerts(40, caused(t(40), "connector:api", "dataset:prices"));
    String first = world.alerting.openIncidents().get(0).id();
    String other = world.alerting.openIncidents().get(1).id();
    assertThat(byHand(50, first, Set.of("flights-freshness", "weather-freshness"), ""))
        .as("nothing would remain")
        .isEmpty();
    assertThat(byHand(50, first, Set.of("flights-freshness"), "INC-NONE")).isEmpty();
    Incident joined = byHand(60, first, Set.of("weather-freshness"), other).orElseThrow();
    assertThat(joined.id()).isEqualTo(other);
    assertThat(joined.alerts()).extracting(Alert::dataset).containsExactly("prices", "weather");
    Incident merged = byHand(70, first, Set.of("flights-freshness"), other).orElseThrow();
    assertThat(merged.alerts()).hasSize(3);
    assertThat(world.only().id()).isEqualTo(other);
    assertThat(timeline(merged, "merged"))
        .containsExactly("anna: " + first + " goes on here: the API is down too");
  }

  @Test
  void a_person_merges_two_incidents_and_whoever_was_told_of_one_hears_of_no_second_one() {
    world.alerts(0, alert("flights", t(0)));
    world.tick(30);
    world.alerts(40, alert("prices", t(40)));
    String first = world.alerting.openIncidents().get(0).id();
    String second = world.alerting.openIncidents().get(1).id();
    assertThat(world.alerting.merge(first, first, "anna", "?", t(45))).isEmpty();
    assertThat(world.alerting.merge(first, "INC-NONE", "anna", "?", t(45))).isEmpty();
    assertThat(world.alerting.merge("INC-NONE", first, "anna", "?", t(45))).isEmpty();
    // The page is known under the key of the one that goes: it goes on under that key.
    Incident merged =
        world.alerting.merge(first, second, "anna", "one disk holds both", t(50)).orElseThrow();
    assertThat(merged.id()).isEqualTo(second);
    assertThat(merged.alerts()).extracting(Alert::dataset).containsExactly("prices", "flights");
    assertThat(timeline(merged, "merged"))
        .containsExactly("anna: " + first + " goes on here: one disk holds both");
    Incident gone = world.alerting.find(first).orElseThrow();
    assertThat(gone.mergedInto()).isEqualTo(second);
    assertThat(timeline(gone, "merged"))
        .containsExactly("anna: goes on as " + second + ": one disk holds both");
    world.tick(100);
    assertThat(world.said()).containsExactly("TRIGGERED console");
    world.alerts(110, alert("prices", t(40)).resolvedAt(t(110)));
    world.alerts(110, alert("flights", t(0)).resolvedAt(t(110)));
    world.tick(230);
    assertThat(world.said()).containsExactly("TRIGGERED console", "RESOLVED console");
    assertThat(world.outbox.all().get(1).notification().dedupKey()).isEqualTo(gone.dedupKey());
  }

  private List<String> firing() {
    return world.alerting.openIncidents().stream()
        .map(
            one ->
                one.causeKey()
                    + one.alerts().stream().filter(Alert::firingNow).map(Alert::dataset).toList())
        .toList();
  }

  @Test
  void what_a_person_moves_to_where_it_had_recovered_fires_there() {
    together();
    world.alerts(
        60,
        caused(t(0), "connector:cdc", "dataset:flights").resolvedAt(t(60)),
        caused(t(0), "connector:cdc", "dataset:weather").resolvedAt(t(60)));
    world.tick(180);
    world.alerts(300, caused(t(300), "connector:api", "dataset:prices"));
    world.alerts(310, caused(t(310), "connector:api", "dataset:weather"));
    world.alerts(320, caused(t(320), "connector:cdc", "dataset:flights"));
    assertThat(firing())
        .containsExactly("connector:cdc[flights]", "connector:api[prices, weather]");
    List<Incident> open = world.alerting.openIncidents();
    Incident joined =
        byHand(330, open.get(1).id(), Set.of("weather-freshness"), open.get(0).id()).orElseThrow();
    assertThat(joined.id()).isEqualTo(open.get(0).id());
    assertThat(firing())
        .containsExactlyInAnyOrder("connector:cdc[flights, weather]", "connector:api[prices]");
  }

  @Test
  void an_alert_that_a_person_moved_out_fires_once_when_its_way_leads_through_both() {
    world.alerts(0, alert("flights", t(0)));
    world.alerts(
        10, caused(t(10), "dataset:hourly"), caused(t(10), "dataset:hourly", "dataset:features"));
    Incident hourly = world.alerting.openIncidents().get(1);
    Incident split = byHand(20, hourly.id(), Set.of("hourly-freshness"), "").orElseThrow();
    // It is said to come from what broke first, which is also upstream of what it was parted from.
    world.alerts(100, at(100, caused(t(10), "connector:cdc", "dataset:flights", "dataset:hourly")));
    assertThat(firing())
        .containsExactly("connector:cdc[flights, hourly]", "dataset:hourly[features]");
    assertThat(world.alerting.find(split.id()).orElseThrow().mergedInto())
        .isEqualTo(world.alerting.openIncidents().get(0).id());
  }

  @Test
  void what_was_parted_by_hand_is_put_together_by_hand_and_stays_so() {
    together();
    String first = world.only().id();
    String split = byHand(50, first, Set.of("weather-freshness"), "").orElseThrow().id();
    Incident merged =
        world.alerting.merge(split, first, "bo", "it was the same", t(60)).orElseThrow();
    assertThat(merged.apart()).isEmpty();
    world.restart(t(65));
    world.alerts(70, at(70, caused(t(0), "connector:cdc", "dataset:weather")));
    assertThat(world.only().alerts()).hasSize(2);
  }

  @Test
  void a_split_that_was_saved_by_half_is_finished_without_new_alerts() {
    for (boolean byHand : new boolean[] {false, true}) {
      String[] giving = {""};
      World half =
          new World(
              new InMemoryIncidentStore() {
                @Override
                public synchronized void save(Incident incident) {
                  if (incident.id().equals(giving[0])) {
                    giving[0] = "";
                    throw new IllegalStateException("killed between the halves");
                  }
                  super.save(incident);
                }
              },
              new InMemoryOutbox(),
              SETTINGS,
              Samples.routes(Duration.ZERO, Duration.ofMinutes(2), Duration.ofHours(1)));
      half.alerts(
          0,
          caused(t(0), "connector:cdc", "dataset:flights"),
          caused(t(0), "connector:cdc", "dataset:weather"));
      String id = half.only().id();
      giving[0] = id;
      Throwable killed =
          catchThrowable(
              () -> {
                if (byHand) {
                  Optional<Incident> unused =
                      half.alerting.splitOff(
                          id, Set.of("weather-freshness"), null, "anna", "no", t(60));
                } else {
                  half.alerts(60, at(60, certain("connector:api", "dataset:weather")));
                }
              });
      assertThat(killed).hasMessage("killed between the halves");
      half.restart(t(70));
      half.tick(71);
      assertThat(half.alerting.openIncidents())
          .extracting(incident -> incident.alerts().stream().map(Alert::dataset).toList())
          .containsExactly(List.of("flights"), List.of("weather"));
      assertThat(half.said()).containsExactly("TRIGGERED console", "TRIGGERED console");
    }
  }
}
