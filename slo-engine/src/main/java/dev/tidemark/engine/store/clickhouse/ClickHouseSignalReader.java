package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.SelectorIndex;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.store.KnownSignals;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads points back, streaming. Thread-safe. */
public final class ClickHouseSignalReader implements KnownSignals {
  /** More ids than this would make the statement longer than ClickHouse takes. */
  private static final int MOST_IDS_IN_TEXT = 5_000;

  /** A sender's clock may be ahead by this; partitions of the weeks before are not looked at. */
  private static final Duration AHEAD = Duration.ofDays(1);

  private static final String EVENT_TIME = "toUnixTimestamp64Nano(event_time)";

  /** As the table is sorted, so that little is left to sort and each series comes together. */
  private static final String SERIES = "series_id, event_time, point_id";

  private static final String TIME = "t, series_id, point_id";

  private final ClickHouseConnections connections;

  /** Creates one. */
  public ClickHouseSignalReader(ClickHouseConnections connections) {
    this.connections = connections;
  }

  @Override
  public void readPoints(
      Collection<Selector> selectors, Instant from, Instant to, Consumer<MetricPoint> consumer) {
    read(selectors, EVENT_TIME, happened(from, to), TIME, (point, time) -> consumer.accept(point));
  }

  @Override
  public void readArrivals(
      Collection<Selector> selectors, Instant from, Instant to, Arrivals consumer) {
    read(
        selectors,
        "toUnixTimestamp64Milli(received_at)",
        happened(from, to),
        SERIES,
        (point, received) -> consumer.take(point, Instant.ofEpochMilli(received)));
  }

  @Override
  public void readPointsReceived(
      Collection<Selector> selectors, Instant from, Instant to, Consumer<MetricPoint> consumer) {
    read(
        selectors,
        EVENT_TIME,
        "received_at >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC') AND received_at < fromUnixTimestamp64Milli(toInt64(%d), 'UTC')"
            .formatted(from.toEpochMilli(), to.toEpochMilli()),
        TIME,
        (point, time) -> consumer.accept(point));
  }

  @Override
  public void readPointsKnown(
      Collection<Selector> selectors,
      Instant from,
      Instant to,
      Duration delay,
      KnownConsumer consumer) {
    String known =
        "greatest(%s, toUnixTimestamp64Milli(received_at) * 1000000 - %d)"
            .formatted(EVENT_TIME, delay.toNanos());
    // The first two name what the table is ordered and partitioned by, so that less is read.
    read(
        selectors,
        known,
        "event_time < fromUnixTimestamp64Nano(toInt64(%d), 'UTC') AND received_at >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC') AND %s >= %d AND %s < %d"
            .formatted(
                nanos(to), from.minus(AHEAD).toEpochMilli(), known, nanos(from), known, nanos(to)),
        TIME,
        consumer);
  }

  /** SQL for points with event time in [from, to). */
  private static String happened(Instant from, Instant to) {
    return "event_time >= fromUnixTimestamp64Nano(toInt64(%d), 'UTC') AND event_time < fromUnixTimestamp64Nano(toInt64(%d), 'UTC')"
        .formatted(nanos(from), nanos(to));
  }

  /**
   * Reads points with a time of each.
   *
   * @param time SQL for it
   * @param times SQL for those that are wanted
   * @param order SQL for the order; {@code t} is the time
   */
  private void read(
      Collection<Selector> selectors,
      String time,
      String times,
      String order,
      KnownConsumer consumer) {
    if (selectors.isEmpty()) {
      return;
    }
    String metrics =
        selectors.stream()
            .map(selector -> ClickHouseConnections.quote(selector.metric()))
            .distinct()
            .collect(Collectors.joining(", "));
    Map<Long, Series> wanted = series(selectors, metrics);
    if (wanted.isEmpty()) {
      return;
    }
    String ids =
        wanted.size() > MOST_IDS_IN_TEXT
            ? "SELECT series_id FROM metric_series WHERE metric IN (" + metrics + ")"
            : wanted.keySet().stream()
                .map(Long::toUnsignedString)
                .collect(Collectors.joining(", "));
    connections.query(
        "SELECT series_id, toUnixTimestamp64Nano(start_time), toUnixTimestamp64Nano(event_time),"
            + " value, count, bounds, bucket_counts, "
            + time
            + " AS t FROM metric_points WHERE series_id IN ("
            + ids
            + ") AND "
            + times
            + " ORDER BY "
            + order
            + ", received_at LIMIT 1 BY series_id, point_id",
        rows -> {
          while (rows.hasNext()) {
            Series series = wanted.get(rows.int64());
            MetricPoint point = point(rows, series);
            long at = rows.int64();
            if (point != null) {
              consumer.point(point, at);
            }
          }
        });
  }

  private static @org.jspecify.annotations.Nullable MetricPoint point(
      RowBinaryInput rows, @org.jspecify.annotations.Nullable Series series) throws IOException {
    long start = rows.int64();
    long time = rows.int64();
    double value = rows.float64();
    long count = rows.int64();
    double[] bounds = new double[rows.length()];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = rows.float64();
    }
    long[] counts = new long[rows.length()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = rows.int64();
    }
    return series == null
        ? null
        : new MetricPoint(series, start, time, value, count, bounds, counts);
  }

  private Map<Long, Series> series(Collection<Selector> selectors, String metrics) {
    Map<Long, Series> wanted = new HashMap<>();
    SelectorIndex<Boolean> index =
        new SelectorIndex<>(
            selectors.stream().map(selector -> new SelectorIndex.Entry<>(selector, true)).toList());
    connections.query(
        "SELECT metric, kind, unit, resource, attributes FROM metric_series WHERE metric IN ("
            + metrics
            + ")",
        rows -> {
          while (rows.hasNext()) {
            Series series =
                Series.of(
                    rows.text(),
                    MetricKind.valueOf(rows.text()),
                    rows.text(),
                    rows.map(),
                    rows.map());
            if (!index.find(series).isEmpty()) {
              wanted.put(series.id(), series);
            }
          }
        });
    return wanted;
  }

  private static long nanos(Instant time) {
    // DateTime64(9) ends in 2262; what lies beyond is as good as the end.
    long seconds = Math.max(-2_208_988_800L, Math.min(time.getEpochSecond(), 9_223_372_000L));
    return seconds * 1_000_000_000L + time.getNano();
  }
}
