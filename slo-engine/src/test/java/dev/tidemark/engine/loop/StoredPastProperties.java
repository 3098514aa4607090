package dev.tidemark.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Resumption;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is restored from sums is what is restored bucket by bucket. */
class StoredPastProperties {
  private static final Instant END = Instant.parse("2026-03-28T00:37:00Z");
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        owner: team-payments
        objectives:
          - validity: {name: week, target: 99.9%, window: 7d}
          - validity: {name: days30, target: 99%, window: 30d}
          - validity: {name: days90, target: 99%, window: 90d}
          - validity: {name: sevens, target: 99%, window: 30d, timeSlice: 7m}
          - validity: {name: hours, target: 99%, window: 28d, timeSlice: 90m}
          - validity: {name: month, target: 99%, window: month, timeZone: Asia/Kolkata}
          - validity: {name: frozen, target: 99%, window: 30d, noData: frozen}
      """;

  @Property(tries = 12)
  void sums_restore_the_same_windows_coverage_and_remarks_as_buckets_do(@ForAll long seed) {
    Random random = new Random(seed);
    Definitions definitions = SavedWindowsProperties.definitions(DEFINITIONS);
    MemoryBuckets store = new MemoryBuckets();
    for (Objective objective : definitions.objectives()) {
      fill(store, random, objective);
    }
    Judge slow = new Judge(definitions, END);
    Resumption slowly = resumed(slow);
    store.read(Instant.EPOCH, END, bucket -> restore(slowly, bucket));
    Judge quick = new Judge(definitions, END);
    Resumption quickly = resumed(quick);
    List<ObjectiveId> ids = definitions.objectives().stream().map(Objective::id).toList();
    new StoredPast(store, quickly, bucket -> restore(quickly, bucket))
        .restore(ids, END.minus(Duration.ofDays(400)), END);
    assertThat(store.cells()).isPositive();
    assertThat(slow.tick(END)).isNotNull();
    assertThat(quick.tick(END)).isNotNull();
    for (Objective objective : definitions.objectives()) {
      ObjectiveId id = objective.id();
      BudgetSnapshot expected = slow.snapshot(id, END).orElseThrow();
      BudgetSnapshot found = quick.snapshot(id, END).orElseThrow();
      assertThat(found.budget()).as("%s", id).isEqualTo(expected.budget());
      assertThat(found.burnRates()).as("%s", id).isEqualTo(expected.burnRates());
      assertThat(found.coverageRatio()).as("%s", id).isEqualTo(expected.coverageRatio());
      assertThat(quick.remarks(id)).as("%s", id).isEqualTo(slow.remarks(id));
    }
  }

  private static Resumption resumed(Judge judge) {
    return judge.resumeAt(END.minus(judge.horizon()));
  }

  private static void restore(Resumption resumption, BucketStore.Bucket bucket) {
    resumption.restore(bucket.objective(), bucket.start(), bucket.counts(), bucket.unknown());
  }

  /** Up to 40 days of buckets with holes, unknown stretches, and some better than possible. */
  private static void fill(MemoryBuckets store, Random random, Objective objective) {
    long slice = objective.slice().toMillis();
    boolean neverGood = random.nextInt(4) == 0;
    List<BucketStore.Bucket> own = new ArrayList<>();
    long at = END.minus(Duration.ofHours(random.nextInt(40 * 24))).toEpochMilli() / slice * slice;
    while (at + slice <= END.toEpochMilli()) {
      int kind = random.nextInt(1_000);
      if (kind == 0) {
        at += slice * random.nextInt(200);
      }
      boolean unknown = kind < 30;
      double total = random.nextInt(50);
      double good =
          neverGood ? 0 : kind == 999 ? total + 1 : Math.max(0, total - Math.floorDiv(kind, 300));
      own.add(
          new BucketStore.Bucket(
              objective.id(),
              Instant.ofEpochMilli(at),
              unknown ? EventCounts.NONE : new EventCounts(good, total),
              unknown,
              false));
      at += slice;
    }
    store.write(own, 0);
  }
}
