package dev.tidemark.engine.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Port to small JSON documents, such as incidents and outbox entries; the highest version of each
 * wins. Every change is durable when the method returns. Thread-safe; blocks.
 */
public interface Documents {
  /**
   * One document.
   *
   * @param kind such as {@code incident}
   * @param id unique within the kind
   * @param state to list by, such as {@code open}
   * @param at when it last changed; kept to the millisecond
   * @param json the document
   * @param version rises with every change, at least 0
   */
  record Document(String kind, String id, String state, Instant at, String json, long version) {}

  /** Stores the document; one with a higher version stays in force. */
  default void put(Document document) {
    putAll(List.of(document));
  }

  /** Stores all of them, or none. */
  void putAll(Collection<Document> documents);

  /** Returns the newest version. */
  Optional<Document> get(String kind, String id);

  /**
   * Returns what is in one of the states and changed at or after {@code since}, last changed first.
   *
   * @param states an empty collection wants every state
   * @param limit the most to return
   */
  List<Document> list(String kind, Collection<String> states, Instant since, int limit);

  /** Returns how many documents of a kind are in a state, without reading them. */
  long count(String kind, String state);

  /** Returns the documents of a kind whose id begins with {@code prefix}, by id. */
  List<Document> startingWith(String kind, String prefix, int limit);
}
