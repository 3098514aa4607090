package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.alerting.route.TimeInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Alerts, routes and incidents to test with: flights → hourly → features, fed by a connector. */
public final class Samples {
  /** The time at which the tests begin. */
  public static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

  private Samples() {}

  /** The time so many seconds after the beginning. */
  public static Instant t(long seconds) {
    return T0.plusSeconds(seconds);
  }

  /** A page on the dataset itself, without a known cause. */
  public static Alert alert(String dataset, Instant at) {
    return Alert.firing(
            dataset + "-freshness", dataset, "Freshness of " + dataset, Severity.PAGE, at)
        .labels(Map.of("domain", "travel"))
        .burnRate("14.9× over 1 h")
        .budgetLeft(0.425)
        .runbook("stale-dataset")
        .since(at.minusSeconds(60))
        .build();
  }

  /** A page on the last node of the path, caused by the first. */
  public static Alert caused(Instant at, String... path) {
    String first = path[0];
    int colon = first.indexOf(':');
    String dataset = path[path.length - 1].substring("dataset:".length());
    return alert(dataset, at).toBuilder()
        .cause(
            new Cause(
                first.substring(0, colon),
                first.substring(colon + 1),
                false,
                List.of("no heartbeat for 61 s"),
                Arrays.asList(path)))
        .blastRadius(
            new BlastRadius(
                List.of("features"), List.of("booking-app"), List.of("features-freshness")))
        .build();
  }

  /** Everything to one receiver. */
  public static Routes routes(Duration wait, Duration interval, Duration repeat) {
    return Routes.console(new Route.Timing(wait, interval, repeat));
  }

  /** Returns what is the case every day, UTC, from one minute to another, both included. */
  static TimeInterval everyDay(String name, int fromMinute, int toMinute) {
    return new TimeInterval(
        name,
        List.of(
            new TimeInterval.Span(
                List.of(new TimeInterval.Range(fromMinute, toMinute)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                ZoneOffset.UTC)));
  }

  /** An open incident of one alert, as a store sees it. */
  public static Incident incident(String id, Instant at, IncidentState state, long revision) {
    Incident first =
        new IncidentDraft(id, caused(at, "connector:cdc", "dataset:flights"), at).build(at);
    return new Incident(
        first.id(),
        first.dedupKey(),
        first.causeKey(),
        first.cause(),
        first.title(),
        first.severity(),
        state,
        first.alerts(),
        first.openedAt(),
        first.episodeAt(),
        at,
        null,
        null,
        null,
        state == IncidentState.RESOLVED ? at : null,
        null,
        null,
        new SuppressedBy.BySilence("s1", "anna", "known"),
        first.timeline(),
        List.of(
            new Told("pager", first.dedupKey(), at, Severity.PAGE, 1, true, null, at, null, null)),
        List.of(),
        List.of(
            new Owed(
                revision, "pager", NotificationKind.TRIGGERED, first.dedupKey(), "new", at, null)),
        revision,
        1,
        List.of(),
        null,
        null,
        List.of(),
        0,
        List.of("tidemark/digest/INC-20260301-BBBBB-1"),
        first.badSince());
  }

  /** A notification of that incident. */
  public static Notification notification(
      String id, NotificationKind kind, String receiver, String key, Instant at) {
    return new Notification(
        id,
        kind,
        key,
        receiver,
        "new",
        at,
        new IncidentDraft(incident("INC-20260301-AAAAA", at, IncidentState.OPEN, 1)).forReceivers(),
        "https://tidemark.example.org/incidents/INC-20260301-AAAAA",
        "https://tidemark.example.org/runbooks/stale-dataset?incident=INC-20260301-AAAAA",
        "A dataset is stale",
        null);
  }
}
