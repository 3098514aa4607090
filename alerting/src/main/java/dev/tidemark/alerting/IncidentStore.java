package dev.tidemark.alerting;

import java.util.List;
import java.util.Optional;

/**
 * Port to durable storage of incidents, each one document. Every method returns after the change is
 * durable, and throws when it is not. Implementations are safe for use by several threads. {@code
 * IncidentStoreContract} in the tests says the same in code.
 */
public interface IncidentStore {
  /**
   * Stores the document. The highest {@link Incident#revision()} wins: an older one, or the same
   * again, changes nothing.
   */
  void save(Incident incident);

  /** Stores all of them, in this order; when it throws, the last ones may be missing. */
  default void saveAll(List<Incident> incidents) {
    incidents.forEach(this::save);
  }

  /** Returns all incidents that are not resolved, oldest first. */
  List<Incident> open();

  /** Finds one by its id. */
  Optional<Incident> find(String id);

  /** Returns what matches, last changed first. */
  List<Incident> list(IncidentQuery query);
}
