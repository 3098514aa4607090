package dev.tidemark.alerting;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps documents as JSON text, so that a test's restart reads what a real one would. */
public class InMemoryIncidentStore implements IncidentStore {
  private final Map<String, String> documents = new LinkedHashMap<>();

  @Override
  public synchronized void save(Incident incident) {
    boolean known =
        find(incident.id()).filter(one -> one.revision() >= incident.revision()).isPresent();
    if (!known) {
      documents.put(incident.id(), AlertingJson.write(incident));
    }
  }

  @Override
  public synchronized List<Incident> open() {
    return documents.values().stream()
        .map(InMemoryIncidentStore::read)
        .filter(Incident::open)
        .sorted(Comparator.comparing(Incident::openedAt).thenComparing(Incident::id))
        .toList();
  }

  @Override
  public synchronized Optional<Incident> find(String id) {
    return Optional.ofNullable(documents.get(id)).map(InMemoryIncidentStore::read);
  }

  @Override
  public synchronized List<Incident> list(IncidentQuery query) {
    return documents.values().stream()
        .map(InMemoryIncidentStore::read)
        .filter(query::matches)
        .sorted(Comparator.comparing(Incident::updatedAt).reversed())
        .limit(query.limit())
        .toList();
  }

  private static Incident read(String json) {
    return AlertingJson.read(json, Incident.class);
  }
}
