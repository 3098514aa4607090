package dev.tidemark.alerting;

import java.util.List;

/** Picks the alert that speaks for an incident. */
final class LeadAlert {
  private LeadAlert() {}

  /**
   * Firing before resolved, then the alert on the cause itself, then the nearest to the cause, then
   * the more severe, then the older.
   */
  static Alert of(List<Alert> alerts, String causeKey) {
    // A plain loop: this is asked for every open incident with every tick.
    Alert lead = alerts.get(0);
    for (int i = 1; i < alerts.size(); i++) {
      Alert other = alerts.get(i);
      if (compare(other, lead, causeKey) < 0) {
        lead = other;
      }
    }
    return lead;
  }

  private static int compare(Alert one, Alert other, String causeKey) {
    int order = Boolean.compare(other.firingNow(), one.firingNow());
    if (order == 0) {
      order = Boolean.compare(isOn(other, causeKey), isOn(one, causeKey));
    }
    if (order == 0) {
      order = Integer.compare(distance(one, causeKey), distance(other, causeKey));
    }
    if (order == 0) {
      order = other.severity().compareTo(one.severity());
    }
    if (order == 0) {
      order = one.startsAt().compareTo(other.startsAt());
    }
    return order == 0 ? one.fingerprint().compareTo(other.fingerprint()) : order;
  }

  private static boolean isOn(Alert alert, String causeKey) {
    return Cause.isKey(causeKey, "dataset", alert.dataset());
  }

  private static int distance(Alert alert, String causeKey) {
    Cause cause = alert.cause();
    if (cause == null || !cause.hasKey(causeKey) || cause.path().isEmpty()) {
      return Integer.MAX_VALUE;
    }
    return cause.path().size();
  }
}
