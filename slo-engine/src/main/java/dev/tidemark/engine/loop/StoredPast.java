package dev.tidemark.engine.loop;

import dev.tidemark.engine.condition.Resumption;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.BucketStore.Bucket;
import dev.tidemark.engine.store.BucketStore.Cell;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives a judge what is stored of objectives for which nothing was saved. What is long ago is read
 * as sums over the longest stretches that the windows take, so that months of minutes cost as
 * little as they hold there; the rest, and objectives that need it, bucket by bucket. Not
 * thread-safe.
 */
final class StoredPast {
  /** So many at a time: an answer stays small, and comes before anybody loses patience. */
  private static final int WITH_SUMS = 500;

  private static final int ONE_BY_ONE = 50;

  /** Windows begin at whole cells. */
  private static final Duration SLACK = Duration.ofHours(1);

  /** What ends so long ago is read in such stretches; the longest ago first. */
  private record Tier(Duration age, Duration stretch) {}

  private static final List<Tier> TIERS =
      List.of(
          new Tier(Duration.ofDays(8), Duration.ofMinutes(60)),
          new Tier(Duration.ofDays(3), Duration.ofMinutes(15)),
          new Tier(Duration.ofHours(6), Duration.ofMinutes(5)));

  private final BucketStore buckets;
  private final Resumption resumption;
  private final Consumer<Bucket> whole;

  /**
   * Reads from a store.
   *
   * @param whole takes every bucket that is not part of a sum
   */
  StoredPast(BucketStore buckets, Resumption resumption, Consumer<Bucket> whole) {
    this.buckets = buckets;
    this.resumption = resumption;
    this.whole = whole;
  }

  /** Reads what starts in [oldest, until), which is the checkpoint or before it. */
  void restore(Collection<ObjectiveId> objectives, Instant oldest, Instant until) {
    List<ObjectiveId> sums = new ArrayList<>();
    List<ObjectiveId> others = new ArrayList<>();
    for (ObjectiveId id : objectives) {
      boolean takes = TIERS.stream().allMatch(t -> resumption.takesSums(id, t.stretch(), t.age()));
      (takes ? sums : others).add(id);
    }
    for (int from = 0; from < sums.size(); from += WITH_SUMS) {
      sums(sums.subList(from, Math.min(sums.size(), from + WITH_SUMS)), oldest, until);
    }
    for (int from = 0; from < others.size(); from += ONE_BY_ONE) {
      buckets.read(
          others.subList(from, Math.min(others.size(), from + ONE_BY_ONE)), oldest, until, whole);
    }
  }

  private void sums(List<ObjectiveId> objectives, Instant oldest, Instant until) {
    Instant from = oldest.truncatedTo(ChronoUnit.HOURS);
    for (Tier tier : TIERS) {
      Instant to = until.minus(tier.age()).minus(SLACK).truncatedTo(ChronoUnit.HOURS);
      if (from.isBefore(to)) {
        buckets.readCells(objectives, from, to, tier.stretch(), this::take);
        from = to;
      }
    }
    buckets.read(objectives, from, until, whole);
  }

  private void take(Cell cell) {
    resumption.restoreSum(
        cell.objective(), cell.firstStart(), cell.start(), cell.counts(), cell.counting());
    cell.odd().forEach(whole);
  }
}
