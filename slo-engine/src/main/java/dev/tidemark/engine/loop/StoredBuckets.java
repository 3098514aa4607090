package dev.tidemark.engine.loop;

import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.BucketStore.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Reads stored buckets in as few questions as it takes. Blocks. */
final class StoredBuckets {
  /** No window is longer. */
  static final Duration LONGEST_WINDOW = Duration.ofDays(400);

  /** More objectives than this are read in one go. */
  private static final int ONE_BY_ONE = 50;

  /** More stretches than this are read in one go. */
  private static final int STRETCHES = 10;

  private final BucketStore buckets;

  StoredBuckets(BucketStore buckets) {
    this.buckets = buckets;
  }

  /** A stretch of event time: [from, to). */
  private record Stretch(Instant from, Instant to) {}

  /** Hands over the buckets of these objectives that start in [from, to). */
  void read(Collection<ObjectiveId> ids, Instant from, Instant to, Consumer<Bucket> consumer) {
    if (ids.size() > ONE_BY_ONE) {
      Set<ObjectiveId> wanted = Set.copyOf(ids);
      buckets.read(
          from,
          to,
          bucket -> {
            if (wanted.contains(bucket.objective())) {
              consumer.accept(bucket);
            }
          });
    } else {
      ids.forEach(id -> buckets.read(id, from, to, consumer));
    }
  }

  /**
   * Hands over the buckets of one objective that any correction covers, each once, and some more.
   *
   * @param slice length of a bucket: one that began before a correction may reach into it
   * @param to none that starts at or after it
   */
  void readCovered(
      ObjectiveId id,
      List<Correction> corrections,
      Duration slice,
      Instant from,
      Instant to,
      Consumer<Bucket> consumer) {
    for (Stretch stretch : stretches(corrections, slice, from, to)) {
      buckets.read(id, stretch.from(), stretch.to(), consumer);
    }
  }

  private static List<Stretch> stretches(
      List<Correction> corrections, Duration slice, Instant from, Instant to) {
    List<Stretch> apart = new ArrayList<>();
    corrections.stream()
        .map(each -> new Stretch(later(each.from().minus(slice), from), sooner(each.to(), to)))
        .filter(stretch -> stretch.from().isBefore(stretch.to()))
        .sorted(java.util.Comparator.comparing(Stretch::from))
        .forEach(
            stretch -> {
              int last = apart.size() - 1;
              if (last >= 0 && !stretch.from().isAfter(apart.get(last).to())) {
                Stretch before = apart.get(last);
                apart.set(last, new Stretch(before.from(), later(before.to(), stretch.to())));
              } else {
                apart.add(stretch);
              }
            });
    return apart.size() <= STRETCHES
        ? apart
        : List.of(new Stretch(apart.get(0).from(), apart.get(apart.size() - 1).to()));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant sooner(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
