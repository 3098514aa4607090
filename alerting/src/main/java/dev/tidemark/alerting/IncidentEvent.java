package dev.tidemark.alerting;

import java.util.List;

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

  /** Time has passed. */
  record Tick() implements IncidentEvent {}
}
