package dev.tidemark.engine.loop;

import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import java.time.Instant;
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
  public void writeCheckpoint(Checkpoint written) {
    checkpoint = written;
  }

  @Override
  public Optional<Checkpoint> readCheckpoint() {
    return Optional.ofNullable(checkpoint);
  }
}
