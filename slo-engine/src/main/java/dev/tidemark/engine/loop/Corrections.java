package dev.tidemark.engine.loop;

import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.BucketStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Tells the judge what leaves the budget, with the buckets that it no longer knows itself. Blocks;
 * not for the judge's thread.
 */
public final class Corrections {
  private final StoredBuckets buckets;

  /** Asks the judge on its own thread. */
  public interface Asker {
    /** How long an answer is waited for; a judge that takes longer stands still. */
    long PATIENCE_SECONDS = 30;

    /** Runs a question there. */
    <T> CompletionStage<T> ask(Function<Judge, T> question);

    /** Runs a question there and waits for its answer, but not for ever. */
    default <T> T answer(Function<Judge, T> question) {
      return ask(question)
          .toCompletableFuture()
          .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .join();
    }
  }

  /** Reads old buckets from this store. */
  public Corrections(BucketStore buckets) {
    this.buckets = new StoredBuckets(buckets);
  }

  private record Change(
      Objective objective, List<Correction> corrections, Instant from, Instant recentFrom) {}

  /** Puts plans in force, for every objective whose corrections they change. */
  public void apply(Plans plans, Asker judge, Instant now) {
    for (Change change : judge.answer(owner -> changes(owner, plans, now))) {
      ObjectiveId id = change.objective().id();
      Map<Instant, EventCounts> stored = new LinkedHashMap<>();
      buckets.readCovered(
          id,
          change.corrections(),
          change.objective().slice(),
          change.from(),
          change.recentFrom(),
          bucket -> stored.put(bucket.start(), bucket.counts()));
      boolean done =
          judge.answer(
              owner -> {
                owner.correct(id, change.corrections(), stored);
                return true;
              });
      if (!done) {
        throw new IllegalStateException("the judge did not take the corrections");
      }
    }
  }

  private static List<Change> changes(Judge judge, Plans plans, Instant now) {
    List<Change> changes = new ArrayList<>();
    for (Objective objective : judge.definitions().objectives()) {
      Instant from = now.minus(objective.reach());
      List<Correction> corrections = plans.corrections(objective, now);
      if (!corrections.equals(judge.corrections(objective.id()))) {
        changes.add(new Change(objective, corrections, from, judge.recentFrom(objective.id())));
      }
    }
    return changes;
  }
}
