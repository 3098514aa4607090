package dev.tidemark.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.escalation.Escalation;
import dev.tidemark.alerting.schedule.Layer;
import dev.tidemark.alerting.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules, escalations, intervals, inhibitions and the routes that name them, as written. */
class OnCallDefinitionsTest {
  private static final Map<String, Object> CONSOLE = Map.of("console", Map.of());
  private static final Map<String, Object> WEEKLY =
      Map.of("every", "week", "on", "monday", "at", "09:00");

  private static RouteParser.Document document(String kind, String name, Map<String, Object> spec) {
    return new RouteParser.Document(kind, name, spec, "defs/on-call.yaml:7:1");
  }

  private static RouteParser.Result parse(RouteParser.Document... documents) {
    List<RouteParser.Document> all = new ArrayList<>(Arrays.asList(documents));
    for (String name : List.of("anna", "bo", "pager")) {
      all.add(document("Receiver", name, CONSOLE));
    }
    return new RouteParser(new SecretResolver(Map.of())).parse(all);
  }

  private static RouteParser.Document primary(Map<String, Object> handOver, String start) {
    return document(
        "Schedule",
        "primary",
        Map.of(
            "timezone",
            "Europe/Warsaw",
            "layers",
            List.of(
                Map.of("members", List.of("anna", "bo"), "start", start, "handOver", handOver))));
  }

  private static Layer layer(Map<String, Object> handOver, String start) {
    RouteParser.Result result = parse(primary(handOver, start));
    assertThat(result.problems()).isEmpty();
    return Objects.requireNonNull(result.routes().schedules().get("primary")).layers().get(0);
  }

  @ParameterizedTest
  @CsvSource({
    // 2026-01-05 is a Monday.
    "week, monday, 09:00, 2026-01-05, 2026-01-05T09:00, 2026-01-05T09:00, PT168H",
    "week, monday, 09:00, 2026-01-07T14:00, 2026-01-07T14:00, 2026-01-05T09:00, PT168H",
    "week, mon, 09:00, 2026-01-05T08:00, 2026-01-05T08:00, 2025-12-29T09:00, PT168H",
    "2 weeks, friday, 09:00, 2026-01-07, 2026-01-07T09:00, 2026-01-02T09:00, PT336H",
    "day, , 09:00, 2026-01-05T08:00, 2026-01-05T08:00, 2026-01-04T09:00, PT24H",
    "3 days, , , 2026-01-05T08:00, 2026-01-05T08:00, 2026-01-05T08:00, PT72H",
    "P2W, , , 2026-01-05, 2026-01-05T00:00, 2026-01-05T00:00, PT336H",
    "PT12H, , 08:00, 2026-01-05T06:00, 2026-01-05T06:00, 2026-01-04T20:00, PT12H",
    "P1DT12H, , , 2026-01-05T08:00Z, 2026-01-05T09:00, 2026-01-05T09:00, PT36H",
  })
  void hand_overs_are_read_as_they_are_meant(
      String every, String on, String at, String start, String from, String anchor, String turn) {
    Map<String, Object> handOver = new java.util.HashMap<>(Map.of("every", every));
    if (on != null) {
      handOver.put("on", on);
    }
    if (at != null) {
      handOver.put("at", at);
    }
    Layer layer = layer(handOver, start);
    assertThat(layer.start()).isEqualTo(LocalDateTime.parse(from));
    assertThat(layer.anchor()).isEqualTo(LocalDateTime.parse(anchor));
    assertThat(layer.every()).isEqualTo(Duration.parse(turn));
  }

