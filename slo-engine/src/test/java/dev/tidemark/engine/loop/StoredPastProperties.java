package dev.tidemark.engine.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
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
      store.fill(random, objective);
    }
    Judge slow = resumed(definitions);
    store.read(Instant.EPOCH, END, bucket -> restore(slow, bucket));
    Judge quick = resumed(definitions);
    List<ObjectiveId> ids = definitions.objectives().stream().map(Objective::id).toList();
    new StoredPast(store, quick, bucket -> restore(quick, bucket))
        .restore(ids, END.minus(Duration.ofDays(400)), END);
    assertThat(store.cells).isPositive();
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

  private static Judge resumed(Definitions definitions) {
    Judge judge = new Judge(definitions, END);
    judge.resumeAt(END.minus(judge.horizon()));
    return judge;
  }

  private static void restore(Judge judge, BucketStore.Bucket bucket) {
    judge.restore(bucket.objective(), bucket.start(), bucket.counts(), bucket.unknown());
  }

  private static final class MemoryBuckets implements BucketStore {
    private final TreeMap<ObjectiveId, TreeMap<Instant, Bucket>> all = new TreeMap<>();
    private int cells;

    /** Up to 40 days of buckets with holes, unknown stretches, and some better than possible. */
    void fill(Random random, Objective objective) {
      long slice = objective.slice().toMillis();
      boolean neverGood = random.nextInt(4) == 0;
      TreeMap<Instant, Bucket> own = all.computeIfAbsent(objective.id(), id -> new TreeMap<>());
      long at = END.minus(Duration.ofHours(random.nextInt(40 * 24))).toEpochMilli() / slice * slice;
      while (at + slice <= END.toEpochMilli()) {
        int kind = random.nextInt(1_000);
        if (kind == 0) {
          at += slice * random.nextInt(200);
        }
        Instant start = Instant.ofEpochMilli(at);
        boolean unknown = kind < 30;
        double total = random.nextInt(50);
        double good =
            neverGood ? 0 : kind == 999 ? total + 1 : Math.max(0, total - Math.floorDiv(kind, 300));
        own.put(
            start,
            new Bucket(
                objective.id(),
                start,
                unknown ? EventCounts.NONE : new EventCounts(good, total),
                unknown,
                false));
        at += slice;
      }
    }

    @Override
    public void read(Instant from, Instant to, Consumer<Bucket> consumer) {
      read(all.keySet(), from, to, consumer);
    }

    @Override
    public void read(ObjectiveId objective, Instant from, Instant to, Consumer<Bucket> consumer) {
      read(List.of(objective), from, to, consumer);
    }

    @Override
    public void read(
        Collection<ObjectiveId> objectives, Instant from, Instant to, Consumer<Bucket> consumer) {
      for (ObjectiveId id : objectives) {
        requireNonNull(all.get(id)).subMap(from, to).values().forEach(consumer);
      }
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
          List<Bucket> in =
              new ArrayList<>(requireNonNull(all.get(id)).subMap(start, start.plus(cell)).values());
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

    @Override
    public void write(Collection<Bucket> buckets, long version) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void writeCheckpoint(Checkpoint checkpoint) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Checkpoint> readCheckpoint() {
      return Optional.empty();
    }
  }
}
