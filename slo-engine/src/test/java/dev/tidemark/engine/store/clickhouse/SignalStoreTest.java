package dev.tidemark.engine.store.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.embedded.SharedClickHouse;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.PingRecord;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.model.SpanRecord;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.KnownSignals;
import dev.tidemark.engine.store.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalStoreTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Series ORDERS =
      Series.of(
          "tidemark.watermark",
          MetricKind.GAUGE,
          "s",
          Map.of("service.name", "orders_ingest"),
          Map.of("dataset", "orders"));
  private static final List<Selector> WANTED =
      List.of(new Selector("tidemark.watermark", Map.of("dataset", Set.of("orders"))));

  private static ClickHouseConnections connections;

  @BeforeAll
  static void migrate() {
    connections = open(SharedClickHouse.freshDatabase());
    // Test data have fixed dates; they must not be too old to be kept.
    new Migrations("", 10_000, 10_000).apply(connections);
  }

  @AfterAll
  static void close() {
    connections.close();
  }

  private static ClickHouseConnections open(String url) {
    return new ClickHouseConnections(
        url, SharedClickHouse.get().user(), SharedClickHouse.get().password());
  }

  private static SignalBatch everything(long nanos) {
    return new SignalBatch(
        List.of(
            MetricPoint.number(ORDERS, 0, nanos, 1.5),
            new MetricPoint(
                ORDERS, 1, nanos + 1, 7, 3, new double[] {0.5, 1}, new long[] {1, 2, 0})),
        List.of(new SpanRecord("t", "s", "", "load", "p", "r", 1, 2, "OK", "", Map.of("k", "v"))),
        List.of(new LogRecord(5, "p", "r", "", "", 9, "INFO", "it's \\ done", Map.of("k", "v"))),
        List.of(
            new LineageEvent(
                "RUN", "START", 5, "r", "n/j", "", List.of("a"), List.of("b"), List.of(), "{}")),
        List.of(new PingRecord("key", "SUCCESS", 0, 5, "", "")));
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  @Test
  void stored_points_come_back_once_however_often_they_are_sent(@TempDir Path dir)
      throws Exception {
    SignalBatch batch = everything(nanos(NOW));
    Instant first = NOW.plusSeconds(40);
    AtomicReference<Instant> clock = new AtomicReference<>(first);
    try (ClickHouseSignalSink sink =
        new ClickHouseSignalSink(connections, new Spool(dir, 1 << 20), clock::get, (b, at) -> {})) {
      sink.append(batch).toCompletableFuture().get(30, TimeUnit.SECONDS);
      clock.set(first.plusSeconds(100));
      sink.append(batch).toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThat(sink.lastError()).isEmpty();
      assertThat(sink.spooledBytes()).isZero();
    }
    List<MetricPoint> read = new ArrayList<>();
    new ClickHouseSignalReader(connections).readPoints(WANTED, NOW, NOW.plusSeconds(1), read::add);
    assertThat(read).isEqualTo(batch.points());
    assertThat(read.get(1).bucketCounts()).containsExactly(1, 2, 0);
    Map<MetricPoint, Instant> arrivals = new LinkedHashMap<>();
    new ClickHouseSignalReader(connections)
        .readArrivals(WANTED, NOW, NOW.plusSeconds(1), arrivals::put);
    assertThat(arrivals.keySet()).containsExactlyElementsOf(batch.points());
    assertThat(arrivals.values()).containsOnly(first);
  }

  @Test
  void what_waited_on_disk_is_replayed_by_the_next_process(@TempDir Path dir) throws Exception {
    Instant event = NOW.plusSeconds(100);
    try (ClickHouseConnections nowhere =
            new ClickHouseConnections("jdbc:clickhouse://127.0.0.1:1/x", "default", "");
        ClickHouseSignalSink sink =
            new ClickHouseSignalSink(
                nowhere, new Spool(dir, 1 << 20), InstantSource.system(), (b, at) -> {})) {
      sink.append(everything(nanos(event))).toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertThat(sink.spooledBytes()).isPositive();
    }
    Spool reopened = new Spool(dir, 1 << 20);
    try (ClickHouseSignalSink sink =
        new ClickHouseSignalSink(connections, reopened, InstantSource.system(), (b, at) -> {})) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (!reopened.isEmpty() && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(reopened.isEmpty()).as(sink.lastError()).isTrue();
    }
    List<MetricPoint> read = new ArrayList<>();
    new ClickHouseSignalReader(connections)
        .readPoints(WANTED, event, event.plusSeconds(1), read::add);
    assertThat(read).hasSize(2);
  }

  @Test
  void a_point_is_known_at_its_event_time_or_when_it_was_received_if_that_was_too_late_for_judging(
      @TempDir Path dir) throws Exception {
    Instant event = NOW.plusSeconds(10_000);
    MetricPoint late = MetricPoint.number(ORDERS, 0, nanos(event), 1);
    MetricPoint punctual = MetricPoint.number(ORDERS, 0, nanos(event.plusSeconds(1_797)), 2);
    InstantSource halfAnHourLater = () -> event.plusSeconds(1_800);
    try (ClickHouseSignalSink sink =
        new ClickHouseSignalSink(
            connections, new Spool(dir, 1 << 20), halfAnHourLater, (b, at) -> {})) {
      sink.append(SignalBatch.ofPoints(List.of(late, punctual)))
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    }
    ClickHouseSignalReader reader = new ClickHouseSignalReader(connections);
    Duration delay = Duration.ofSeconds(5);
    List<MetricPoint> points = new ArrayList<>();
    List<Instant> known = new ArrayList<>();
    KnownSignals.KnownConsumer consumer =
        (point, at) -> {
          points.add(point);
          known.add(Instant.ofEpochSecond(0, at));
        };
    reader.readPointsKnown(WANTED, event, event.plusSeconds(1_795), delay, consumer);
    assertThat(points).isEmpty();
    reader.readPointsKnown(
        WANTED, event.plusSeconds(1_795), event.plusSeconds(1_798), delay, consumer);
    assertThat(points).containsExactly(late, punctual);
    assertThat(known).containsExactly(event.plusSeconds(1_795), event.plusSeconds(1_797));
  }

  @Test
  void newest_bucket_and_checkpoint_win() {
    BucketStore store = new ClickHouseBucketStore(connections);
    ObjectiveId id = new ObjectiveId("it's");
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    store.write(List.of(new BucketStore.Bucket(id, start, new EventCounts(1, 2), false, false)), 1);
    BucketStore.Bucket newer =
        new BucketStore.Bucket(id, start, new EventCounts(2, 2), false, true);
    store.write(List.of(newer), 2);
    List<BucketStore.Bucket> read = new ArrayList<>();
    store.read(start, start.plusSeconds(1), read::add);
    assertThat(read).containsExactly(newer);
    assertThat(store.readCheckpoint()).isEmpty();
    BucketStore.Checkpoint checkpoint = new BucketStore.Checkpoint(start, start.minusSeconds(1));
    store.writeCheckpoint(checkpoint);
    assertThat(store.readCheckpoint()).contains(checkpoint);
  }

  @Test
  void migrations_apply_once_and_refuse_a_newer_layout() {
    try (ClickHouseConnections own = open(SharedClickHouse.freshDatabase())) {
      new Migrations("", 90, 800).apply(own);
      new Migrations("", 90, 800).apply(own);
      own.execute("INSERT INTO schema_migrations VALUES (99, 'later', 1)");
      assertThatThrownBy(() -> new Migrations("", 90, 800).apply(own))
          .hasMessageContaining("layout 99");
    }
  }

  @Test
  void a_cluster_gets_replicated_and_distributed_tables() {
    List<String> ddl = new Migrations("main", 30, 400).statements();
    assertThat(ddl).hasSize(24);
    assertThat(ddl.get(0)).contains("metric_series_local ON CLUSTER 'main'");
    assertThat(ddl.get(0))
        .contains(
            "ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}/{shard}',"
                + " '{replica}', last_seen)");
    assertThat(ddl.get(1))
        .endsWith("Distributed('main', currentDatabase(), metric_series_local, series_id)");
  }

  @Test
  void buckets_of_one_stretch_come_as_their_sum_and_odd_ones_by_themselves() {
    BucketStore store = new ClickHouseBucketStore(connections);
    ObjectiveId id = new ObjectiveId("summed");
    Instant hour = Instant.parse("2026-01-02T03:00:00Z");
    List<BucketStore.Bucket> buckets =
        List.of(
            bucket(id, hour.plusSeconds(60), 8, 10, false),
            bucket(id, hour.plusSeconds(120), 0, 0, false),
            bucket(id, hour.plusSeconds(180), 0, 0, true),
            bucket(id, hour.plusSeconds(240), 12, 10, false),
            bucket(id, hour.plusSeconds(3_540), 3, 4, false),
            bucket(id, hour.plusSeconds(3_600), 5, 5, false),
            bucket(new ObjectiveId("other"), hour, 1, 1, false));
    store.write(buckets, 1);
    BucketStore.Bucket newer = bucket(id, hour.plusSeconds(60), 10, 10, false);
    store.write(List.of(newer), 2);
    List<BucketStore.Cell> cells = new ArrayList<>();
    store.readCells(
        List.of(id), hour, hour.plusSeconds(7_200), java.time.Duration.ofHours(1), cells::add);
    // 10 + 0 + 3 of 10 + 0 + 4; three plain buckets of which two count.
    assertThat(cells)
        .containsExactly(
            new BucketStore.Cell(
                id,
                hour,
                hour.plusSeconds(60),
                new EventCounts(13, 14),
                2,
                List.of(buckets.get(2), buckets.get(3))),
            new BucketStore.Cell(
                id,
                hour.plusSeconds(3_600),
                hour.plusSeconds(3_600),
                new EventCounts(5, 5),
                1,
                List.of()));
    List<BucketStore.Bucket> read = new ArrayList<>();
    store.read(List.of(id), hour, hour.plusSeconds(120), read::add);
    assertThat(read).containsExactly(newer);
  }

  private static BucketStore.Bucket bucket(
      ObjectiveId id, Instant start, double good, double total, boolean unknown) {
    return new BucketStore.Bucket(id, start, new EventCounts(good, total), unknown, false);
  }
}
