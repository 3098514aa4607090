package dev.tidemark.alerting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps documents as they are: that they survive as JSON is tried elsewhere, and takes longer. */
final class FusedIncidentStore extends InMemoryIncidentStore {
  private final Map<String, Incident> byId = new LinkedHashMap<>();
  private final Fuse fuse;

  FusedIncidentStore(Fuse fuse) {
    this.fuse = fuse;
  }

  @Override
  public synchronized void save(Incident incident) {
    fuse.around(
        () ->
            byId.merge(
                incident.id(),
                incident,
                (old, fresh) -> fresh.revision() > old.revision() ? fresh : old));
  }

  @Override
  public synchronized List<Incident> open() {
    return byId.values().stream().filter(Incident::open).toList();
  }

  @Override
  public synchronized Optional<Incident> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public synchronized List<Incident> list(IncidentQuery query) {
    return byId.values().stream().filter(query::matches).limit(query.limit()).toList();
  }
}
