package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.alerting.route.Quiet;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.TimeInterval;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Somebody has an incident, and it becomes more than that, or somebody else's. */
class TakenIncidentTest {
  private static final Route.Timing TIMING =
      new Route.Timing(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4));

  /** From 12:05 to 12:10 UTC; the tests begin at 12:00. */
  private static final TimeInterval BREAK = Samples.everyDay("break", 12 * 60 + 5, 12 * 60 + 9);

  private static Route route(String label, String value, Quiet quiet, String... told) {
    return new Route(
        List.of(Matcher.equal(label, value)), List.of(told), false, TIMING, quiet, List.of());
  }

  private static Routes routes(Route... children) {
    Routes all = EscalatedIncidentTest.escalated();
    return new Routes(
        new Route(List.of(), List.of("console"), false, TIMING, List.of(children)),
        all.receivers(),
        all.schedules(),
        all.escalations(),
        List.of());
  }

  /** Tickets to the team, pages to whom it says. */
  private static World bySeverity(String... pages) {
    return new World(
        IncidentSettings.DEFAULT,
        routes(
            route("severity", "ticket", Quiet.NEVER, "team"),
            route("severity", "page", Quiet.NEVER, pages)));
  }

  private static Alert ticket() {
    return alert("flights", t(0)).toBuilder().severity(Severity.TICKET).build();
  }

  /** It is told at 30 and taken by anna at 60. */
  private static void taken(World world, Alert alert) {
    world.alerts(0, alert);
    world.tick(30);
    world.acknowledge(60, world.only().id());
  }

  /** A ticket that the team was told of and has taken becomes a page at 100. */
  private static List<String> saidOfTheRise(World world) {
    taken(world, ticket());
    assertThat(world.said()).containsExactly("TRIGGERED team", "ACKNOWLEDGED team");
    world.alerts(100, alert("flights", t(0)));
    assertThat(world.only().state()).isEqualTo(IncidentState.OPEN);
    assertThat(world.only().acknowledgedBy()).isNull();
    return world.saidAfter(2);
  }

  @Test
  void whoever_took_the_ticket_has_not_taken_the_page_of_another_receiver() {
    World world = bySeverity("boss");
    assertThat(saidOfTheRise(world)).containsExactly("TRIGGERED boss", "ESCALATED team");
    world.tick(200);
    assertThat(world.said()).hasSize(4);
    world.acknowledge(300, world.only().id());
    world.tick(6 * 3600);
    assertThat(world.saidAfter(4))
        .containsExactlyInAnyOrder("ACKNOWLEDGED boss", "ACKNOWLEDGED team");
  }

  @Test
  void the_order_of_targets_decides_nothing() {
    assertThat(saidOfTheRise(bySeverity("boss", "team")))
        .containsExactly("TRIGGERED boss", "ESCALATED team");
    assertThat(saidOfTheRise(bySeverity("team", "boss")))
        .containsExactly("ESCALATED team", "TRIGGERED boss");
  }

  @Test
  void who_is_on_call_for_pages_is_told_of_a_ticket_that_becomes_one() {
    assertThat(saidOfTheRise(bySeverity("schedule:primary")))
        .containsExactly("TRIGGERED anna", "ESCALATED team");
    assertThat(saidOfTheRise(bySeverity("team", "schedule:primary")))
        .containsExactly("ESCALATED team", "TRIGGERED anna");
    assertThat(saidOfTheRise(bySeverity("schedule:primary", "team")))
        .containsExactly("TRIGGERED anna", "ESCALATED team");
  }

  @Test
  void a_ticket_that_becomes_a_page_is_escalated_from_the_first_step_on() {
    World world = bySeverity("escalation:on-call");
    assertThat(saidOfTheRise(world)).containsExactlyInAnyOrder("TRIGGERED anna", "ESCALATED team");
    world.tick(100 + 15 * 60 - 1);
    assertThat(world.said()).hasSize(4);
    world.tick(100 + 15 * 60);
    assertThat(world.said().subList(4, 6)).containsExactly("TRIGGERED second", "REPEATED anna");
    assertThat(saidOfTheRise(bySeverity("escalation:on-call", "team")))
        .containsExactlyInAnyOrder("TRIGGERED anna", "ESCALATED team");
    assertThat(saidOfTheRise(bySeverity("team", "escalation:on-call")))
        .containsExactlyInAnyOrder("TRIGGERED anna", "ESCALATED team");
  }

  @Test
  void what_nobody_has_taken_is_said_to_the_pagers_and_to_the_team_alike() {
    World world = bySeverity("boss");
    world.alerts(0, ticket());
    world.tick(30);
    world.alerts(100, alert("flights", t(0)));
    assertThat(world.said()).containsExactly("TRIGGERED team", "TRIGGERED boss", "ESCALATED team");
  }

  @Test
  void what_becomes_a_page_while_it_is_silenced_is_said_when_the_silence_ends() {
    World world = bySeverity("boss");
    taken(world, ticket());
    world.silence("flights", 70, 700);
    world.alerts(100, alert("flights", t(0)));
    world.tick(699);
    assertThat(world.said()).hasSize(2);
    world.tick(700);
    assertThat(world.said().subList(2, 4)).containsExactly("TRIGGERED boss", "ESCALATED team");
  }

  @Test
  void what_becomes_a_page_while_its_route_is_muted_is_said_when_that_ends() {
    World world =
        new World(
            IncidentSettings.DEFAULT,
            routes(
                route("severity", "ticket", Quiet.NEVER, "team"),
                route("severity", "page", new Quiet(List.of(BREAK), List.of()), "boss")));
    taken(world, ticket());
    world.alerts(360, alert("flights", t(0)));
    assertThat(world.said())
        .containsExactly("TRIGGERED team", "ACKNOWLEDGED team", "ESCALATED team");
    world.tick(600);
    assertThat(world.said()).hasSize(4).endsWith("TRIGGERED boss");
  }

  @Test
  void who_was_quiet_when_it_rose_does_not_untie_whoever_took_the_page_meanwhile() {
    World world =
        new World(
            IncidentSettings.DEFAULT,
            routes(
                route("severity", "ticket", Quiet.NEVER, "team"),
                new Route(
                    List.of(Matcher.equal("severity", "page")),
                    List.of("team"),
                    true,
                    TIMING,
                    new Quiet(List.of(BREAK), List.of()),
                    List.of()),
                route("severity", "page", Quiet.NEVER, "boss")));
    world.alerts(0, ticket());
    world.tick(30);
    world.alerts(360, alert("flights", t(0)));
    assertThat(world.said()).containsExactly("TRIGGERED team", "TRIGGERED boss");
    world.acknowledge(400, world.only().id());
    world.tick(600);
    assertThat(world.saidAfter(2)).containsExactly("ACKNOWLEDGED team", "ACKNOWLEDGED boss");
    assertThat(world.only().state()).isEqualTo(IncidentState.ACKNOWLEDGED);
  }

  private static World byCause() {
    return new World(
        IncidentSettings.DEFAULT,
        routes(
            route("cause_type", "connector", Quiet.NEVER, "boss"),
            route("domain", "travel", Quiet.NEVER, "team"),
            route("domain", "weather", Quiet.NEVER, "second")));
  }

  private static Alert caused() {
    return Samples.caused(t(0), "connector:cdc", "dataset:flights");
  }

  @Test
  void whoever_took_it_for_theirs_has_not_taken_what_turns_out_to_be_somebody_elses() {
    World world = byCause();
    taken(world, alert("flights", t(0)));
    world.alerts(100, caused());
    assertThat(world.saidAfter(2)).containsExactly("TRIGGERED boss");
    assertThat(world.only().state()).isEqualTo(IncidentState.OPEN);
    assertThat(world.only().timeline())
        .filteredOn(entry -> entry.what().equals("untaken"))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.reason())
                    .isEqualTo(
                        "anna took it as that of dataset:flights; it is that of connector:cdc,"
                            + " which boss is told of"));
    world.acknowledge(500, world.only().id());
    // Back and forth: everybody concerned knows it, and somebody has it.
    world.alerts(600, alert("flights", t(0)));
    world.alerts(1000, caused());
    world.tick(20_000);
    assertThat(world.only().state()).isEqualTo(IncidentState.ACKNOWLEDGED);
    assertThat(world.said())
        .filteredOn(said -> said.startsWith("TRIGGERED") || said.startsWith("REPEATED"))
        .containsExactly("TRIGGERED team", "TRIGGERED boss");
  }

  @Test
  void a_cause_that_moves_and_stays_with_the_same_people_stays_taken() {
    World world = bySeverity("boss");
    taken(world, alert("flights", t(0)));
    world.alerts(100, caused());
    assertThat(world.only().state()).isEqualTo(IncidentState.ACKNOWLEDGED);
    assertThat(world.said()).containsExactly("TRIGGERED boss", "ACKNOWLEDGED boss");
  }

  @Test
  void a_cause_that_moves_while_it_is_silenced_is_told_when_the_silence_ends() {
    World world = byCause();
    taken(world, alert("flights", t(0)));
    world.silence("flights", 70, 700);
    world.alerts(100, caused());
    world.tick(699);
    assertThat(world.said()).hasSize(2);
    world.restart(t(699));
    world.tick(700);
    assertThat(world.saidAfter(2)).containsExactly("TRIGGERED boss", "UPDATED team");
  }

  @Test
  void who_becomes_concerned_by_the_same_cause_hears_who_has_taken_it() {
    World world =
        new World(
            IncidentSettings.DEFAULT,
            routes(
                route("domain", "travel", Quiet.NEVER, "team"),
                route("domain", "weather", Quiet.NEVER, "second")));
    taken(world, Samples.caused(t(0), "connector:cdc", "dataset:raw", "dataset:flights"));
    // Nearer to the cause, so that it speaks for the incident from now on.
    world.alerts(
        100,
        Samples.caused(t(100), "connector:cdc", "dataset:raw").toBuilder()
            .labels(Map.of("domain", "weather"))
            .build());
    assertThat(world.said())
        .containsExactly("TRIGGERED team", "ACKNOWLEDGED team", "ACKNOWLEDGED second");
    assertThat(world.only().state()).isEqualTo(IncidentState.ACKNOWLEDGED);
  }

  @Test
  void of_two_taken_incidents_that_become_one_whoever_took_the_page_has_it() {
    World world = bySeverity("boss");
    taken(world, ticket());
    world.alerts(70, alert("weather", t(70)));
    world.tick(100);
    Incident page = world.alerting.openIncidents().get(1);
    assertThat(world.alerting.acknowledge(page.id(), "bo", "mine", t(110))).isPresent();
    int before = world.said().size();
    world.alerts(
        200,
        caused().toBuilder().severity(Severity.TICKET).build(),
        Samples.caused(t(70), "connector:cdc", "dataset:weather"));
    assertThat(world.only().state()).isEqualTo(IncidentState.ACKNOWLEDGED);
    assertThat(world.only().acknowledgedBy()).isEqualTo("bo");
    world.tick(20_000);
    assertThat(world.saidAfter(before)).containsExactlyInAnyOrder("UPDATED team", "UPDATED boss");
  }

  @Test
  void whoever_took_a_ticket_has_not_taken_the_new_page_that_it_merges_into() {
    World world = bySeverity("boss");
    world.alerts(0, alert("weather", t(0)));
    world.alerts(1, ticket());
    world.tick(5);
    Incident ticket = world.alerting.openIncidents().get(1);
    world.acknowledge(10, ticket.id());
    world.alerts(
        20,
        caused().toBuilder().severity(Severity.TICKET).build(),
        Samples.caused(t(0), "connector:cdc", "dataset:weather"));
    world.tick(30);
    assertThat(world.said()).containsExactly("TRIGGERED boss");
  }

  @Test
  void documents_of_older_versions_stay_taken_until_the_cause_is_somebody_elses() {
    World world = byCause();
    taken(world, alert("flights", t(0)));
    String json = AlertingJson.write(world.only());
    assertThat(AlertingJson.read(json, Incident.class)).isEqualTo(world.only());
    String old =
        json.replaceFirst(",\"taken\":\\{[^}]*}", "")
            .replace(",\"episodes\":[]", "")
            .replace(",\"leftOut\":0", "");
    assertThat(old).doesNotContain("taken\"", "episodes", "leftOut");
    Incident read = AlertingJson.read(old, Incident.class);
    assertThat(read.taken()).isNull();
    assertThat(read.episodes()).isEmpty();
    IncidentLogic logic = new IncidentLogic(IncidentSettings.DEFAULT);
    IncidentLogic.Outcome later =
        logic.apply(
            IncidentBook.of(List.of(read)),
            new IncidentEvent.Tick(),
            world.routes,
            List.of(),
            t(400));
    assertThat(later.book().open())
        .singleElement()
        .satisfies(one -> assertThat(one.state()).isEqualTo(IncidentState.ACKNOWLEDGED));
    later =
        logic.apply(
            later.book(),
            new IncidentEvent.AlertsChanged(List.of(caused())),
            world.routes,
            List.of(),
            t(500));
    assertThat(later.book().open())
        .singleElement()
        .satisfies(one -> assertThat(one.state()).isEqualTo(IncidentState.OPEN));
  }
}
