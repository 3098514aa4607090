package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.caused;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IncidentLogicTest {
  private static final IncidentSettings SETTINGS =
      new IncidentSettings(Duration.ofMinutes(2), Duration.ofMinutes(30));
  private static final Routes ROUTES =
      Samples.routes(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4));

  private final World world = new World(SETTINGS, ROUTES);

  private static Alert flights(long seconds) {
    return caused(t(seconds), "connector:cdc", "dataset:flights");
  }

  private static Alert hourly(long seconds) {
    return caused(t(seconds), "connector:cdc", "dataset:flights", "dataset:hourly");
  }

  @Test
  void the_first_word_waits_for_group_wait() {
    world.alerts(0, flights(0));
    assertThat(world.only().state()).isEqualTo(IncidentState.PENDING);
    world.tick(29);
    assertThat(world.said()).isEmpty();
    world.tick(30);
    assertThat(world.said()).containsExactly("TRIGGERED console");
    assertThat(world.only().state()).isEqualTo(IncidentState.OPEN);
  }

  @Test
  void the_wait_for_others_began_when_the_alert_came_not_when_it_was_looked_at() {
    world.alerts(3, flights(0));
    world.tick(29);
    assertThat(world.said()).isEmpty();
    world.tick(30);
    assertThat(world.said()).containsExactly("TRIGGERED console");
  }

  @Test
  void what_is_told_long_after_it_came_waits_for_others_from_then_on() {
    world.alerts(6, flights(0));
    world.tick(35);
    assertThat(world.said()).isEmpty();
    world.tick(36);
    assertThat(world.said()).containsExactly("TRIGGERED console");
  }

  @Test
  void in_a_storm_the_first_are_on_their_way_when_the_store_fails_with_later_ones() {
    // Together 100 are saved, see Alerting; the store is full after 150.
    World stormy =
        new World(
            new InMemoryIncidentStore() {
              private int room = 150;

              @Override
              public synchronized void saveAll(List<Incident> incidents) {
                room -= incidents.size();
                if (room == -50) {
                  throw new IllegalStateException("full");
                }
                super.saveAll(incidents);
              }
            },
            new InMemoryOutbox(),
            SETTINGS,
            new Routes(
                new Route(
                    List.of(),
                    List.of("program"),
                    false,
                    new Route.Timing(Duration.ZERO, Duration.ofMinutes(5), Duration.ofHours(4)),
                    List.of()),
                Map.of(
                    "program",
                    new Receiver(
                        "program",
                        new Receiver.Console(),
                        true,
                        true,
                        Receiver.Templates.NONE,
                        null,
                        0))));
    List<Alert> storm = IntStream.range(0, 250).mapToObj(i -> alert("dataset" + i, t(0))).toList();
    assertThatThrownBy(() -> stormy.alerts(0, storm.toArray(Alert[]::new))).hasMessage("full");
    assertThat(stormy.said()).hasSize(100);
    // The next call goes on where it stopped.
    stormy.tick(1);
    assertThat(stormy.said()).hasSize(250);
    assertThat(stormy.outbox.all()).extracting(OutboxEntry::id).doesNotHaveDuplicates();
  }

  @Test
  void alerts_with_the_same_cause_are_one_incident_and_one_page() {
    world.alerts(0, hourly(0));
    world.alerts(10, flights(10));
    world.tick(30);
    world.tick(60);
    assertThat(world.said()).containsExactly("TRIGGERED console");
    assertThat(world.only().alerts()).hasSize(2);
    assertThat(world.only().causeKey()).isEqualTo("connector:cdc");
    assertThat(world.only().lead().dataset()).isEqualTo("flights");
  }

  @Test
  void an_alert_whose_cause_is_a_dataset_of_an_incident_joins_it() {
    world.alerts(0, flights(0));
    world.alerts(40, caused(t(40), "dataset:flights", "dataset:hourly"));
    assertThat(world.only().alerts()).hasSize(2);
    assertThat(world.only().causeKey()).isEqualTo("connector:cdc");
  }

  @Test
  void a_cause_further_upstream_takes_over_without_a_second_page() {
    world.alerts(0, alert("flights", t(0)));
    world.tick(30);
    String id = world.only().id();
    world.alerts(60, hourly(60));
    assertThat(world.only().id()).isEqualTo(id);
    assertThat(world.only().causeKey()).isEqualTo("connector:cdc");
    world.tick(329);
    assertThat(world.said()).containsExactly("TRIGGERED console");
    world.tick(330);
    assertThat(world.said()).containsExactly("TRIGGERED console", "UPDATED console");
  }

  @Test
  void two_incidents_become_one_when_the_common_cause_is_known() {
    world.alerts(0, alert("flights", t(0)));
    world.alerts(5, alert("weather", t(5)));
    world.tick(40);
    assertThat(world.alerting.openIncidents()).hasSize(2);
    Incident older = world.alerting.openIncidents().get(0);
    Incident younger = world.alerting.openIncidents().get(1);

    world.alerts(
        60,
        caused(t(0), "connector:cdc", "dataset:flights"),
        caused(t(5), "connector:cdc", "dataset:weather"));

    assertThat(world.only().id()).isEqualTo(older.id());
    assertThat(world.only().dedupKey()).isEqualTo(older.dedupKey());
    assertThat(world.only().alerts()).hasSize(2);
    assertThat(world.alerting.find(younger.id()).orElseThrow().mergedInto()).isEqualTo(older.id());
    assertThat(world.said())
        .containsExactly("TRIGGERED console", "TRIGGERED console", "RESOLVED console");
    assertThat(world.outbox.all().get(2).notification().dedupKey()).isEqualTo(younger.dedupKey());
  }

  @Test
  void a_receiver_that_knew_only_the_merged_incident_keeps_its_key() {
    Routes byDataset =
        new Routes(
            new Route(
                List.of(),
                List.of("a"),
                false,
                ROUTES.root().timing(),
                List.of(
                    new Route(
                        List.of(Matcher.equal("dataset", "weather")),
                        List.of("b"),
                        false,
                        ROUTES.root().timing(),
                        List.of()))),
            Map.of());
    World two = new World(SETTINGS, byDataset);
    two.alerts(0, alert("flights", t(0)));
    two.alerts(5, alert("weather", t(5)));
    two.tick(40);
    String merged = two.alerting.openIncidents().get(1).dedupKey();
    two.alerts(
        60,
        caused(t(0), "connector:cdc", "dataset:flights"),
        caused(t(5), "connector:cdc", "dataset:weather"));
    two.alerts(
        400,
        flights(0).resolvedAt(t(400)),
        caused(t(5), "connector:cdc", "dataset:weather").resolvedAt(t(400)));
    two.tick(520);
    assertThat(two.said())
        .startsWith("TRIGGERED a", "TRIGGERED b")
        .contains("RESOLVED a", "RESOLVED b");
    assertThat(two.said().stream().filter(said -> said.startsWith("TRIGGERED"))).hasSize(2);
    assertThat(two.outbox.all())
        .filteredOn(entry -> entry.notification().receiver().equals("b"))
        .allSatisfy(entry -> assertThat(entry.notification().dedupKey()).isEqualTo(merged));
  }

  @Test
  void an_incident_without_a_common_cause_stays_apart() {
    world.alerts(0, flights(0), caused(t(0), "connector:weather-api", "dataset:weather"));
    world.tick(30);
    assertThat(world.alerting.openIncidents()).hasSize(2);
    assertThat(world.said()).containsExactly("TRIGGERED console", "TRIGGERED console");
  }

  @Test
  void a_ticket_that_becomes_a_page_is_said_at_once_even_when_it_was_taken() {
    world.alerts(0, flights(0).toBuilder().severity(Severity.TICKET).build());
    world.tick(30);
    world.acknowledge(40, world.only().id());
    world.alerts(50, flights(0));
    assertThat(world.said())
        .containsExactly("TRIGGERED console", "ACKNOWLEDGED console", "ESCALATED console");
    assertThat(world.only().state()).isEqualTo(IncidentState.OPEN);
    assertThat(world.only().severity()).isEqualTo(Severity.PAGE);
  }

  @Test
  void resolves_after_the_hold_and_says_so_once() {
    world.alerts(0, flights(0), hourly(0));
    world.tick(30);
    world.alerts(100, flights(0).resolvedAt(t(100)));
    world.tick(400);
    assertThat(world.only().state()).isEqualTo(IncidentState.OPEN);
    world.alerts(500, hourly(0).resolvedAt(t(500)));
    world.tick(619);
    assertThat(world.alerting.openIncidents()).hasSize(1);
    world.tick(620);
    world.tick(700);
    assertThat(world.alerting.openIncidents()).isEmpty();
    assertThat(world.said()).containsExactly("TRIGGERED console", "RESOLVED console");
  }

  @Test
  void flapping_within_the_hold_says_nothing() {
    world.alerts(0, flights(0));
    world.tick(30);
    world.alerts(100, flights(0).resolvedAt(t(100)));
    world.alerts(200, flights(200));
    world.tick(300);
    assertThat(world.said()).containsExactly("TRIGGERED console");
    assertThat(world.only().recoveringSince()).isNull();
  }

  @Test
  void what_recovers_within_group_wait_is_told_to_nobody() {
    world.alerts(0, flights(0));
    world.alerts(20, flights(0).resolvedAt(t(20)));
    world.tick(30);
    world.tick(140);
    assertThat(world.said()).isEmpty();
    assertThat(world.alerting.recent(5).get(0).state()).isEqualTo(IncidentState.RESOLVED);
  }

  @Test
  void coming_back_reopens_the_same_incident_after_the_group_interval() {
    world.alerts(0, flights(0));
    world.tick(30);
    String id = world.only().id();
    world.alerts(100, flights(0).resolvedAt(t(100)));
    world.tick(220);
    world.alerts(300, flights(300));
    assertThat(world.only().id()).isEqualTo(id);
    world.tick(519);
    assertThat(world.said()).containsExactly("TRIGGERED console", "RESOLVED console");
    world.tick(520);
    assertThat(world.said())
        .containsExactly("TRIGGERED console", "RESOLVED console", "TRIGGERED console");
  }

  @Test
  void coming_back_after_the_reopen_window_is_a_new_incident() {
    world.alerts(0, flights(0));
    world.tick(30);
    String id = world.only().id();
    world.alerts(100, flights(0).resolvedAt(t(100)));
    world.tick(220);
    world.alerts(220 + 1801, flights(2021));
    assertThat(world.only().id()).isNotEqualTo(id);
  }

  @Test
  void nobody_taking_it_is_repeated_and_taking_it_ends_that() {
    world.alerts(0, flights(0));
    world.tick(30);
    world.tick(30 + 14_400);
    assertThat(world.said()).containsExactly("TRIGGERED console", "REPEATED console");
    world.acknowledge(15_000, world.only().id());
    world.tick(60_000);
    assertThat(world.said()).endsWith("ACKNOWLEDGED console").hasSize(3);
    assertThat(world.only().acknowledgedBy()).isEqualTo("anna");
  }

  @Test
  void what_a_person_ended_stays_quiet_until_it_fires_anew() {
    world.alerts(0, flights(0));
    world.tick(30);
    world.resolve(60, world.only().id());
    world.alerts(90, flights(0).toBuilder().burnRate("20×").build());
    world.tick(10_000);
    assertThat(world.alerting.openIncidents()).isEmpty();
    world.alerts(10_100, flights(0).resolvedAt(t(10_100)));
    world.alerts(10_200, flights(10_200));
    assertThat(world.alerting.openIncidents()).hasSize(1);
    assertThat(world.said()).containsExactly("TRIGGERED console", "RESOLVED console");
  }

  @Test
  void what_a_person_ended_does_not_come_back_with_another_symptom_of_the_same_cause() {
    world.alerts(0, flights(0));
    world.tick(30);
    String ended = world.only().id();
    world.resolve(60, ended);
    world.alerts(70, hourly(70));
    assertThat(world.only().id()).isNotEqualTo(ended);
    world.tick(100);
    world.alerts(110, hourly(70).resolvedAt(t(110)));
    world.tick(230);
    world.tick(10_000);
    assertThat(world.alerting.openIncidents()).isEmpty();
    assertThat(world.said())
        .containsExactly(
            "TRIGGERED console", "RESOLVED console", "TRIGGERED console", "RESOLVED console");
  }

  @Test
  void a_silenced_incident_is_kept_and_told_when_the_silence_ends() {
    world
        .alerting
        .silences()
        .put(
            new Silence(
                "s1",
                List.of(Matcher.parse("dataset=~\"fli.*\"")),
                "anna",
                "known trouble",
                t(-10),
                t(600)));
    world.alerts(0, flights(0));
    world.tick(599);
    assertThat(world.said()).isEmpty();
    assertThat(world.only().suppressedBy())
        .isEqualTo(new SuppressedBy.BySilence("s1", "anna", "known trouble"));
    world.tick(600);
    assertThat(world.said()).containsExactly("TRIGGERED console");
    assertThat(world.only().suppressedBy()).isNull();
  }

  @Test
  void planned_work_suppresses_too() {
    Alert planned =
        flights(0).toBuilder()
            .suppressedBy(new SuppressedBy.ByPlannedWork("b1", "DATA-7", "backfill"))
            .build();
    world.alerts(0, planned);
    world.tick(600);
    assertThat(world.said()).isEmpty();
    world.alerts(700, flights(0));
    assertThat(world.said()).containsExactly("TRIGGERED console");
  }

  @Test
  void the_same_alerts_in_any_order_give_the_same_incident() {
    Alert features =
        caused(t(0), "connector:cdc", "dataset:flights", "dataset:hourly", "dataset:features");
    World other = new World(SETTINGS, ROUTES);
    world.alerts(0, flights(0), hourly(0), features);
    other.alerts(0, features, hourly(0), flights(0));
    assertThat(other.only()).isEqualTo(world.only());
  }

  @Test
  void saying_the_same_again_changes_nothing() {
    world.alerts(0, flights(0));
    assertThat(world.alerting.onAlerts(List.of(flights(0)), t(1))).isEmpty();
    assertThat(world.alerting.tick(t(2))).isEmpty();
  }

  @Test
  void an_id_is_readable_and_the_document_survives_json() {
    world.alerts(0, flights(0), hourly(0));
    Incident incident = world.only();
    assertThat(incident.id()).matches("INC-20260301-[0-9A-HJKMNP-TV-Z]{5}");
    assertThat(AlertingJson.read(AlertingJson.write(incident), Incident.class)).isEqualTo(incident);
  }

  @Test
  void the_timeline_says_who_did_what() {
    world.alerts(0, flights(0));
    world.alerts(1, hourly(1));
    world.tick(30);
    world.acknowledge(40, world.only().id());
    assertThat(world.only().timeline())
        .extracting(TimelineEntry::what, TimelineEntry::actor)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("opened", "tidemark"),
            org.assertj.core.groups.Tuple.tuple("joined", "tidemark"),
            org.assertj.core.groups.Tuple.tuple("notified", "tidemark"),
            org.assertj.core.groups.Tuple.tuple("acknowledged", "anna"));
  }

  @Test
  void taking_it_before_group_wait_ends_calls_nobody_but_says_who_has_it() {
    world.alerts(0, flights(0));
    world.acknowledge(10, world.only().id());
    assertThat(world.said()).isEmpty();
    world.tick(30);
    world.tick(60_000);
    assertThat(world.said()).containsExactly("ACKNOWLEDGED console");
    assertThat(world.outbox.all().get(0).notification().note())
        .isEqualTo("taken by anna before anybody was called here");
    world.alerts(60_100, flights(0).resolvedAt(t(60_100)));
    world.tick(60_220);
    assertThat(world.said()).containsExactly("ACKNOWLEDGED console", "RESOLVED console");
  }

  @Test
  void a_ticket_taken_before_group_wait_that_becomes_a_page_calls() {
    world.alerts(0, flights(0).toBuilder().severity(Severity.TICKET).build());
    world.acknowledge(10, world.only().id());
    world.alerts(20, flights(0));
    assertThat(world.only().state()).isEqualTo(IncidentState.PENDING);
    world.tick(30);
    assertThat(world.said()).containsExactly("TRIGGERED console");
    assertThat(world.only().acknowledgedBy()).isNull();
  }

  @Test
  void every_step_of_a_life_is_in_the_timeline_with_who_and_why() {
    world.alerts(0, flights(0).toBuilder().severity(Severity.TICKET).build());
    world.tick(30);
    world.acknowledge(40, world.only().id());
    world.alerts(50, flights(0));
    world.alerts(100, flights(0).resolvedAt(t(100)));
    world.alerts(110, flights(110));
    world.alerts(120, flights(110).resolvedAt(t(120)));
    world.tick(240);
    world.alerts(300, flights(300));
    assertThat(world.only().timeline())
        .extracting(entry -> entry.what() + " by " + entry.actor() + ": " + entry.reason())
        .containsExactly(
            "opened by tidemark: Freshness of flights of flights (ticket)",
            "notified by tidemark: console (triggered: new)",
            "acknowledged by anna: on it",
            "severity by tidemark: now a page",
            "untaken by tidemark: it was taken as a ticket and is now a page",
            "notified by tidemark: console (escalated: it was a ticket and is now a page)",
            "recovered by tidemark: Freshness of flights of flights (page) recovered",
            "recovering by tidemark: nothing fires now",
            "refired by tidemark: Freshness of flights of flights (page)",
            "recovered by tidemark: Freshness of flights of flights (page) recovered",
            "recovering by tidemark: nothing fires now",
            "resolved by tidemark: nothing fires any more",
            "reopened by tidemark: Freshness of flights of flights (page)");
  }
}
