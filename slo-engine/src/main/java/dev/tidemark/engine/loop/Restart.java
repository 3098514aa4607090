package dev.tidemark.engine.loop;

import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Resumption;
import dev.tidemark.engine.condition.Tick;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.BucketStore.Bucket;
import dev.tidemark.engine.store.BucketStore.Checkpoint;
import dev.tidemark.engine.store.SignalReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a judge to where the last one stopped: buckets that can no longer change are taken as they
 * were stored, the rest is judged again from the stored signals by the same code. The time in which
 * Tidemark was away is unknown, not green.
 */
public final class Restart {
  private static final Logger LOG = LoggerFactory.getLogger(Restart.class);
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(10);

  private final BucketStore buckets;
  private final StoredBuckets stored;
  private final SignalReader signals;
  private final Path windows;

  /**
   * Reads from these stores.
   *
   * @param windows file in which {@link SavedWindows} kept what is settled; need not be there
   */
  public Restart(BucketStore buckets, SignalReader signals, Path windows) {
    this.buckets = buckets;
    this.stored = new StoredBuckets(buckets);
    this.signals = signals;
    this.windows = windows;
  }

  /**
   * A judge that knows the past.
   *
   * @param judge ready to go on
   * @param missed what was judged while catching up; its buckets have to be stored
   * @param judgedUntil engine time up to which everything is judged
   */
  public record Resumed(Judge judge, Tick missed, Instant judgedUntil) {}

  /** Which bucket. */
  private record Place(ObjectiveId objective, Instant start) {}

  /**
   * Rebuilds.
   *
   * @param plans what leaves the budget
   * @param now the engine's time less the judging delay
   * @param hearing from when signals are taken
   */
  public Resumed resume(Definitions definitions, Plans plans, Instant now, Instant hearing) {
    Optional<Checkpoint> found = buckets.readCheckpoint();
    if (found.isEmpty()) {
      Judge judge = new Judge(definitions, now);
      judge.hearFrom(hearing);
      correct(judge, definitions, plans, now);
      return new Resumed(judge, judge.tick(now), now);
    }
    Instant stopped = found.get().judgedUntil();
    // What is judged stays judged, also when the clock was set back since: history is worth more.
    Instant until = stopped.isAfter(now) ? stopped : now;
    if (until.isAfter(now.plus(CLOCK_TOLERANCE))) {
      LOG.warn(
          "the clock is behind what was judged before this start: judging goes on at {}", until);
    }
    Judge judge = new Judge(definitions, stopped);
    Instant horizon = stopped.minus(judge.horizon());
    Resumption resumption = judge.resumeAt(horizon);
    Map<ObjectiveId, Instant> saved = SavedWindows.load(windows, resumption);
    correct(judge, definitions, plans, now);
    recount(judge, resumption, now, saved);
    Map<Place, Bucket> open =
        restore(
            resumption,
            definitions,
            now.minus(StoredBuckets.LONGEST_WINDOW),
            horizon,
            stopped,
            saved);
    Collection<Selector> selectors = selectors(definitions);
    signals.readArrivals(selectors, resumption.replayFrom(), stopped, resumption::applyStored);
    Tick rejudged = judge.tick(stopped);
    if (until.isAfter(stopped)) {
      judge.markDown(stopped, until);
    }
    signals.readArrivals(selectors, stopped, until, resumption::applyStored);
    Tick away = judge.tick(until);
    List<BucketChange> changes = new ArrayList<>(unlikeStored(rejudged.bucketChanges(), open));
    changes.addAll(away.bucketChanges());
    return new Resumed(judge, new Tick(changes, away.firing()), until);
  }

  /** Returns the stored buckets that are going to be judged again: from that moment on. */
  private Map<Place, Bucket> restore(
      Resumption resumption,
      Definitions definitions,
      Instant oldest,
      Instant again,
      Instant stopped,
      Map<ObjectiveId, Instant> saved) {
    Instant settled = saved.values().stream().min(Instant::compareTo).orElse(stopped);
    List<ObjectiveId> others =
        definitions.objectives().stream()
            .map(Objective::id)
            .filter(id -> !saved.containsKey(id))
            .toList();
    long began = System.nanoTime();
    Map<Place, Bucket> open = new HashMap<>();
    Consumer<Bucket> whole =
        bucket -> {
          resumption.restore(bucket.objective(), bucket.start(), bucket.counts(), bucket.unknown());
          if (!bucket.start().isBefore(again)) {
            open.put(new Place(bucket.objective(), bucket.start()), bucket);
          }
        };
    new StoredPast(buckets, resumption, whole).restore(others, oldest, settled);
    buckets.read(
        settled,
        stopped,
        bucket -> {
          Instant own = saved.get(bucket.objective());
          if (own == null || !bucket.start().isBefore(own)) {
            whole.accept(bucket);
          }
        });
    LOG.info(
        "{} objectives were restored from saved windows; {} from all their buckets, and the newest"
            + " buckets of all, in {} ms",
        saved.size(),
        others.size(),
        (System.nanoTime() - began) / 1_000_000);
    return open;
  }

  /** What is stored as it is judged again need not be stored again. */
  private static List<BucketChange> unlikeStored(
      List<BucketChange> changes, Map<Place, Bucket> stored) {
    return changes.stream()
        .filter(
            change -> {
              Bucket bucket = stored.get(new Place(change.objective(), change.start()));
              return bucket == null
                  || bucket.unknown() != change.unknown()
                  || !bucket.counts().equals(change.after());
            })
        .toList();
  }

  /** Puts corrections in force before buckets are restored: each is corrected as it comes. */
  private static void correct(Judge judge, Definitions definitions, Plans plans, Instant now) {
    for (Objective objective : definitions.objectives()) {
      judge.correct(objective.id(), plans.corrections(objective, now), Map.of());
    }
  }

  /** What was saved is as it happened, so of that the stored buckets are asked again. */
  private void recount(
      Judge judge, Resumption resumption, Instant now, Map<ObjectiveId, Instant> saved) {
    for (Objective objective : judge.definitions().objectives()) {
      ObjectiveId id = objective.id();
      Instant before = saved.get(id);
      if (before != null) {
        stored.readCovered(
            id,
            judge.corrections(id),
            objective.slice(),
            now.minus(objective.reach()),
            before,
            bucket -> resumption.recount(id, bucket.start(), bucket.counts()));
      }
    }
  }

  private static Collection<Selector> selectors(Definitions definitions) {
    Set<Selector> selectors = new LinkedHashSet<>();
    definitions.objectives().forEach(objective -> selectors.addAll(objective.sli().selectors()));
    return selectors;
  }
}