  @Test
  void a_schedule_with_everything_is_read(@TempDir Path folder) throws IOException {
    Path unused =
        Files.writeString(
            folder.resolve("on-call.ics"),
            """
            BEGIN:VCALENDAR
            VERSION:2.0
            BEGIN:VEVENT
            UID:1
            SUMMARY:bo
            DTSTART:20260110T100000Z
            DTEND:20260110T110000Z
            END:VEVENT
            BEGIN:VEVENT
            UID:2
            SUMMARY:dentist
            DTSTART:20260111T100000Z
            DTEND:20260111T110000Z
            END:VEVENT
            END:VCALENDAR
            """);
    RouteParser.Result result =
        parse(
            new RouteParser.Document(
                "Schedule",
                "primary",
                Map.of(
                    "timezone",
                    "Europe/Warsaw",
                    "layers",
                    List.of(
                        Map.of(
                            "name",
                            "office",
                            "members",
                            List.of("anna"),
                            "start",
                            "2026-01-05",
                            "hand_over",
                            WEEKLY,
                            "restrict",
                            List.of(
                                Map.of(
                                    "days",
                                    List.of("business-days"),
                                    "from",
                                    "09:00",
                                    "to",
                                    "24:00"),
                                Map.of("days", List.of("sat:sun"))))),
                    "overrides",
                    List.of(
                        Map.of(
                            "from", "2026-01-06T12:00", "to", "2026-01-06T12:00Z", "member", "bo")),
                    "ical",
                    Map.of("file", "on-call.ics")),
                folder.resolve("defs.yaml") + ":3:1"),
            document("Route", "root", Map.of("receiver", "schedule:primary")));
    assertThat(result.problems()).isEmpty();
    assertThat(result.warnings())
        .singleElement()
        .asString()
        .contains("defs.yaml:3:1: spec.ical: the calendar names 'dentist', which is no receiver");
    Schedule schedule = Objects.requireNonNull(result.routes().schedules().get("primary"));
    assertThat(schedule.onCall(Instant.parse("2026-01-06T11:30:00Z"))).containsExactly("bo");
    assertThat(schedule.onCall(Instant.parse("2026-01-06T12:00:00Z"))).containsExactly("anna");
    assertThat(schedule.onCall(Instant.parse("2026-01-10T10:30:00Z"))).containsExactly("bo");
    assertThat(schedule.onCall(Instant.parse("2026-01-06T07:30:00Z"))).isEmpty();
    assertThat(schedule.layers().get(0).restrictions().get(1).days())
        .containsExactlyInAnyOrder(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
    // Whoever is no receiver is not told.
    assertThat(
            result
                .routes()
                .told(List.of("schedule:primary"), Instant.parse("2026-01-11T10:30:00Z")))
        .isEmpty();
  }

  @Test
  void an_escalation_is_read_and_a_route_names_it() {
    RouteParser.Result result =
        parse(
            primary(WEEKLY, "2026-01-05"),
            document(
                "Escalation",
                "on-call",
                Map.of(
                    "steps",
                    List.of(
                        Map.of("after", "0m", "notify", List.of("schedule:primary")),
                        Map.of("after", "15m", "notify", "pager")),
                    "repeat",
                    2,
                    "last_resort",
                    "console")),
            document(
                "Route",
                "pages",
                Map.of("matchers", "severity=\"page\"", "escalation", "on-call")));
    assertThat(result.problems()).isEmpty();
    assertThat(result.routes().escalations().get("on-call"))
        .isEqualTo(
            new Escalation(
                "on-call",
                List.of(
                    new Escalation.Step(Duration.ZERO, List.of("schedule:primary")),
                    new Escalation.Step(Duration.ofMinutes(15), List.of("pager"))),
                Duration.ofMinutes(15),
                2,
                "console"));
    assertThat(result.routes().targets(Map.of("severity", "page"), Instant.EPOCH))
        .extracting(Route.Target::receiver)
        .containsExactly("escalation:on-call");
  }

  @Test
  void children_inherit_receivers_and_timing_but_not_when_to_be_quiet() {
    RouteParser.Result result =
        parse(
            document(
                "TimeInterval",
                "weekend",
                Map.of("timeIntervals", List.of(Map.of("weekdays", List.of("saturday"))))),
            document(
                "Route",
                "travel",
                Map.of(
                    "matchers",
                    "domain=\"travel\"",
                    "receiver",
                    "anna",
                    "groupWait",
                    "1m",
                    "muteTimeIntervals",
                    List.of("weekend"),
                    "routes",
                    List.of(
                        Map.of("matchers", "tier=\"1\"", "continue", true),
                        Map.of("matchers", "tier=~\"1|2\"", "receiver", "bo")))));
    assertThat(result.problems()).isEmpty();
    // 2026-01-10 is a Saturday.
    Instant saturday = Instant.parse("2026-01-10T12:00:00Z");
    List<Route.Target> first =
        result.routes().targets(Map.of("domain", "travel", "tier", "1"), saturday);
    assertThat(first).extracting(Route.Target::receiver).containsExactly("anna", "bo");
    assertThat(first)
        .allSatisfy(
            target -> {
              assertThat(target.quiet().at(saturday)).isFalse();
              assertThat(target.timing().groupWait()).isEqualTo(Duration.ofMinutes(1));
            });
    assertThat(result.routes().targets(Map.of("domain", "travel"), saturday))
        .singleElement()
        .satisfies(target -> assertThat(target.quiet().at(saturday)).isTrue());
  }

  @Test
  void every_problem_is_named_with_the_nearest_name() {
    RouteParser.Result result =
        parse(
            document(
                "Schedule",
                "primary",
                Map.of(
                    "timezone",
                    "Europe/Warsav",
                    "layers",
                    List.of(
                        Map.of(
                            "members",
                            List.of(),
                            "start",
                            "yesterday",
                            "handOver",
                            Map.of("every", "fortnight", "on", "mondey", "at", "9"),
                            "restrict",
                            Map.of("days", "workdays", "form", "09:00"))),
                    "overrides",
                    List.of(
                        Map.of(
                            "from", "2026-01-06T12:00", "to", "2026-01-06T12:00", "member", "bo")),
                    "ical",
                    Map.of("file", "nowhere.ics"))),
            document(
                "Schedule",
                "secondary",
                Map.of(
                    "timezone",
                    "UTC",
                    "layers",
                    List.of(Map.of("members", "ana", "start", "2026-01-05", "handOver", WEEKLY)))),
            document("Escalation", "none", Map.of()),
            document(
                "Escalation",
                "odd",
                Map.of(
                    "steps",
                    List.of(
                        Map.of("after", "5m", "notify", List.of("schedule:secondry")),
                        Map.of("after", "5m", "notify", List.of("escalation:none"))),
                    "timeout",
                    "1s",
                    "lastResort",
                    "pagr")),
            document("Inhibition", "all", Map.of("equal", "domain")),
            document(
                "Route",
                "r",
                Map.of(
                    "receivers",
                    List.of("schedule:secondary", "pagers"),
                    "escalation",
                    "od",
                    "mute_time_intervals",
                    "weekend")));
    assertThat(result.problems())
        .allSatisfy(problem -> assertThat(problem).startsWith("defs/on-call.yaml:7:1: spec."))
        .anySatisfy(p -> assertThat(p).contains("did you mean 'Europe/Warsaw'?"))
        .anySatisfy(p -> assertThat(p).contains("spec.layers[0].members: is missing"))
        .anySatisfy(p -> assertThat(p).contains("spec.layers[0].start: 'yesterday' is no time"))
        .anySatisfy(p -> assertThat(p).contains("handOver.every: 'fortnight' is no length"))
        .anySatisfy(p -> assertThat(p).contains("handOver.on: 'mondey' is no day"))
        .anySatisfy(p -> assertThat(p).contains("handOver.at: '9' is no time of day"))
        .anySatisfy(p -> assertThat(p).contains("restrict[0].days: 'workdays' is no day"))
        .anySatisfy(p -> assertThat(p).contains("restrict[0].form: unknown field; did you mean"))
        .anySatisfy(p -> assertThat(p).contains("spec.overrides[0].to: has to be after from"))
        .anySatisfy(p -> assertThat(p).contains("spec.ical.file: the calendar nowhere.ics cannot"))
        .anySatisfy(p -> assertThat(p).contains("no receiver 'ana'; did you mean 'anna'?"))
        .anySatisfy(p -> assertThat(p).contains("spec.steps: is missing"))
        .anySatisfy(
            p -> assertThat(p).contains("no schedule 'secondry'; did you mean 'secondary'?"))
        .anySatisfy(p -> assertThat(p).contains("an escalation cannot call another one"))
        .anySatisfy(p -> assertThat(p).contains("steps[1].after: has to be later"))
        .anySatisfy(p -> assertThat(p).contains("spec.timeout: must be at least 1m"))
        .anySatisfy(p -> assertThat(p).contains("no receiver 'pagr'; did you mean 'pager'?"))
        .anySatisfy(p -> assertThat(p).contains("spec.sourceMatchers: is missing"))
        .anySatisfy(p -> assertThat(p).contains("no receiver 'pagers'; did you mean 'pager'?"))
        .anySatisfy(p -> assertThat(p).contains("no escalation 'od'; did you mean 'odd'?"))
        .anySatisfy(p -> assertThat(p).contains("no time interval 'weekend'; none is defined"));
    assertThat(result.routes().root().receivers()).containsExactly("console");
  }

  @Test
  void people_of_a_schedule_that_nobody_is_told_by_need_not_be_receivers() {
    RouteParser.Result result =
        parse(
            document(
                "Schedule",
                "holidays",
                Map.of(
                    "timezone",
                    "UTC",
                    "layers",
                    List.of(
                        Map.of("members", "carl", "start", "2026-01-05", "handOver", WEEKLY)))));
    assertThat(result.problems()).isEmpty();
  }

  @Test
  void problems_stand_where_the_field_does() {
    RouteParser.Result result =
        parse(
            new RouteParser.Document(
                "Escalation",
                "e",
                Map.of("steps", List.of(Map.of("after", "0m", "notify", List.of("pagr")))),
                "a.yaml:1:1",
                Map.of("spec.steps", "a.yaml:5:3", "spec.steps[0].notify", "a.yaml:6:17")));
    assertThat(result.problems())
        .containsExactly(
            "a.yaml:6:17: spec.steps[0].notify: there is no receiver 'pagr'; did you mean"
                + " 'pager'?");
  }

  @Test
  void a_route_to_what_could_not_be_read_leaves_the_telling_to_the_root() {
    RouteParser.Result result =
        parse(
            document("Receiver", "broken", Map.of("pagerduty", Map.of("routingKey", "${NOPE}"))),
            document("Route", "root", Map.of("receiver", "anna")),
            document("Route", "r", Map.of("matchers", "severity=\"page\"", "receiver", "broken")));
    assertThat(result.problems()).singleElement().asString().contains("NOPE is not set");
    assertThat(result.routes().targets(Map.of("severity", "page"), Instant.EPOCH))
        .extracting(Route.Target::receiver)
        .containsExactly("anna");
  }
}
