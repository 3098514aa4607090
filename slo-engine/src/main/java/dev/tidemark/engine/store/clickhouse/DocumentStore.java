package dev.tidemark.engine.store.clickhouse;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Small JSON documents, such as incidents and outbox entries; the highest version of each wins.
 * Every write is durable when the method returns. Thread-safe.
 */
public final class DocumentStore {
  private static final String COLUMNS =
      "SELECT kind, id, state, toUnixTimestamp64Milli(at), json, version FROM documents FINAL ";

  private final ClickHouseConnections connections;

  /** Creates one. */
  public DocumentStore(ClickHouseConnections connections) {
    this.connections = connections;
  }

  /**
   * One document.
   *
   * @param kind such as {@code incident}
   * @param id unique within the kind
   * @param state to list by, such as {@code open}
   * @param at when it last changed
   * @param json the document
   * @param version rises with every change, at least 0
   */
  public record Document(
      String kind, String id, String state, Instant at, String json, long version) {}

  /** Stores the document; one with a higher version stays in force. */
  public void put(Document document) {
    putAll(List.of(document));
  }

  /** Stores all of them in one insert. */
  public void putAll(Collection<Document> documents) {
    RowBinary rows = new RowBinary();
    for (Document document : documents) {
      rows.row();
      rows.text(document.kind());
      rows.text(document.id());
      rows.text(document.state());
      rows.int64(document.at().toEpochMilli());
      rows.text(document.json());
      rows.int64(document.version());
    }
    connections.insert("documents", rows, "");
  }

  /** Returns the newest version. */
  public Optional<Document> get(String kind, String id) {
    return query(
            "WHERE kind = %s AND id = %s"
                .formatted(ClickHouseConnections.quote(kind), ClickHouseConnections.quote(id)))
        .stream()
        .findFirst();
  }

  /**
   * Returns what is in one of the states and changed at or after {@code since}, last changed first.
   *
   * @param states an empty collection wants every state
   * @param limit the most to return
   */
  public List<Document> list(String kind, Collection<String> states, Instant since, int limit) {
    String wanted =
        states.isEmpty()
            ? ""
            : states.stream()
                .map(ClickHouseConnections::quote)
                .collect(Collectors.joining(", ", " AND state IN (", ")"));
    return query(
        "WHERE kind = %s%s AND at >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC') ORDER BY at DESC, id LIMIT %d"
            .formatted(
                ClickHouseConnections.quote(kind),
                wanted,
                Math.max(0, since.getEpochSecond()) * 1000,
                limit));
  }

  /** Returns the documents of a kind whose id begins with {@code prefix}. */
  public List<Document> startingWith(String kind, String prefix, int limit) {
    return query(
        "WHERE kind = %s AND startsWith(id, %s) ORDER BY id LIMIT %d"
            .formatted(
                ClickHouseConnections.quote(kind), ClickHouseConnections.quote(prefix), limit));
  }

  private List<Document> query(String where) {
    List<Document> found = new ArrayList<>();
    connections.query(
        COLUMNS + where,
        rows -> {
          while (rows.hasNext()) {
            found.add(
                new Document(
                    rows.text(),
                    rows.text(),
                    rows.text(),
                    Instant.ofEpochMilli(rows.int64()),
                    rows.text(),
                    rows.int64()));
          }
        });
    return found;
  }
}
