package dev.tidemark.alerting;

import java.util.Comparator;
import java.util.List;

/** Picks the alert that speaks for an incident. */
final class LeadAlert {
  private LeadAlert() {}

  /**
   * Firing before resolved, then the alert on the cause itself, then the nearest to the cause, then
   * the more severe, then the older.
   */
  static Alert of(List<Alert> alerts, String causeKey) {
    return alerts.stream().min(order(causeKey)).orElseThrow();
  }

  private static Comparator<Alert> order(String causeKey) {
    return Comparator.comparing((Alert alert) -> !alert.firingNow())
        .thenComparing(alert -> !alert.datasetKey().equals(causeKey))
        .thenComparing(alert -> distance(alert, causeKey))
        .thenComparing(Alert::severity, Comparator.reverseOrder())
        .thenComparing(Alert::startsAt)
        .thenComparing(Alert::fingerprint);
  }

  private static int distance(Alert alert, String causeKey) {
    Cause cause = alert.cause();
    if (cause == null || !cause.key().equals(causeKey) || cause.path().isEmpty()) {
      return Integer.MAX_VALUE;
    }
    return cause.path().size();
  }
}
