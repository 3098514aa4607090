package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.escalation.Escalation;
import dev.tidemark.alerting.route.Quiet;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.TimeInterval;
import dev.tidemark.alerting.schedule.Layer;
import dev.tidemark.alerting.schedule.OnCallCalendar;
import dev.tidemark.alerting.schedule.Schedule;
import dev.tidemark.alerting.schedule.StandIn;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EscalatedIncidentTest {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final Route.Timing TIMING =
      new Route.Timing(WAIT, Duration.ofMinutes(5), Duration.ofHours(4));
  private static final Escalation ON_CALL =
      new Escalation(
          "on-call",
          List.of(
              new Escalation.Step(Duration.ZERO, List.of("schedule:primary")),
              new Escalation.Step(Duration.ofMinutes(15), List.of("second", "schedule:primary")),
              new Escalation.Step(Duration.ofMinutes(30), List.of("third"))),
          Duration.ofMinutes(15),
          0,
          "boss");

  /** Anna and Bo take turns each hour from noon, the time of T0. */
  private static Schedule primary(StandIn... standIns) {
    LocalDateTime noon = LocalDateTime.parse("2026-03-01T12:00");
    return new Schedule(
        "primary",
        ZoneId.of("UTC"),
        List.of(
            new Layer("hours", List.of("anna", "bo"), noon, noon, Duration.ofHours(1), List.of())),
        Arrays.asList(standIns),
        OnCallCalendar.NONE);
  }

  /** Anna, then second and Anna, then third, then the boss, 15 minutes each. */
  static Routes escalated() {
    return routes(primary(), ON_CALL, "escalation:on-call");
  }

  static Routes routes(Schedule schedule, Escalation escalation, String... told) {
    Map<String, Receiver> receivers = new LinkedHashMap<>();
    for (String name : List.of("console", "anna", "bo", "second", "third", "boss", "team")) {
      receivers.put(name, new Receiver(name, new Receiver.Console(), true));
    }
    return new Routes(
        new Route(List.of(), Arrays.asList(told), false, TIMING, List.of()),
        receivers,
        Map.of("primary", schedule),
        Map.of("on-call", escalation),
        List.of());
  }

  private final World world = new World(IncidentSettings.DEFAULT, escalated());

  private static List<String> notes(World world) {
    return world.outbox.all().stream()
        .map(OutboxEntry::notification)
        .map(one -> one.receiver() + ": " + one.note())
        .toList();
  }

  private static void everyMinute(World world, int from, int to) {
    for (int minute = from; minute <= to; minute++) {
      world.tick(30 + 60L * minute);
    }
  }

  @Test
  void an_incident_that_nobody_takes_goes_from_step_to_step_to_the_last_resort() {
    world.alerts(0, alert("flights", t(0)));
    world.tick(29);
    assertThat(world.said()).isEmpty();
    everyMinute(world, 0, 59);
    assertThat(world.said())
        .containsExactly(
            "TRIGGERED anna",
            "TRIGGERED second",
            "REPEATED anna",
            "TRIGGERED third",
            "TRIGGERED boss");
    assertThat(notes(world))
        .containsExactly(
            "anna: new, step 1 of 3",
            "second: not acknowledged for 15 min, step 2 of 3",
            "anna: not acknowledged for 15 min, step 2 of 3",
            "third: not acknowledged for 30 min, step 3 of 3",
            "boss: not acknowledged for 45 min, last resort");
    assertThat(world.only().timeline().stream().map(TimelineEntry::what))
        .containsOnlyOnce("opened")
        .contains("escalated");
    everyMinute(world, 60, 300);
    assertThat(world.said()).hasSize(5);
  }

  @Test
  void whoever_takes_it_stops_it_and_everybody_called_hears_that_and_the_end() {
    world.alerts(0, alert("flights", t(0)));
    everyMinute(world, 0, 16);
    world.acknowledge(1000, world.only().id());
    everyMinute(world, 17, 200);
    world.alerts(13_000, alert("flights", t(0)).resolvedAt(t(13_000)));
    world.tick(13_200);
    assertThat(world.said())
        .containsExactly(
            "TRIGGERED anna",
            "TRIGGERED second",
            "REPEATED anna",
            "ACKNOWLEDGED second",
            "ACKNOWLEDGED anna",
            "RESOLVED second",
            "RESOLVED anna");
  }

  @Test
  void what_comes_back_starts_anew() {
    world.alerts(0, alert("flights", t(0)));
    everyMinute(world, 0, 16);
    world.acknowledge(1000, world.only().id());
    world.alerts(1010, alert("flights", t(0)).resolvedAt(t(1010)));
    world.tick(1200);
    world.alerts(1300, alert("flights", t(1300)));
    world.tick(1330);
    // The end was told at 1200: the next word waits until 1500.
    assertThat(world.saidAfter(7)).isEmpty();
    world.tick(1500);
    world.tick(1500 + 15 * 60 - 1);
    assertThat(notes(world).subList(7, 8)).containsExactly("anna: it came back, step 1 of 3");
    assertThat(world.said()).hasSize(8);
    world.tick(1500 + 15 * 60);
    assertThat(notes(world).subList(8, 10))
        .containsExactly(
            "second: not acknowledged for 15 min, step 2 of 3",
            "anna: not acknowledged for 15 min, step 2 of 3");
  }

  @Test
  void how_far_it_has_come_survives_a_restart() {
    world.alerts(0, alert("flights", t(0)));
    world.tick(30);
    for (int minute = 1; minute <= 59; minute++) {
      world.restart(t(30 + 60L * minute));
      world.tick(30 + 60L * minute);
    }
    assertThat(world.said())
        .containsExactly(
            "TRIGGERED anna",
            "TRIGGERED second",
            "REPEATED anna",
            "TRIGGERED third",
            "TRIGGERED boss");
  }

  @Test
  void a_ticket_that_becomes_a_page_is_escalated_anew_even_when_it_was_taken() {
    world.alerts(0, alert("flights", t(0)).toBuilder().severity(Severity.TICKET).build());
    everyMinute(world, 0, 15);
    world.acknowledge(1000, world.only().id());
    world.alerts(1030, alert("flights", t(0)));
    assertThat(world.saidAfter(5)).containsExactly("ESCALATED second", "ESCALATED anna");
    world.tick(1030 + 15 * 60);
    assertThat(world.saidAfter(7)).containsExactly("REPEATED second", "REPEATED anna");
    assertThat(world.only().state()).isEqualTo(IncidentState.OPEN);
  }

  @Test
  void where_nobody_is_on_call_the_last_resort_is_told_at_once() {
    Schedule later =
        new Schedule(
            "primary",
            ZoneId.of("UTC"),
            List.of(),
            List.of(new StandIn(t(9000), t(9999), "anna")),
            OnCallCalendar.NONE);
    World empty = new World(IncidentSettings.DEFAULT, routes(later, ON_CALL, "escalation:on-call"));
    empty.alerts(0, alert("flights", t(0)));
    empty.tick(30);
    assertThat(notes(empty)).containsExactly("boss: new, step 1 of 3, nobody is on call for it");
  }

  @Test
  void next_to_an_escalation_a_route_tells_receivers_and_nobody_hears_the_same_twice() {
    World both =
        new World(
            IncidentSettings.DEFAULT,
            routes(primary(), ON_CALL, "team", "anna", "escalation:on-call"));
    both.alerts(0, alert("flights", t(0)));
    everyMinute(both, 0, 15);
    assertThat(both.said())
        .containsExactly("TRIGGERED team", "TRIGGERED anna", "TRIGGERED second", "REPEATED anna");
  }

  @Test
  void a_route_to_a_schedule_tells_who_is_on_call_and_whoever_comes_on_call() {
    World onCall =
        new World(IncidentSettings.DEFAULT, routes(primary(), ON_CALL, "schedule:primary"));
    onCall.alerts(0, alert("flights", t(0)));
    everyMinute(onCall, 0, 59);
    assertThat(onCall.said()).containsExactly("TRIGGERED anna");
    onCall.tick(3600);
    assertThat(onCall.said()).containsExactly("TRIGGERED anna", "TRIGGERED bo");
    // At 17:00 it is Bo's turn again; whoever is off duty hears only the end.
    onCall.tick(3600 + 4 * 3600);
    onCall.alerts(20_000, alert("flights", t(0)).resolvedAt(t(20_000)));
    onCall.tick(20_200);
    assertThat(onCall.said().subList(2, onCall.said().size()))
        .containsExactlyInAnyOrder("REPEATED bo", "RESOLVED anna", "RESOLVED bo");
  }

  @Test
  void who_comes_on_call_is_not_told_what_somebody_has_taken() {
    World onCall =
        new World(IncidentSettings.DEFAULT, routes(primary(), ON_CALL, "schedule:primary"));
    onCall.alerts(0, alert("flights", t(0)));
    onCall.tick(30);
    onCall.acknowledge(40, onCall.only().id());
    onCall.tick(3600);
    assertThat(onCall.said()).containsExactly("TRIGGERED anna", "ACKNOWLEDGED anna");
  }

  @Test
  void a_schedule_without_anybody_falls_to_the_receivers_of_the_root() {
    Schedule nobody =
        new Schedule("primary", ZoneId.of("UTC"), List.of(), List.of(), OnCallCalendar.NONE);
    World empty =
        new World(IncidentSettings.DEFAULT, routes(nobody, ON_CALL, "schedule:primary", "team"));
    empty.alerts(0, alert("flights", t(0)));
    empty.tick(30);
    assertThat(empty.said()).containsExactly("TRIGGERED team");
  }

  @Test
  void a_silence_in_between_moves_the_rest_on() {
    world.alerts(0, alert("flights", t(0)));
    everyMinute(world, 0, 10);
    world.silence("flights", 700, 7000);
    everyMinute(world, 11, 115);
    assertThat(world.said()).containsExactly("TRIGGERED anna");
    world.tick(7000);
    // 13:56: Bo has been on call since 13:00, and step 3 has its 15 minutes again.
    assertThat(world.saidAfter(1)).containsExactly("TRIGGERED second", "TRIGGERED bo");
    world.tick(7000 + 15 * 60 - 1);
    assertThat(world.said()).hasSize(3);
    world.tick(7000 + 15 * 60);
    assertThat(world.said()).hasSize(4).endsWith("TRIGGERED third");
  }

  @Test
  void a_merger_goes_on_with_what_was_called_and_calls_nobody_again() {
    world.alerts(0, alert("flights", t(0)));
    everyMinute(world, 0, 4);
    world.alerts(300, alert("weather", t(300)));
    everyMinute(world, 5, 15);
    int before = world.said().size();
    world.alerts(
        1000,
        Samples.caused(t(0), "connector:cdc", "dataset:flights"),
        Samples.caused(t(300), "connector:cdc", "dataset:weather"));
    world.tick(30 + 30 * 60 - 1);
    assertThat(world.saidAfter(before))
        .containsExactly("RESOLVED anna", "UPDATED second", "UPDATED anna");
    world.tick(30 + 30 * 60);
    assertThat(world.said()).endsWith("TRIGGERED third").hasSize(before + 4);
    assertThat(world.only().escalations())
        .singleElement()
        .satisfies(progress -> assertThat(progress.done()).isEqualTo(3));
  }

  @Test
  void while_its_route_is_muted_an_escalation_waits() {
    // From 12:10 to 12:40 UTC; the tests begin at 12:00.
    TimeInterval break30 =
        new TimeInterval(
            "break",
            List.of(
                new TimeInterval.Span(
                    List.of(new TimeInterval.Range(12 * 60 + 10, 12 * 60 + 39)),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    ZoneId.of("UTC"))));
    Routes all = escalated();
    Route muted =
        new Route(
            List.of(),
            List.of("escalation:on-call"),
            false,
            TIMING,
            new Quiet(List.of(break30), List.of()),
            List.of());
    World quiet =
        new World(
            IncidentSettings.DEFAULT,
            new Routes(muted, all.receivers(), all.schedules(), all.escalations(), List.of()));
    quiet.alerts(0, alert("flights", t(0)));
    everyMinute(quiet, 0, 38);
    assertThat(quiet.said()).containsExactly("TRIGGERED anna");
    everyMinute(quiet, 39, 40);
    assertThat(notes(quiet))
        .containsExactly(
            "anna: new, step 1 of 3",
            "second: not acknowledged for 40 min, step 2 of 3",
            "anna: not acknowledged for 40 min, step 2 of 3");
  }

  @Test
  void documents_of_older_versions_are_read() {
    world.alerts(0, alert("flights", t(0)));
    world.tick(30);
    Incident incident = world.only();
    String json = AlertingJson.write(incident);
    assertThat(AlertingJson.read(json, Incident.class)).isEqualTo(incident);
    assertThat(incident.escalations()).hasSize(1);
    String old =
        json.replaceFirst(",\"escalations\":\\[[^]]*]", "")
            .replace(",\"via\":\"escalation:on-call\"", "");
    assertThat(old).doesNotContain("escalation");
    Incident read = AlertingJson.read(old, Incident.class);
    assertThat(read.escalations()).isEmpty();
    assertThat(read.told().get(0).via()).isNull();
  }
}
