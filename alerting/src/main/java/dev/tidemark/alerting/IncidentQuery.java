package dev.tidemark.alerting;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which incidents to list.
 *
 * @param states in one of these states
 * @param changedFrom last changed at or after this; null for no bound
 * @param changedTo last changed before this; null for no bound
 * @param limit at most so many, at least 1
 */
public record IncidentQuery(
    Set<IncidentState> states,
    @Nullable Instant changedFrom,
    @Nullable Instant changedTo,
    int limit) {
  public IncidentQuery {
    states = Set.copyOf(states);
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, is " + limit);
    }
  }

  /** Returns a query for the last changed incidents in any state. */
  public static IncidentQuery recent(int limit) {
    return new IncidentQuery(EnumSet.allOf(IncidentState.class), null, null, limit);
  }

  /** Whether the incident matches, the limit aside. */
  public boolean matches(Incident incident) {
    return states.contains(incident.state())
        && (changedFrom == null || !incident.updatedAt().isBefore(changedFrom))
        && (changedTo == null || incident.updatedAt().isBefore(changedTo));
  }
}
