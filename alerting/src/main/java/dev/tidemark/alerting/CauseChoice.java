package dev.tidemark.alerting;

import java.util.Comparator;
import java.util.List;

/** Picks the cause of an incident among those that its alerts name. */
final class CauseChoice {
  private CauseChoice() {}

  /**
   * Returns the alert whose cause has no other alert's cause upstream of it on any known way. Among
   * several, the current cause stays; else the certain one, else the one named first.
   */
  static Alert of(List<Alert> alerts, String current) {
    return alerts.stream()
        .min(
            Comparator.comparing((Alert alert) -> hasUpstream(alert.causeKey(), alerts))
                .thenComparing(alert -> !alert.causeKey().equals(current))
                .thenComparing(alert -> !certain(alert))
                .thenComparing(alert -> alert.cause() == null)
                .thenComparing(Alert::startsAt)
                .thenComparing(Alert::fingerprint))
        .orElseThrow();
  }

  private static boolean certain(Alert alert) {
    Cause cause = alert.cause();
    return cause != null && cause.certain();
  }

  private static boolean hasUpstream(String key, List<Alert> alerts) {
    for (Alert alert : alerts) {
      Cause cause = alert.cause();
      if (cause == null) {
        continue;
      }
      int place = cause.path().indexOf(key);
      // On the alert's way, but not where the way begins: that is further upstream.
      if (place > 0 || (place < 0 && !cause.key().equals(key) && alert.datasetKey().equals(key))) {
        return true;
      }
    }
    return false;
  }
}
