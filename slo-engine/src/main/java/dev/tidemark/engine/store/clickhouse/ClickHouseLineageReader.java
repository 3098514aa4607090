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
        "SELECT kind, event_type, toUnixTimestamp64Nano(event_time) AS at, run_id, job,"
            + " parent_run_id, inputs, outputs, remarks, json FROM lineage_events FINAL"
            + " WHERE event_time >= fromUnixTimestamp64Milli(toInt64("
            + since.toEpochMilli()
            + "), 'UTC') ORDER BY at",
        rows -> {
          while (rows.hasNext()) {
            consumer.accept(
                new LineageEvent(
                    rows.text(),
                    rows.text(),
                    rows.int64(),
                    rows.text(),
                    rows.text(),
                    rows.text(),
                    rows.texts(),
                    rows.texts(),
                    rows.texts(),
                    rows.text()));
          }
        });
  }
}
