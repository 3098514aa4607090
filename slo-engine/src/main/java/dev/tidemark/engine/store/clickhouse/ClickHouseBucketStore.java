package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Judged buckets in ClickHouse. Thread-safe. */
public final class ClickHouseBucketStore implements BucketStore {
  private final ClickHouseConnections connections;

  /** Creates one. */
  public ClickHouseBucketStore(ClickHouseConnections connections) {
    this.connections = connections;
  }

  @Override
  public void write(Collection<Bucket> buckets, long version) {
    RowBinary rows = new RowBinary();
    for (Bucket bucket : buckets) {
      rows.row();
      rows.text(bucket.objective().value());
      rows.int64(bucket.start().toEpochMilli());
      rows.float64(bucket.counts().good());
      rows.float64(bucket.counts().total());
      rows.int8(bucket.unknown() ? 1 : 0);
      rows.int8(bucket.restated() ? 1 : 0);
      rows.int64(version);
    }
    connections.insert("objective_buckets", rows, "");
  }

  @Override
  public void read(Instant from, Instant to, Consumer<Bucket> consumer) {
    read("", from, to, consumer);
  }

  @Override
  public void read(ObjectiveId objective, Instant from, Instant to, Consumer<Bucket> consumer) {
    read(
        "objective = " + ClickHouseConnections.quote(objective.value()) + " AND ",
        from,
        to,
        consumer);
  }

  private void read(String which, Instant from, Instant to, Consumer<Bucket> consumer) {
    connections.query(
        "SELECT objective, toUnixTimestamp64Milli(start) AS at, good, total, unknown, restated"
            + " FROM objective_buckets FINAL WHERE "
            + which
            + "start >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC')".formatted(from.toEpochMilli())
            + " AND start < fromUnixTimestamp64Milli(toInt64(%d), 'UTC') ORDER BY at, objective"
                .formatted(to.toEpochMilli()),
        rows -> {
          while (rows.hasNext()) {
            consumer.accept(
                new Bucket(
                    new ObjectiveId(rows.text()),
                    Instant.ofEpochMilli(rows.int64()),
                    new EventCounts(rows.float64(), rows.float64()),
                    rows.int8() != 0,
                    rows.int8() != 0));
          }
        });
  }

  @Override
  public void writeCheckpoint(Checkpoint checkpoint) {
    RowBinary row = new RowBinary();
    row.row();
    row.int8(1);
    row.int64(checkpoint.judgedUntil().toEpochMilli());
    row.int64(checkpoint.receivedBefore().toEpochMilli());
    row.int64(checkpoint.judgedUntil().toEpochMilli());
    connections.insert("checkpoints", row, "");
  }

  @Override
  public Optional<Checkpoint> readCheckpoint() {
    List<Checkpoint> found = new ArrayList<>();
    connections.query(
        "SELECT toUnixTimestamp64Milli(judged_until), toUnixTimestamp64Milli(received_before)"
            + " FROM checkpoints FINAL WHERE id = 1",
        rows -> {
          while (rows.hasNext()) {
            found.add(
                new Checkpoint(
                    Instant.ofEpochMilli(rows.int64()), Instant.ofEpochMilli(rows.int64())));
          }
        });
    return found.stream().findFirst();
  }
}
