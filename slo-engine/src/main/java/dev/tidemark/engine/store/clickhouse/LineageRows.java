package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.model.LineageEvent;
import java.io.IOException;
import java.util.function.Consumer;

/** OpenLineage events as rows of their table. Stateless. */
final class LineageRows {
  /** What to ask for, up to the condition; each event once. Its time is called {@code at}. */
  static final String SELECT =
      "SELECT kind, event_type, toUnixTimestamp64Nano(event_time) AS at, run_id, job,"
          + " parent_run_id, inputs, outputs, remarks, json FROM lineage_events FINAL";

  private LineageRows() {}

  /** Hands over what {@link #SELECT} gave. */
  static void read(RowBinaryInput rows, Consumer<LineageEvent> consumer) throws IOException {
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
  }
}
