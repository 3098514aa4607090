package dev.tidemark.engine.store.clickhouse;

import static dev.tidemark.engine.store.clickhouse.ClickHouseConnections.quote;

import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.SpanRecord;
import dev.tidemark.engine.store.PipelineHistory;
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
 * Reads a pipeline's history. Every question begins with the pipeline, as the order keys do, and is
 * bounded in time and number. Thread-safe; blocks.
 */
public final class ClickHousePipelineHistory implements PipelineHistory {
  private static final int PARTITIONS_AT_MOST = 200;
  private static final String SPAN =
      "SELECT trace_id, span_id, parent_span_id, name, pipeline, run_id,"
          + " toUnixTimestamp64Nano(start_time) AS began, toUnixTimestamp64Nano(end_time),"
          + " status, status_message, attributes FROM spans FINAL WHERE ";

  private final ClickHouseConnections connections;

  /** Creates one. */
  public ClickHousePipelineHistory(ClickHouseConnections connections) {
    this.connections = connections;
  }

  @Override
  public List<SpanRecord> rootSpans(String pipeline, Instant since, int limit) {
    return spans(
        SPAN
            + "pipeline = "
            + quote(pipeline)
            + " AND parent_span_id = '' AND start_time >= "
            + time(since)
            + " ORDER BY began DESC, span_id LIMIT "
            + limit);
  }

  @Override
  public List<SpanRecord> trace(String traceId, Instant since, int limit) {
    return spans(
        SPAN
            + "trace_id = "
            + quote(traceId)
            + " AND start_time >= "
            + time(since)
            + " ORDER BY began, span_id LIMIT "
            + limit);
  }

  private List<SpanRecord> spans(String sql) {
    List<SpanRecord> spans = new ArrayList<>();
    connections.query(
        sql,
        rows -> {
          while (rows.hasNext()) {
            spans.add(
                new SpanRecord(
                    rows.text(),
                    rows.text(),
                    rows.text(),
                    rows.text(),
                    rows.text(),
                    rows.text(),
                    rows.int64(),
                    rows.int64(),
                    rows.text(),
                    rows.text(),
                    rows.map()));
          }
        });
    return spans;
  }

  @Override
  public Optional<String> traceOf(String pipeline, String runId, Instant since) {
    List<String> traces = new ArrayList<>();
    connections.query(
        "SELECT trace_id FROM spans WHERE pipeline = "
            + quote(pipeline)
            + " AND run_id = "
            + quote(runId)
            + " AND start_time >= "
            + time(since)
            + " ORDER BY trace_id LIMIT 1",
        rows -> {
          while (rows.hasNext()) {
            traces.add(rows.text());
          }
        });
    return traces.stream().findFirst();
  }

  @Override
  public List<LineageEvent> runEvents(String pipeline, Instant since, int limit) {
    List<LineageEvent> events = new ArrayList<>();
    connections.query(
        LineageRows.SELECT
            + " WHERE event_time >= "
            + time(since)
            + " AND kind = 'RUN' AND (job = "
            + quote(pipeline)
            + " OR endsWith(job, "
            + quote("/" + pipeline)
            + ")) ORDER BY at DESC, event_type LIMIT "
            + limit,
        rows -> LineageRows.read(rows, events::add));
    return events;
  }

  @Override
  public List<LogRecord> logs(
      String pipeline, String runId, String traceId, Instant since, int limit) {
    String run = runId.isEmpty() ? "0" : "run_id = " + quote(runId);
    String trace = traceId.isEmpty() ? "0" : "trace_id = " + quote(traceId);
    List<LogRecord> logs = new ArrayList<>();
    connections.query(
        "SELECT toUnixTimestamp64Nano(event_time) AS at, pipeline, run_id, trace_id, span_id,"
            + " severity_number, severity_text, body, attributes FROM logs FINAL WHERE pipeline = "
            + quote(pipeline)
            + " AND ("
            + run
            + " OR "
            + trace
            + ") AND event_time >= "
            + time(since)
            + " ORDER BY at LIMIT "
            + limit,
        rows -> {
          while (rows.hasNext()) {
            logs.add(
                new LogRecord(
                    rows.int64(),
                    rows.text(),
                    rows.text(),
                    rows.text(),
                    rows.text(),
                    rows.int8(),
                    rows.text(),
                    rows.text(),
                    rows.map()));
          }
        });
    return logs;
  }

