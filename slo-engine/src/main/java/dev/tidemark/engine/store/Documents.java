package dev.tidemark.engine.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Durable storage of small JSON documents, the highest version of each winning. Every method
 * returns after the change is durable and throws when it is not. Thread-safe.
 */
public interface Documents {
  /**
   * Stores a version.
   *
   * @param kind such as {@code incident}
   * @param id within the kind
   * @param version the highest wins
   * @param state for {@link #list}
   * @param at when it was changed
   * @param json the document
   */
  void put(String kind, String id, long version, String state, Instant at, String json);

  /** Returns the newest version of one document. */
  Optional<String> get(String kind, String id);

  /**
   * Returns the newest versions of documents in these states, last changed first.
   *
   * @param kind such as {@code incident}
   * @param states wanted ones
   * @param from last changed at or after
   * @param to last changed before
   * @param limit at most so many
   */
  List<String> list(String kind, Set<String> states, Instant from, Instant to, int limit);
}
