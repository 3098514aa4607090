package dev.tidemark.engine.loop;

import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Buckets in memory, the newest version of each winning. */
final class MemoryBuckets implements BucketStore {
  private final Map<ObjectiveId, TreeMap<Instant, Bucket>> buckets = new LinkedHashMap<>();
  private @Nullable Checkpoint checkpoint;
  private int cells;

  void write(List<BucketChange> changes) {
    write(
        changes.stream()
            .map(
                change ->
                    new Bucket(
                        change.objective(),
                        change.start(),
                        change.after(),
                        change.unknown(),
                        change.restated()))
            .toList(),
        0);
  }

  @Override
  public void write(Collection<Bucket> written, long version) {
    written.forEach(
        bucket ->
            buckets
                .computeIfAbsent(bucket.objective(), id -> new TreeMap<>())
                .put(bucket.start(), bucket));
  }

  @Override
  public void read(Instant from, Instant to, Consumer<Bucket> consumer) {
    buckets.keySet().forEach(id -> read(id, from, to, consumer));
  }

  @Override
  public void read(ObjectiveId objective, Instant from, Instant to, Consumer<Bucket> consumer) {
    List.copyOf(
            buckets.getOrDefault(objective, new TreeMap<>()).subMap(from, true, to, false).values())
        .forEach(consumer);
  }

  @Override
  public void read(
      Collection<ObjectiveId> objectives, Instant from, Instant to, Consumer<Bucket> consumer) {
    objectives.forEach(id -> read(id, from, to, consumer));
  }

  @Override
  public void readCells(
      Collection<ObjectiveId> objectives,
      Instant from,
      Instant to,
      Duration cell,
      Consumer<Cell> consumer) {
    for (ObjectiveId id : objectives) {
      for (Instant start = from; start.isBefore(to); start = start.plus(cell)) {
        List<Bucket> in = new ArrayList<>();
        read(id, start, start.plus(cell), in::add);
        if (!in.isEmpty()) {
          consumer.accept(cell(id, start, in));
          cells++;
        }
      }
    }
  }

  private static Cell cell(ObjectiveId id, Instant start, List<Bucket> in) {
    List<Bucket> odd = new ArrayList<>();
    EventCounts counts = EventCounts.NONE;
    long counting = 0;
    for (Bucket bucket : in) {
      if (bucket.unknown() || bucket.counts().good() > bucket.counts().total()) {
        odd.add(bucket);
      } else {
        counts = counts.plus(bucket.counts());
        counting += bucket.counts().total() > 0 ? 1 : 0;
      }
    }
    return new Cell(id, start, in.get(0).start(), counts, counting, odd);
  }

  /** How many cells were handed over so far. */
  int cells() {
    return cells;
  }

  @Override
  public void writeCheckpoint(Checkpoint written) {
    checkpoint = written;
  }

  @Override
  public Optional<Checkpoint> readCheckpoint() {
    return Optional.ofNullable(checkpoint);
  }
}
