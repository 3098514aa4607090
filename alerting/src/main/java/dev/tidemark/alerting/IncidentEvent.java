package dev.tidemark.alerting;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to incidents. */
public sealed interface IncidentEvent {
  /** Alerts that began, changed or ceased to fire. Saying the same again changes nothing. */
  record AlertsChanged(List<Alert> alerts) implements IncidentEvent {
    public AlertsChanged {
      alerts = List.copyOf(alerts);
    }
  }

  /** Somebody takes an incident. */
  record Acknowledge(String incidentId, String actor, String reason) implements IncidentEvent {}

  /** Somebody ends an incident, whatever fires. */
  record Resolve(String incidentId, String actor, String reason) implements IncidentEvent {}

  /**
   * Somebody moves alerts out of an incident. Those that do not fire stay; moving all is possible
   * only into another incident, and merges the two.
   *
   * @param incidentId where they are
   * @param fingerprints which
   * @param into id of an open incident; null for a new one
   * @param actor who
   * @param reason why
   */
  record SplitOff(
      String incidentId,
      Set<String> fingerprints,
      @Nullable String into,
      String actor,
      String reason)
      implements IncidentEvent {
    public SplitOff {
      fingerprints = Set.copyOf(fingerprints);
    }
  }

  /**
   * Somebody makes two incidents one, whatever lineage says.
   *
   * @param incidentId which one goes on in the other
   * @param into id of the open incident that takes it in
   * @param actor who
   * @param reason why
   */
  record Merge(String incidentId, String into, String actor, String reason)
      implements IncidentEvent {}

  /** Somebody did something about an incident that changes nothing in it, such as a silence. */
  record Note(String incidentId, String what, String actor, String reason)
      implements IncidentEvent {}

  /** Time has passed. */
  record Tick() implements IncidentEvent {}
}
