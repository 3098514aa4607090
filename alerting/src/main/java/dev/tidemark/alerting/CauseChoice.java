package dev.tidemark.alerting;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;

/** Picks the cause of an incident among those that its alerts name. */
final class CauseChoice {
  private CauseChoice() {}

  /**
   * Returns the alert whose cause has no other alert's cause upstream of it on any known way. Among
   * several, the current cause stays; else the certain one, else the one named first.
   */
  static Alert of(Collection<Alert> alerts, String current) {
    Set<String> downstream = downstream(alerts);
    return alerts.stream()
        .min(
            Comparator.comparing((Alert alert) -> downstream.contains(alert.causeKey()))
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

  /** Returns the keys of all nodes that have a cause upstream of them. */
  private static Set<String> downstream(Collection<Alert> alerts) {
    Set<String> keys = new HashSet<>();
    for (Alert alert : alerts) {
      Cause cause = alert.cause();
      if (cause != null) {
        // On the alert's way, but not where the way begins: that is furthest upstream.
        cause.path().stream().skip(1).forEach(keys::add);
        if (!cause.path().contains(alert.datasetKey()) && !cause.key().equals(alert.datasetKey())) {
          keys.add(alert.datasetKey());
        }
      }
    }
    return keys;
  }
}
