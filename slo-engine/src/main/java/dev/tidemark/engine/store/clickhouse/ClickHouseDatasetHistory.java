package dev.tidemark.engine.store.clickhouse;

import static dev.tidemark.engine.store.clickhouse.ClickHouseConnections.quote;

import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.store.DatasetHistory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads a dataset's history: first which series speak of it, by metric as their order key begins,
 * then the points of those series. Bounded in time and number. Thread-safe; blocks.
 */
public final class ClickHouseDatasetHistory implements DatasetHistory {
  private static final int SERIES_AT_MOST = 2_000;
  private static final int STEPS_AT_MOST = 200_000;

  private final ClickHouseConnections connections;

  /** Creates one. */
  public ClickHouseDatasetHistory(ClickHouseConnections connections) {
    this.connections = connections;
  }

  /** A series of the dataset. */
  private record Speaking(String outcome, MetricKind kind) {}

  private Map<Long, Speaking> series(String dataset, String metric) {
    Map<Long, Speaking> series = new HashMap<>();
    connections.query(
        "SELECT series_id, attributes['outcome'], kind FROM metric_series FINAL WHERE metric = "
            + quote(metric)
            + " AND attributes['dataset'] = "
            + quote(dataset)
            + " ORDER BY last_seen DESC, series_id LIMIT "
            + SERIES_AT_MOST,
        rows -> {
          while (rows.hasNext()) {
            series.put(rows.int64(), new Speaking(rows.text(), MetricKind.valueOf(rows.text())));
          }
        });
    return series;
  }

  private static String points(Map<Long, Speaking> series, Instant since) {
    return " FROM metric_points FINAL WHERE series_id IN ("
        + series.keySet().stream().map(Long::toUnsignedString).collect(Collectors.joining(", "))
        + ") AND event_time >= fromUnixTimestamp64Milli(toInt64("
        + since.toEpochMilli()
        + "), 'UTC')";
  }

  @Override
  public Optional<Instant> newestRecord(String dataset, Instant since) {
    Map<Long, Speaking> series = series(dataset, "tidemark.watermark");
    if (series.isEmpty()) {
      return Optional.empty();
    }
    List<Instant> newest = new ArrayList<>();
    connections.query(
        "SELECT max(value)" + points(series, since) + " HAVING count() > 0",
        rows -> {
          while (rows.hasNext()) {
            newest.add(Instant.ofEpochMilli(Math.round(rows.float64() * 1_000)));
          }
        });
    return newest.stream().findFirst();
  }

  /** The points of one series in one step. */
  private record Sums(Instant start, double sum, double least, double most) {}

  @Override
  public List<Step> records(String dataset, Instant since, Duration step) {
    Map<Long, Speaking> series = series(dataset, "tidemark.records");
    if (series.isEmpty()) {
      return List.of();
    }
    Map<Long, List<Sums>> found = new HashMap<>();
    connections.query(
        "SELECT series_id, toUnixTimestamp64Milli(toDateTime64(toStartOfInterval(event_time, INTERVAL "
            + Math.max(1, step.toSeconds())
            + " SECOND), 3, 'UTC')) AS s, sum(value), min(value), max(value)"
            + points(series, since)
            + " GROUP BY series_id, s ORDER BY series_id, s LIMIT "
            + STEPS_AT_MOST,
        rows -> {
          while (rows.hasNext()) {
            found.computeIfAbsent(rows.int64(), id -> new ArrayList<>()).add(sums(rows));
          }
        });
    SortedMap<Instant, SortedMap<String, Double>> steps = new TreeMap<>();
    found.forEach(
        (id, sums) -> {
          Speaking speaking = series.get(id);
          if (speaking != null) {
            add(speaking, sums, steps);
          }
        });
    List<Step> all = new ArrayList<>();
    steps.forEach((start, records) -> all.add(new Step(start, records)));
    return all;
  }

  private static Sums sums(RowBinaryInput rows) throws IOException {
    return new Sums(
        Instant.ofEpochMilli(rows.int64()), rows.float64(), rows.float64(), rows.float64());
  }

  private static void add(
      Speaking speaking, List<Sums> sums, SortedMap<Instant, SortedMap<String, Double>> steps) {
    double before = Double.NaN;
    for (Sums each : sums) {
      // A running total grows from the step before; after a reset it grows from nothing.
      double from = Double.isNaN(before) ? each.least() : each.most() < before ? 0 : before;
      double records = speaking.kind().isCumulative() ? each.most() - from : each.sum();
      before = each.most();
      steps
          .computeIfAbsent(each.start(), start -> new TreeMap<>())
          .merge(speaking.outcome(), records, Double::sum);
    }
  }
}
