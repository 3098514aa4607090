package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.model.LineageEvent;
import java.time.Instant;
import java.util.function.Consumer;

/** Reads stored OpenLineage events back. Thread-safe; blocks. */
public final class ClickHouseLineageReader {
  private final ClickHouseConnections connections;

  /** Reads from this database. */
  public ClickHouseLineageReader(ClickHouseConnections connections) {
    this.connections = connections;
  }

  /** Hands over the events since then, each once, oldest first. */
  public void read(Instant since, Consumer<LineageEvent> consumer) {
    connections.query(
        LineageRows.SELECT
            + " WHERE event_time >= fromUnixTimestamp64Milli(toInt64("
            + since.toEpochMilli()
            + "), 'UTC') ORDER BY at",
        rows -> LineageRows.read(rows, consumer));
  }
}
