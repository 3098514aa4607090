package dev.tidemark.alerting;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Silences in memory, every change saved first. Thread-safe; changes block on the store.
 *
 * <p>Expired ones are kept for five days, so that people see what was quiet when.
 */
public final class Silences {
  private static final Duration KEPT = Duration.ofDays(5);

  private final SilenceStore store;
  private final Map<String, Silence> byId = new LinkedHashMap<>();

  /** Loads what the store has. */
  public Silences(SilenceStore store) {
    this.store = store;
    store.load().forEach(silence -> byId.put(silence.id(), silence));
  }

  /** Saves and puts in force. */
  public synchronized void put(Silence silence) {
    store.save(silence);
    byId.put(silence.id(), silence);
  }

  /** Ends a silence early; returns it as it is now, empty when unknown or over already. */
  public synchronized Optional<Silence> expire(String id, Instant at) {
    Silence silence = byId.get(id);
    if (silence == null || !at.isBefore(silence.endsAt())) {
      return Optional.empty();
    }
    Silence ended = silence.endingAt(at);
    put(ended);
    return Optional.of(ended);
  }

  /** Finds one by its id. */
  public synchronized Optional<Silence> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * Returns those that are in force or will be, and those that ended lately; the next end first.
   */
  public synchronized List<Silence> list(Instant at) {
    byId.values().removeIf(silence -> silence.endsAt().plus(KEPT).isBefore(at));
    return byId.values().stream().sorted(Comparator.comparing(Silence::endsAt)).toList();
  }

  /** Returns those in force. */
  public synchronized List<Silence> active(Instant at) {
    return byId.values().stream().filter(silence -> silence.active(at)).toList();
  }
}
