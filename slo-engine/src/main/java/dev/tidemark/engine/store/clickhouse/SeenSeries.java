package dev.tidemark.engine.store.clickhouse;

import static dev.tidemark.engine.store.clickhouse.ClickHouseConnections.quote;

import dev.tidemark.engine.definition.Selector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** Returns whether a series that the selector wants was ever stored. */
  public boolean anyMatches(Selector selector) {
    String wanted =
        selector.attributes().entrySet().stream()
            .map(SeenSeries::condition)
            .collect(Collectors.joining());
    boolean[] found = {false};
    connections.query(
        "SELECT 1 FROM metric_series WHERE metric = "
            + quote(selector.metric())
            + wanted
            + " LIMIT 1",
        rows -> found[0] = rows.hasNext());
    return found[0];
  }

  private static String condition(Map.Entry<String, java.util.Set<String>> wanted) {
    String key = quote(wanted.getKey());
    return " AND if(mapContains(attributes, "
        + key
        + "), attributes["
        + key
        + "], resource["
        + key
        + "]) IN ("
        + wanted.getValue().stream()
            .map(ClickHouseConnections::quote)
            .sorted()
            .collect(Collectors.joining(", "))
        + ")";
  }
}
