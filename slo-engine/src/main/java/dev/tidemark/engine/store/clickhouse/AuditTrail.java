package dev.tidemark.engine.store.clickhouse;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Who did what: actions of people and tokens, never changed once written. A write is durable when
 * the method returns. Thread-safe; blocks.
 */
public final class AuditTrail {
  private final ClickHouseConnections connections;

  /** Creates one. */
  public AuditTrail(ClickHouseConnections connections) {
    this.connections = connections;
  }

  /**
   * One action.
   *
   * @param at when, engine time
   * @param actor name of the token or person; {@code local} on a server without tokens
   * @param action such as {@code incident acknowledged} or {@code sign-in refused}
   * @param subject what it was done to, such as an incident's id
   * @param detail the reason given, and whatever else a reader needs; no secrets
   */
  public record Entry(Instant at, String actor, String action, String subject, String detail) {}

  /** Adds an entry. */
  public void write(Entry entry) {
    write(List.of(entry));
  }

  /** Adds entries. */
  public void write(Collection<Entry> entries) {
    RowBinary rows = new RowBinary();
    for (Entry entry : entries) {
      rows.row();
      rows.int64(entry.at().toEpochMilli());
      rows.text(entry.actor());
      rows.text(entry.action());
      rows.text(entry.subject());
      rows.text(entry.detail());
    }
    connections.insert("audit", rows, "");
  }

  /**
   * Returns the newest different entries from {@code from} until before {@code to}, newest first.
   */
  public List<Entry> read(Instant from, Instant to, int limit) {
    List<Entry> found = new ArrayList<>();
    connections.query(
        ("SELECT DISTINCT toUnixTimestamp64Milli(at) AS ms, actor, action, subject, detail FROM audit"
                + " WHERE at >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC')"
                + " AND at < fromUnixTimestamp64Milli(toInt64(%d), 'UTC')"
                + " ORDER BY ms DESC, action, subject LIMIT %d")
            .formatted(from.toEpochMilli(), to.toEpochMilli(), limit),
        rows -> {
          while (rows.hasNext()) {
            found.add(
                new Entry(
                    Instant.ofEpochMilli(rows.int64()),
                    rows.text(),
                    rows.text(),
                    rows.text(),
                    rows.text()));
          }
        });
    return found;
  }
}
