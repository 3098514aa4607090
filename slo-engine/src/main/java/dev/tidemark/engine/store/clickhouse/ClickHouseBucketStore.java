package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Judged buckets in ClickHouse. Thread-safe. */
public final class ClickHouseBucketStore implements BucketStore {
  /** A bucket has one day, so those of two days never replace each other. */
  private static final String DAYS_APART =
      " SETTINGS do_not_merge_across_partitions_select_final = 1";

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

  @Override
  public void read(
      Collection<ObjectiveId> objectives, Instant from, Instant to, Consumer<Bucket> consumer) {
    if (!objectives.isEmpty()) {
      read(oneOf(objectives) + " AND ", from, to, consumer);
    }
  }

  private static String oneOf(Collection<ObjectiveId> objectives) {
    return objectives.stream()
        .map(id -> ClickHouseConnections.quote(id.value()))
        .collect(Collectors.joining(", ", "objective IN (", ")"));
  }

  private static String between(Instant from, Instant to) {
    return "start >= fromUnixTimestamp64Milli(toInt64(%d), 'UTC')".formatted(from.toEpochMilli())
        + " AND start < fromUnixTimestamp64Milli(toInt64(%d), 'UTC')".formatted(to.toEpochMilli());
  }

  private void read(String which, Instant from, Instant to, Consumer<Bucket> consumer) {
    connections.query(
        "SELECT objective, toUnixTimestamp64Milli(start), good, total, unknown, restated"
            + " FROM objective_buckets FINAL WHERE "
            + which
            + between(from, to)
            + " ORDER BY objective, start"
            + DAYS_APART,
        rows -> {
          Ids ids = new Ids();
          while (rows.hasNext()) {
            consumer.accept(bucket(ids.of(rows.text()), rows));
          }
        });
  }

  private static Bucket bucket(ObjectiveId id, RowBinaryInput rows) throws IOException {
    return new Bucket(
        id,
        Instant.ofEpochMilli(rows.int64()),
        new EventCounts(rows.float64(), rows.float64()),
        rows.int8() != 0,
        rows.int8() != 0);
  }

  /** Rows of one objective come together, so that they can share its id. */
  private static final class Ids {
    private ObjectiveId last = new ObjectiveId("none");

    ObjectiveId of(String text) {
      if (!last.value().equals(text)) {
        last = new ObjectiveId(text);
      }
      return last;
    }
  }

  @Override
  public void readCells(
      Collection<ObjectiveId> objectives,
      Instant from,
      Instant to,
      Duration cell,
      Consumer<Cell> consumer) {
    if (objectives.isEmpty()) {
      return;
    }
    connections.query(
        "SELECT objective, toInt64(toUnixTimestamp(toStartOfInterval(start, INTERVAL "
            + cell.toMinutes()
            + " MINUTE))) AS cell, toUnixTimestamp64Milli(min(start)), sumIf(good, plain),"
            + " sumIf(total, plain), toInt64(countIf(plain AND total > 0)),"
            + " arraySort(groupArrayIf((toUnixTimestamp64Milli(start), good, total, unknown,"
            + " restated), NOT plain)) FROM (SELECT objective, start, good, total, unknown,"
            + " restated, unknown = 0 AND good >= 0 AND good <= total AS plain FROM"
            + " objective_buckets FINAL WHERE "
            + oneOf(objectives)
            + " AND "
            + between(from, to)
            + ") GROUP BY objective, cell ORDER BY objective, cell"
            + DAYS_APART,
        rows -> {
          Ids ids = new Ids();
          while (rows.hasNext()) {
            consumer.accept(cell(ids.of(rows.text()), rows));
          }
        });
  }

  private static Cell cell(ObjectiveId id, RowBinaryInput rows) throws IOException {
    Instant start = Instant.ofEpochSecond(rows.int64());
    Instant first = Instant.ofEpochMilli(rows.int64());
    EventCounts counts = new EventCounts(rows.float64(), rows.float64());
    long counting = rows.int64();
    int count = rows.length();
    List<Bucket> odd = count == 0 ? List.of() : new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      odd.add(bucket(id, rows));
    }
    return new Cell(id, start, first, counts, counting, odd);
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
