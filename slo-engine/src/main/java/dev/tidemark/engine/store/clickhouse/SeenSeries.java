package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.Series;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What the stored series tell of the time before a start. Thread-safe; blocks. */
public final class SeenSeries {
  private static final int NAMES_AT_MOST = 10_000;

  private final ClickHouseConnections connections;

  /** Creates one. */
  public SeenSeries(ClickHouseConnections connections) {
    this.connections = connections;
  }

  /** Takes a dataset that signals spoke of. */
  public interface DatasetConsumer {
    /**
     * Takes one.
     *
     * @param schema whether anything checks its schema
     */
    void seen(String dataset, boolean schema, Instant lastSeen);
  }

  /** Hands over the datasets of series that were seen since a moment; the catalogue's own not. */
  public void datasets(Instant since, DatasetConsumer consumer) {
    connections.query(
        "SELECT attributes['dataset'] AS dataset,"
            + " toUInt64(max(metric = 'tidemark.check' AND startsWith(attributes['check'], 'schema'))),"
            + " toUnixTimestamp64Milli(max(last_seen)) FROM metric_series WHERE dataset != ''"
            + " AND NOT (metric = 'tidemark.check' AND attributes['check'] = 'catalog')"
            + " AND last_seen >= fromUnixTimestamp64Milli(toInt64("
            + since.toEpochMilli()
            + "), 'UTC') GROUP BY dataset ORDER BY dataset",
        rows -> {
          while (rows.hasNext()) {
            consumer.seen(rows.text(), rows.int64() != 0, Instant.ofEpochMilli(rows.int64()));
          }
        });
  }

  /** Returns the names of metrics ever seen. */
  public List<String> metrics() {
    List<String> names = new ArrayList<>();
    connections.query(
        "SELECT DISTINCT metric FROM metric_series ORDER BY metric LIMIT " + NAMES_AT_MOST,
        rows -> {
          while (rows.hasNext()) {
            names.add(rows.text());
          }
        });
    return names;
  }

  /** Hands over every stored series of some metrics. */
  public void series(Set<String> metrics, Consumer<Series> consumer) {
    if (metrics.isEmpty()) {
      return;
    }
    connections.query(
        "SELECT metric, kind, unit, resource, attributes FROM metric_series WHERE metric IN ("
            + metrics.stream()
                .sorted()
                .map(ClickHouseConnections::quote)
                .collect(Collectors.joining(", "))
            + ")",
        rows -> {
          while (rows.hasNext()) {
            consumer.accept(
                Series.of(
                    rows.text(),
                    MetricKind.valueOf(rows.text()),
                    rows.text(),
                    rows.map(),
                    rows.map()));
          }
        });
  }
}
