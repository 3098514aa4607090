package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentQuery;
import dev.tidemark.alerting.IncidentState;
import dev.tidemark.alerting.IncidentStore;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Incidents as documents. Thread-safe; blocks. */
public final class StoredIncidents implements IncidentStore {
  /** Kind of these documents. */
  public static final String KIND = "incident";

  /** State of an incident to which nothing happens any more. */
  public static final String FINISHED = IncidentState.RESOLVED.name();

  private static final int OPEN_AT_MOST = 100_000;

  private final Documents documents;

  /** Keeps incidents in these documents. */
  public StoredIncidents(Documents documents) {
    this.documents = documents;
  }

  @Override
  public void save(Incident incident) {
    documents.put(document(incident));
  }

  @Override
  public void saveAll(List<Incident> incidents) {
    documents.putAll(incidents.stream().map(StoredIncidents::document).toList());
  }

  private static Document document(Incident incident) {
    return new Document(
        KIND,
        incident.id(),
        incident.state().name(),
        incident.updatedAt(),
        AlertingJson.write(incident),
        incident.revision());
  }

  @Override
  public List<Incident> open() {
    return documents
        .list(
            KIND,
            names(EnumSet.complementOf(EnumSet.of(IncidentState.RESOLVED))),
            Instant.EPOCH,
            OPEN_AT_MOST)
        .stream()
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
    Instant from = query.changedFrom() == null ? Instant.EPOCH : query.changedFrom();
    return documents.list(KIND, names(query.states()), from, OPEN_AT_MOST).stream()
        .map(StoredIncidents::read)
        .filter(query::matches)
        .limit(query.limit())
        .toList();
  }

  private static Incident read(Document document) {
    return AlertingJson.read(document.json(), Incident.class);
  }

  private static List<String> names(Set<IncidentState> states) {
    return states.stream().map(IncidentState::name).sorted().toList();
  }
}
