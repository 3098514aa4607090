package dev.tidemark.engine.planned;

import java.util.List;

/**
 * Port to durable storage of declarations. Returns after the change is durable, throws otherwise.
 */
public interface PlanStore {
  /** Stores or replaces by {@link PlannedWork#id()}. */
  void save(PlannedWork work);

  /** Returns all declarations that are kept. */
  List<PlannedWork> load();
}
