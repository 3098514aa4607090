package dev.tidemark.alerting;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where one transition looks for the incidents that an alert may belong to, instead of looking at
 * all of them. Only grows: an incident that left a key is still found under it, so whoever asks has
 * to look closer. Not thread-safe.
 */
final class IncidentIndex {
  private final Map<String, Set<IncidentDraft>> byFingerprint = new HashMap<>();

  /** By the key of the cause, of the datasets that fire and of what lies on the ways to them. */
  private final Map<String, Set<IncidentDraft>> byNode = new HashMap<>();

  void add(IncidentDraft draft) {
    put(byNode, draft.causeKey, draft);
    draft.alerts.forEach(alert -> add(draft, alert));
  }

  void add(IncidentDraft draft, Alert alert) {
    put(byFingerprint, alert.fingerprint(), draft);
    put(byNode, draft.causeKey, draft);
    put(byNode, alert.datasetKey(), draft);
    Cause cause = alert.cause();
    if (cause != null) {
      cause.path().forEach(key -> put(byNode, key, draft));
    }
  }

  private static void put(Map<String, Set<IncidentDraft>> map, String key, IncidentDraft draft) {
    map.computeIfAbsent(key, each -> new LinkedHashSet<>()).add(draft);
  }

  /** Returns those that have the alert, firing or not. */
  Collection<IncidentDraft> having(String fingerprint) {
    return byFingerprint.getOrDefault(fingerprint, Set.of());
  }

  /** Returns those that share a node with the alert, or have it. */
  Collection<IncidentDraft> perhapsRelated(Alert alert) {
    Set<IncidentDraft> found = new LinkedHashSet<>(having(alert.fingerprint()));
    found.addAll(byNode.getOrDefault(alert.causeKey(), Set.of()));
    Cause cause = alert.cause();
    if (cause != null) {
      for (String key : cause.path()) {
        found.addAll(byNode.getOrDefault(key, Set.of()));
      }
    }
    return found;
  }
}
