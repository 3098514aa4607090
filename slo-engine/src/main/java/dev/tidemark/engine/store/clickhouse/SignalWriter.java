package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes one combined batch. Used by the sink's thread only. */
final class SignalWriter {
  private static final int SERIES_REMEMBERED = 200_000;

  private final ClickHouseConnections connections;
  private final Map<Long, Boolean> written =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
          return size() > SERIES_REMEMBERED;
        }
      };

  SignalWriter(ClickHouseConnections connections) {
    this.connections = connections;
  }

  /** Returns when every row is committed. Series go first: a point is never without its series. */
  void write(SignalBatch batch, Instant receivedAt, String token) {
    Map<Long, Series> fresh = new LinkedHashMap<>();
    for (MetricPoint point : batch.points()) {
      if (written.get(point.series().id()) == null) {
        fresh.put(point.series().id(), point.series());
      }
    }
    // Which series are new differs between attempts, so a token could hide some; versions merge.
    connections.insert("metric_series", SignalRows.series(fresh.values(), receivedAt), "");
    fresh.keySet().forEach(id -> written.put(id, true));
    insert("metric_points", SignalRows.points(batch, receivedAt), token);
    insert("spans", SignalRows.spans(batch, receivedAt), token);
    insert("logs", SignalRows.logs(batch, receivedAt), token);
    insert("lineage_events", SignalRows.lineage(batch, receivedAt), token);
    insert("pings", SignalRows.pings(batch, receivedAt), token);
  }

  private void insert(String table, RowBinary rows, String token) {
    connections.insert(table, rows, token + "-" + table);
  }
}
