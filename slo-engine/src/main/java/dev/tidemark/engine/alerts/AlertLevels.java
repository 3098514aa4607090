package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.Alert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns levels into events: what fires now against what was told last. Alerts that cease to fire
 * are told as resolved. Not thread-safe.
 */
public final class AlertLevels {
  private final Map<String, Alert> told = new LinkedHashMap<>();

  /**
   * Begins.
   *
   * @param before alerts that were told already, so that their end is told too
   */
  public AlertLevels(List<Alert> before) {
    told(before);
  }

  /**
   * Returns what began to fire or says something else than it was told to say, and the end of
   * everything that fires no longer. That an alert was merely decided again is no change.
   */
  public List<Alert> changes(List<Alert> firing, Instant at) {
    Map<String, Alert> now = new LinkedHashMap<>();
    List<Alert> events = new ArrayList<>();
    for (Alert alert : firing) {
      now.put(alert.fingerprint(), alert);
      Alert before = told.get(alert.fingerprint());
      if (before == null || !alert.saysTheSameAs(before)) {
        events.add(alert);
      }
    }
    for (Alert before : told.values()) {
      if (!now.containsKey(before.fingerprint())) {
        events.add(before.resolvedAt(at));
      }
    }
    return events;
  }

  /** Notes that these were told, once that is safe. */
  public void told(List<Alert> firing) {
    told.clear();
    firing.forEach(alert -> told.put(alert.fingerprint(), alert));
  }
}
