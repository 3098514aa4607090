package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentQuery;
import dev.tidemark.alerting.IncidentState;
import dev.tidemark.alerting.IncidentStore;
import dev.tidemark.engine.store.Documents;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Incidents as documents in ClickHouse. Thread-safe; blocks. */
public final class StoredIncidents implements IncidentStore {
  private static final String KIND = "incident";
  private static final int OPEN_AT_MOST = 100_000;
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  private final Documents documents;

  /** Keeps incidents in these documents. */
  public StoredIncidents(Documents documents) {
    this.documents = documents;
  }

  @Override
  public void save(Incident incident) {
    documents.put(
        KIND,
        incident.id(),
        incident.revision(),
        incident.state().name(),
        incident.updatedAt(),
        AlertingJson.write(incident));
  }

  @Override
  public List<Incident> open() {
    Set<String> states = names(EnumSet.complementOf(EnumSet.of(IncidentState.RESOLVED)));
    return documents.list(KIND, states, FIRST, LAST, OPEN_AT_MOST).stream()
        .map(StoredIncidents::read)
        .sorted(Comparator.comparing(Incident::openedAt).thenComparing(Incident::id))
        .toList();
  }

  @Override
  public Optional<Incident> find(String id) {
    return documents.get(KIND, id).map(StoredIncidents::read);
  }

  @Override
  public List<Incident> list(IncidentQuery query) {
    Instant from = query.changedFrom() == null ? FIRST : query.changedFrom();
    Instant to = query.changedTo() == null ? LAST : query.changedTo();
    return documents.list(KIND, names(query.states()), from, to, query.limit()).stream()
        .map(StoredIncidents::read)
        .toList();
  }

  private static Incident read(String json) {
    return AlertingJson.read(json, Incident.class);
  }

  private static Set<String> names(Set<IncidentState> states) {
    Set<String> names = new TreeSet<>();
    states.forEach(state -> names.add(state.name()));
    return names;
  }
}
