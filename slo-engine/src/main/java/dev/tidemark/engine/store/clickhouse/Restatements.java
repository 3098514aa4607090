package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What late signals changed, entry by entry. Nothing is ever replaced; the same entry again changes
 * nothing. Durable when the method returns. Thread-safe; blocks.
 */
public final class Restatements {
  private final ClickHouseConnections connections;

  /** Creates one. */
  public Restatements(ClickHouseConnections connections) {
    this.connections = connections;
  }

  /**
   * A slice that was judged anew.
   *
   * @param objective whose
   * @param start of the slice, event time
   * @param at when it was judged anew, engine time
   * @param before counts as they stood
   * @param after counts as they stand since
   */
  public record Entry(
      ObjectiveId objective, Instant start, Instant at, EventCounts before, EventCounts after) {}

  /** Stores all entries in one insert. */
  public void write(Collection<Entry> entries) {
    RowBinary rows = new RowBinary();
    for (Entry entry : entries) {
      rows.row();
      rows.text(entry.objective().value());
      rows.int64(entry.start().toEpochMilli());
      rows.int64(entry.at().toEpochMilli());
      rows.float64(entry.before().good());
      rows.float64(entry.before().total());
      rows.float64(entry.after().good());
      rows.float64(entry.after().total());
    }
    connections.insert("restatements", rows, "");
  }

  /**
   * Returns what was restated at or after {@code since}, of slices that start in [from, to), newest
   * first.
   *
   * @param limit at most so many
   */
  public List<Entry> read(
      ObjectiveId objective, Instant since, Instant from, Instant to, int limit) {
    List<Entry> found = new ArrayList<>();
    connections.query(
        ("SELECT toUnixTimestamp64Milli(start) AS ms, toUnixTimestamp64Milli(at) AS told,"
                + " before_good, before_total, after_good, after_total FROM restatements FINAL"
                + " WHERE objective = %s AND at >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC')"
                + " AND start >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC')"
                + " AND start < fromUnixTimestamp64Milli(toInt64(%d), 'UTC')"
                + " ORDER BY told DESC, ms DESC LIMIT %d")
            .formatted(
                ClickHouseConnections.quote(objective.value()),
                since.toEpochMilli(),
                from.toEpochMilli(),
                to.toEpochMilli(),
                limit),
        rows -> {
          while (rows.hasNext()) {
            found.add(
                new Entry(
                    objective,
                    Instant.ofEpochMilli(rows.int64()),
                    Instant.ofEpochMilli(rows.int64()),
                    new EventCounts(rows.float64(), rows.float64()),
                    new EventCounts(rows.float64(), rows.float64())));
          }
        });
    return found;
  }
}