  /** A series that names a partition. */
  private record Partitioned(String partition, MetricKind kind) {}

  private Map<Long, Partitioned> partitions(String pipeline, String metric, String where) {
    Map<Long, Partitioned> series = new HashMap<>();
    connections.query(
        "SELECT series_id, attributes['partition'] AS p, kind FROM metric_series FINAL WHERE metric"
            + " = "
            + quote(metric)
            + " AND pipeline = "
            + quote(pipeline)
            + " AND p != ''"
            + where
            + " ORDER BY p LIMIT "
            + PARTITIONS_AT_MOST,
        rows -> {
          while (rows.hasNext()) {
            series.put(rows.int64(), new Partitioned(rows.text(), MetricKind.valueOf(rows.text())));
          }
        });
    return series;
  }

  private static String ids(Map<Long, Partitioned> series) {
    return series.keySet().stream().map(Long::toUnsignedString).collect(Collectors.joining(", "));
  }

  @Override
  public SortedMap<String, Instant> watermarks(String pipeline, Instant since) {
    SortedMap<String, Instant> newest = new TreeMap<>();
    Map<Long, Partitioned> series = partitions(pipeline, "tidemark.watermark", "");
    if (series.isEmpty()) {
      return newest;
    }
    connections.query(
        "SELECT series_id, max(value) FROM metric_points WHERE series_id IN ("
            + ids(series)
            + ") AND event_time >= "
            + time(since)
            + " GROUP BY series_id",
        rows -> {
          while (rows.hasNext()) {
            Partitioned of = series.get(rows.int64());
            Instant at = Instant.ofEpochMilli(Math.round(rows.float64() * 1_000));
            if (of != null) {
              newest.merge(of.partition(), at, (a, b) -> a.isAfter(b) ? a : b);
            }
          }
        });
    return newest;
  }

  @Override
  public List<Amount> records(String pipeline, Instant since, Duration step) {
    Map<Long, Partitioned> series =
        partitions(pipeline, "tidemark.records", " AND attributes['outcome'] = 'observed'");
    if (series.isEmpty()) {
      return List.of();
    }
    SortedMap<String, SortedMap<Instant, Double>> sums = new TreeMap<>();
    connections.query(
        "SELECT series_id, toUnixTimestamp64Milli(toDateTime64(toStartOfInterval(event_time,"
            + " INTERVAL "
            + Math.max(1, step.toSeconds())
            + " SECOND), 3, 'UTC')) AS s, sum(value), max(value) - min(value) FROM metric_points"
            + " FINAL WHERE series_id IN ("
            + ids(series)
            + ") AND event_time >= "
            + time(since)
            + " GROUP BY series_id, s",
        rows -> {
          while (rows.hasNext()) {
            add(rows, series, sums);
          }
        });
    List<Amount> amounts = new ArrayList<>();
    sums.forEach(
        (partition, steps) ->
            steps.forEach((start, sum) -> amounts.add(new Amount(partition, start, sum))));
    return amounts;
  }

  private static void add(
      RowBinaryInput rows,
      Map<Long, Partitioned> series,
      SortedMap<String, SortedMap<Instant, Double>> sums)
      throws IOException {
    Partitioned of = series.get(rows.int64());
    Instant start = Instant.ofEpochMilli(rows.int64());
    double sum = rows.float64();
    double grown = rows.float64();
    if (of != null) {
      sums.computeIfAbsent(of.partition(), name -> new TreeMap<>())
          .merge(start, of.kind().isCumulative() ? grown : sum, Double::sum);
    }
  }

  private static String time(Instant since) {
    return "fromUnixTimestamp64Milli(toInt64(" + since.toEpochMilli() + "), 'UTC')";
  }
}
