package dev.tidemark.alerting;

import java.util.List;

/** Port to durable storage of silences. Returns after the change is durable, throws otherwise. */
public interface SilenceStore {
  /** Stores or replaces by {@link Silence#id()}. */
  void save(Silence silence);

  /** Returns all silences that are kept, expired ones included. */
  List<Silence> load();
}
