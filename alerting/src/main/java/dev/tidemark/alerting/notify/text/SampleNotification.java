package dev.tidemark.alerting.notify.text;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.BlastRadius;
import dev.tidemark.alerting.Cause;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentState;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A made-up notification with every field set: to try templates, to preview, to test a receiver.
 */
public final class SampleNotification {
  private SampleNotification() {}

  /** Returns a ticket that has just been triggered and says that it is only a test. */
  public static Notification of(String receiver, Instant at) {
    return of(receiver, NotificationKind.TRIGGERED, Severity.TICKET, at);
  }

  /**
   * Returns a test of another kind. All with the same time belong to one incident, so that a test
   * can be triggered and resolved.
   */
  public static Notification of(
      String receiver, NotificationKind kind, Severity severity, Instant at) {
    Instant since = at.minus(Duration.ofMinutes(10));
    Alert first = alert("orders", severity, since);
    Alert second = alert("orders_daily", severity, since);
    boolean over = kind == NotificationKind.RESOLVED;
    List<Alert> alerts = List.of(first, second);
    String id = "TEST-" + at.getEpochSecond();
    Incident incident =
        new Incident(
            id,
            "tidemark/" + id,
            "connector:orders-cdc",
            first.cause(),
            "Test of the receiver " + receiver + ", nothing is wrong",
            severity,
            over ? IncidentState.RESOLVED : IncidentState.OPEN,
            over ? alerts.stream().map(alert -> alert.resolvedAt(at)).toList() : alerts,
            since,
            since,
            at,
            null,
            null,
            null,
            over ? at : null,
            null,
            null,
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            1,
            1,
            List.of(),
            null,
            null,
            List.of(),
            0,
            List.of(),
            since);
    return new Notification(
        id + "/" + kind + "/" + receiver,
        kind,
        incident.dedupKey(),
        receiver,
        "this is only a test",
        at,
        incident,
        "https://tidemark.example.org/incidents/" + id,
        "https://tidemark.example.org/runbooks/stale-dataset",
        "A dataset is stale",
        null);
  }

  private static Alert alert(String dataset, Severity severity, Instant at) {
    return Alert.firing(dataset + "-test", dataset, "Freshness of " + dataset, severity, at)
        .labels(Map.of("domain", "sales", "test", "true"))
        .annotations(Map.of("summary", "Freshness of " + dataset))
        .burnRate("14.9× over 1 h")
        .budgetLeft(0.425)
        .runbook("stale-dataset")
        .cause(
            new Cause(
                "connector",
                "orders-cdc",
                true,
                List.of("no heartbeat for 10 min"),
                List.of("connector:orders-cdc", "dataset:orders", "dataset:orders_daily")))
        .blastRadius(
            new BlastRadius(
                List.of("orders_daily"), List.of("booking-app"), List.of("orders_daily-freshness")))
        .build();
  }
}
