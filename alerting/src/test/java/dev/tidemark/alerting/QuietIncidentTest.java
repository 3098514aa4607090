package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.alert;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.route.Inhibition;
import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.alerting.route.Quiet;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.TimeInterval;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Routes that are quiet for a time, and alerts that are inhibited by others. */
class QuietIncidentTest {
  private static final Route.Timing TIMING =
      new Route.Timing(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4));

  /** From 13:00 to 14:00 UTC, an hour after the tests begin. */
  private static final TimeInterval LUNCH = Samples.everyDay("lunch", 13 * 60, 14 * 60 - 1);

  private static final Quiet AT_LUNCH = new Quiet(List.of(LUNCH), List.of());
  private static final Quiet BUT_LUNCH = new Quiet(List.of(), List.of(LUNCH));

  private static Route route(String receiver, boolean continues, Quiet quiet) {
    return new Route(
        List.of(Matcher.parse("domain=\"travel\"")),
        List.of(receiver),
        continues,
        TIMING,
        quiet,
        List.of());
  }

  private static Receiver console(String name) {
    return new Receiver(name, new Receiver.Console(), true);
  }

  private static Routes routes(List<Inhibition> inhibitions, Route... children) {
    return new Routes(
        new Route(List.of(), List.of("console"), false, TIMING, List.of(children)),
        Map.of("console", console("console"), "a", console("a"), "b", console("b")),
        Map.of(),
        Map.of(),
        inhibitions);
  }

  private static World world(Routes routes) {
    return new World(IncidentSettings.DEFAULT, routes);
  }

  @Test
  void what_fires_while_its_route_is_muted_is_told_afterwards() {
    World world = world(routes(List.of(), route("a", false, AT_LUNCH)));
    world.alerts(4000, alert("flights", t(4000)));
    world.tick(7199);
    assertThat(world.said()).isEmpty();
    assertThat(world.only().state()).isEqualTo(IncidentState.PENDING);
    world.tick(7200);
    assertThat(world.said()).containsExactly("TRIGGERED a");
  }

  @Test
  void what_is_over_before_the_mute_ends_is_told_to_nobody() {
    World world = world(routes(List.of(), route("a", false, AT_LUNCH)));
    world.alerts(4000, alert("flights", t(4000)));
    world.tick(5000);
    world.alerts(5100, alert("flights", t(4000)).resolvedAt(t(5100)));
    world.tick(7200);
    assertThat(world.said()).isEmpty();
    assertThat(world.alerting.openIncidents()).isEmpty();
  }

  @Test
  void news_and_repeats_and_a_rise_wait_but_the_end_is_said() {
    World world = world(routes(List.of(), route("a", false, AT_LUNCH)));
    world.alerts(0, alert("flights", t(0)).toBuilder().severity(Severity.TICKET).build());
    world.tick(30);
    world.alerts(4000, alert("flights", t(0)));
    world.tick(7199);
    assertThat(world.said()).containsExactly("TRIGGERED a");
    world.tick(7200);
    assertThat(world.said()).containsExactly("TRIGGERED a", "ESCALATED a");

    World ended = world(routes(List.of(), route("a", false, AT_LUNCH)));
    ended.alerts(0, alert("flights", t(0)));
    ended.tick(30);
    ended.alerts(4000, alert("flights", t(0)).resolvedAt(t(4000)));
    ended.tick(4200);
    assertThat(ended.said()).containsExactly("TRIGGERED a", "RESOLVED a");
  }

  @Test
  void a_route_speaks_only_in_its_active_times() {
    World world = world(routes(List.of(), route("a", false, BUT_LUNCH)));
    world.alerts(0, alert("flights", t(0)));
    world.tick(3599);
    assertThat(world.said()).isEmpty();
    world.tick(3600);
    assertThat(world.said()).containsExactly("TRIGGERED a");
  }

  @Test
  void another_route_that_is_not_muted_speaks_meanwhile() {
    World world =
        world(routes(List.of(), route("a", true, AT_LUNCH), route("b", false, Quiet.NEVER)));
    world.alerts(4000, alert("flights", t(4000)));
    world.tick(4100);
    assertThat(world.said()).containsExactly("TRIGGERED b");
    World same =
        world(routes(List.of(), route("a", true, AT_LUNCH), route("a", false, Quiet.NEVER)));
    same.alerts(4000, alert("flights", t(4000)));
    same.tick(4100);
    assertThat(same.said()).containsExactly("TRIGGERED a");
  }

  private static final Inhibition PAGES_INHIBIT_TICKETS =
      new Inhibition(
          "pages",
          List.of(Matcher.parse("severity=\"page\"")),
          List.of(Matcher.parse("severity=\"ticket\"")),
          List.of("domain"));

  private static Alert ticket(String dataset, long seconds) {
    return alert(dataset, t(seconds)).toBuilder().severity(Severity.TICKET).build();
  }

  @Test
  void a_target_is_not_told_while_a_source_fires_and_says_why() {
    World world = world(routes(List.of(PAGES_INHIBIT_TICKETS)));
    world.alerts(0, alert("flights", t(0)));
    world.alerts(10, ticket("weather", 10));
    world.tick(60);
    assertThat(world.said()).containsExactly("TRIGGERED console");
    Incident quiet = world.alerting.openIncidents().get(1);
    assertThat(quiet.suppressedBy())
        .isEqualTo(
            new SuppressedBy.ByInhibition("pages", "Freshness of flights of flights (page)"));
    assertThat(AlertingJson.read(AlertingJson.write(quiet), Incident.class)).isEqualTo(quiet);
    world.alerts(100, alert("flights", t(0)).resolvedAt(t(100)));
    assertThat(world.said()).containsExactly("TRIGGERED console", "TRIGGERED console");
    assertThat(world.alerting.openIncidents().get(1).suppressedBy()).isNull();
  }

  @Test
  void an_incident_of_which_one_alert_is_not_inhibited_is_told() {
    World world = world(routes(List.of(PAGES_INHIBIT_TICKETS)));
    world.alerts(0, alert("flights", t(0)));
    world.tick(30);
    Alert elsewhere =
        Alert.firing("weather-2", "weather", "Rows of weather", Severity.TICKET, t(40))
            .labels(Map.of("domain", "climate"))
            .build();
    world.alerts(40, ticket("weather", 40), elsewhere);
    world.tick(70);
    assertThat(world.said()).containsExactly("TRIGGERED console", "TRIGGERED console");
  }
}
