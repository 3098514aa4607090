package dev.tidemark.engine.store.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.store.DatasetHistory.Step;
import dev.tidemark.engine.store.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dataset's page asks of a real ClickHouse. */
class DatasetHistoryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:30:00Z");
  private static final Instant ELEVEN = Instant.parse("2026-03-01T11:00:00Z");
  private static final Instant TWELVE = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant DAY = NOW.minus(Duration.ofDays(1));

  private static FreshStore store;
  private static ClickHouseDatasetHistory history;

  private static Series series(
      String metric, MetricKind kind, String dataset, String partition, String outcome) {
    return Series.of(
        metric,
        kind,
        "1",
        Map.of("service.name", "load"),
        Map.of("dataset", dataset, "partition", partition, "outcome", outcome));
  }

  private static MetricPoint point(Series series, Instant at, double value) {
    return MetricPoint.number(
        series, series.kind().isCumulative() ? 1 : 0, at.getEpochSecond() * 1_000_000_000L, value);
  }

  @BeforeAll
  static void fill(@TempDir Path folder) throws Exception {
    store = new FreshStore();
    history = new ClickHouseDatasetHistory(store.connections());
    Series eu = series("tidemark.watermark", MetricKind.GAUGE, "orders", "eu", "");
    Series us = series("tidemark.watermark", MetricKind.GAUGE, "orders", "us", "");
    Series other = series("tidemark.watermark", MetricKind.GAUGE, "refunds", "eu", "");
    Series seenEu = series("tidemark.records", MetricKind.DELTA_SUM, "orders", "eu", "observed");
    Series seenUs =
        series("tidemark.records", MetricKind.CUMULATIVE_SUM, "orders", "us", "observed");
    Series expected = series("tidemark.records", MetricKind.DELTA_SUM, "orders", "eu", "expected");
    Series refunds = series("tidemark.records", MetricKind.DELTA_SUM, "refunds", "eu", "observed");
    List<MetricPoint> points = new ArrayList<>();
    points.add(point(eu, NOW.minusSeconds(60), 1_772_366_000));
    points.add(point(us, NOW.minusSeconds(30), 1_772_360_000));
    points.add(point(other, NOW.minusSeconds(30), 1_772_367_000));
    points.add(point(seenEu, ELEVEN.plusSeconds(600), 3));
    points.add(point(seenEu, ELEVEN.plusSeconds(1_200), 4));
    points.add(point(seenEu, TWELVE.plusSeconds(60), 5));
    // From 10 to 25 in the first hour, to 31 in the second.
    points.add(point(seenUs, ELEVEN.plusSeconds(600), 10));
    points.add(point(seenUs, ELEVEN.plusSeconds(1_200), 25));
    points.add(point(seenUs, TWELVE.plusSeconds(60), 31));
    points.add(point(expected, ELEVEN.plusSeconds(600), 24));
    points.add(point(refunds, ELEVEN.plusSeconds(600), 99));
    SignalBatch batch = new SignalBatch(points, List.of(), List.of(), List.of(), List.of());
    try (ClickHouseSignalSink sink =
        new ClickHouseSignalSink(
            store.connections(),
            new Spool(folder.resolve("spool"), 1 << 20),
            InstantSource.fixed(NOW),
            (stored, at) -> {})) {
      sink.append(batch).toCompletableFuture().get(30, TimeUnit.SECONDS);
      // The same again changes nothing.
      sink.append(batch).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void the_newest_record_is_that_of_the_partition_furthest_ahead() {
    assertThat(history.newestRecord("orders", DAY)).contains(Instant.ofEpochSecond(1_772_366_000));
    assertThat(history.newestRecord("orders", NOW)).isEmpty();
    assertThat(history.newestRecord("it's", DAY)).isEmpty();
  }

  @Test
  void records_are_counted_by_outcome_over_all_partitions() {
    assertThat(history.records("orders", DAY, Duration.ofHours(1)))
        .containsExactly(
            // 3 + 4 of eu, 25 - 10 of us.
            new Step(ELEVEN, new TreeMap<>(Map.of("observed", 22.0, "expected", 24.0))),
            // 5 of eu, 31 - 25 of us, across the hours; nobody said what was expected.
            new Step(TWELVE, new TreeMap<>(Map.of("observed", 11.0))));
    assertThat(history.records("nobody", DAY, Duration.ofHours(1))).isEmpty();
  }
}
