package dev.tidemark.engine.backtest;

import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentQuery;
import dev.tidemark.alerting.IncidentStore;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Incidents of a replay, in memory. Thread-safe. */
final class ReplayedIncidents implements IncidentStore {
  private final Map<String, Incident> incidents = new LinkedHashMap<>();

  /** All incidents, oldest first. */
  synchronized List<Incident> all() {
    return incidents.values().stream().sorted(Comparator.comparing(Incident::openedAt)).toList();
  }

  @Override
  public synchronized void save(Incident incident) {
    incidents.merge(
        incident.id(), incident, (old, now) -> now.revision() > old.revision() ? now : old);
  }

  @Override
  public synchronized List<Incident> open() {
    return all().stream().filter(Incident::open).toList();
  }

  @Override
  public synchronized Optional<Incident> find(String id) {
    return Optional.ofNullable(incidents.get(id));
  }

  @Override
  public synchronized List<Incident> list(IncidentQuery query) {
    return all().stream()
        .filter(query::matches)
        .sorted(Comparator.comparing(Incident::updatedAt).reversed())
        .limit(query.limit())
        .toList();
  }
}
