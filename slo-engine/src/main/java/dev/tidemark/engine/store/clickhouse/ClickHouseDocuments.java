package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.store.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Documents as rows of ClickHouse; what is put together is one insert. Thread-safe. */
public final class ClickHouseDocuments implements Documents {
  private static final String COLUMNS =
      "SELECT kind, id, state, toUnixTimestamp64Milli(at), json, version FROM documents FINAL ";

  private final ClickHouseConnections connections;

  /** Creates one. */
  public ClickHouseDocuments(ClickHouseConnections connections) {
    this.connections = connections;
  }

  @Override
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

  @Override
  public Optional<Document> get(String kind, String id) {
    return query(
            "WHERE kind = %s AND id = %s"
                .formatted(ClickHouseConnections.quote(kind), ClickHouseConnections.quote(id)))
        .stream()
        .findFirst();
  }

  @Override
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

  @Override
  public long count(String kind, String state) {
    long[] count = new long[1];
    connections.query(
        "SELECT toInt64(count()) FROM documents FINAL WHERE kind = %s AND state = %s"
            .formatted(ClickHouseConnections.quote(kind), ClickHouseConnections.quote(state)),
        rows -> {
          while (rows.hasNext()) {
            count[0] = rows.int64();
          }
        });
    return count[0];
  }

  @Override
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
