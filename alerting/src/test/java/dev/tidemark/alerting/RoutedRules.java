package dev.tidemark.alerting;

import dev.tidemark.alerting.escalation.Escalation;
import dev.tidemark.alerting.route.Inhibition;
import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.alerting.route.Quiet;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.TimeInterval;
import dev.tidemark.alerting.schedule.Layer;
import dev.tidemark.alerting.schedule.OnCallCalendar;
import dev.tidemark.alerting.schedule.Schedule;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Definitions with something of everything. Connectors' pages are escalated from whoever is on call
 * (Anna and Bo, an hour each) to second and boss; tickets go to the team, except the connectors',
 * which go to the platform; pages of travel go to its pager, except in the first twenty minutes of
 * each third hour, those of weather to whoever is on call and to the team. A page of a domain keeps
 * its tickets quiet.
 */
final class RoutedRules {
  static final Duration GROUP_WAIT = Duration.ofSeconds(30);
  static final Duration GROUP_INTERVAL = Duration.ofMinutes(2);
  static final Duration STEP = Duration.ofMinutes(10);
  static final String ESCALATION = "escalation:on-call";
  static final String MUTED = "pager-travel";

  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final Route.Timing TIMING =
      new Route.Timing(GROUP_WAIT, GROUP_INTERVAL, Duration.ofHours(1));

  /** Mutes {@link #MUTED}. */
  static final TimeInterval BREAKS =
      new TimeInterval(
          "breaks",
          List.of(0, 3, 6, 9, 12, 15, 18, 21).stream()
              .map(
                  hour ->
                      new TimeInterval.Span(
                          List.of(new TimeInterval.Range(hour * 60, hour * 60 + 19)),
                          List.of(),
                          List.of(),
                          List.of(),
                          List.of(),
                          UTC))
              .toList());

  private RoutedRules() {}

  static Routes routes() {
    LocalDateTime begin = LocalDateTime.parse("2026-01-01T00:00");
    Schedule primary =
        new Schedule(
            "primary",
            UTC,
            List.of(
                new Layer(
                    "hours", List.of("anna", "bo"), begin, begin, Duration.ofHours(1), List.of())),
            List.of(),
            OnCallCalendar.NONE);
    Escalation onCall =
        new Escalation(
            "on-call",
            List.of(
                new Escalation.Step(Duration.ZERO, List.of("schedule:primary")),
                new Escalation.Step(STEP, List.of("second", "schedule:primary"))),
            STEP,
            0,
            "boss");
    Map<String, Receiver> receivers = new LinkedHashMap<>();
    for (String name :
        List.of("owners", "team", "platform", MUTED, "anna", "bo", "second", "boss")) {
      receivers.put(name, new Receiver(name, new Receiver.Console(), true));
    }
    Route root =
        new Route(
            List.of(),
            List.of("owners"),
            false,
            TIMING,
            List.of(
                route(
                    List.of("cause_type", "connector"),
                    Quiet.NEVER,
                    List.of("platform"),
                    route(List.of("urgency", "page"), Quiet.NEVER, List.of(ESCALATION))),
                route(List.of("severity", "ticket"), Quiet.NEVER, List.of("team")),
                route(
                    List.of("domain", "travel", "severity", "page"),
                    new Quiet(List.of(BREAKS), List.of()),
                    List.of(MUTED)),
                route(
                    List.of("domain", "weather"),
                    Quiet.NEVER,
                    List.of("schedule:primary", "team"))));
    return new Routes(
        root,
        receivers,
        Map.of("primary", primary),
        Map.of("on-call", onCall),
        List.of(
            new Inhibition(
                "pages-first",
                List.of(Matcher.equal("severity", "page")),
                List.of(Matcher.equal("severity", "ticket")),
                List.of("domain"))));
  }

  private static Route route(
      List<String> labels, Quiet quiet, List<String> told, Route... children) {
    List<Matcher> matchers =
        labels.size() == 2
            ? List.of(Matcher.equal(labels.get(0), labels.get(1)))
            : List.of(
                Matcher.equal(labels.get(0), labels.get(1)),
                Matcher.equal(labels.get(2), labels.get(3)));
    return new Route(matchers, told, false, TIMING, quiet, List.of(children));
  }
}
