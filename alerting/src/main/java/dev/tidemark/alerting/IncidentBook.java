package dev.tidemark.alerting;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The incidents that the next event may touch: those that are open, and those that were over
 * lately. Immutable.
 *
 * @param incidents by id, oldest first
 * @param restored whether they come from a store, where a crash may have left halves of changes
 * @param spentIds of those that were over and let go in the last days: a store still has them, so
 *     that none of these ids must be given again
 */
public record IncidentBook(
    Map<String, Incident> incidents, boolean restored, Set<String> spentIds) {
  /** Nothing happened yet. */
  public static final IncidentBook EMPTY = new IncidentBook(Map.of(), false, Set.of());

  public IncidentBook {
    incidents = Collections.unmodifiableMap(new LinkedHashMap<>(incidents));
    spentIds = Set.copyOf(spentIds);
  }

  /** Returns a book of incidents that a store has. */
  public static IncidentBook of(Collection<Incident> incidents) {
    return of(incidents, true, Set.of());
  }

  /** Returns a book of incidents as a transition leaves them. */
  static IncidentBook after(Collection<Incident> incidents, Set<String> spentIds) {
    return of(incidents, false, spentIds);
  }

  private static IncidentBook of(
      Collection<Incident> incidents, boolean restored, Set<String> spentIds) {
    Map<String, Incident> byId = new LinkedHashMap<>();
    incidents.stream()
        .sorted(Comparator.comparing(Incident::openedAt).thenComparing(Incident::id))
        .forEach(incident -> byId.put(incident.id(), incident));
    return new IncidentBook(byId, restored, spentIds);
  }

  /** Returns what is not resolved, oldest first. */
  public List<Incident> open() {
    return incidents.values().stream().filter(Incident::open).toList();
  }

  /** Finds one by its id. */
  public Optional<Incident> find(String id) {
    return Optional.ofNullable(incidents.get(id));
  }

  /** Returns this book with what these incidents owed forgotten, once the outbox has it. */
  IncidentBook sent(Collection<Incident> told) {
    if (told.isEmpty()) {
      return this;
    }
    Map<String, Incident> changed = new LinkedHashMap<>(incidents);
    for (Incident incident : told) {
      Incident current = incidents.get(incident.id());
      if (current != null
          && current.revision() == incident.revision()
          && !current.owed().isEmpty()) {
        changed.put(incident.id(), new IncidentDraft(current).withoutOwed());
      }
    }
    return new IncidentBook(changed, restored, spentIds);
  }
}
