package dev.tidemark.engine.loop;

import dev.tidemark.engine.condition.Refill;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.store.BucketStore;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Puts changed definitions in force without losing what was counted: windows that are others now
 * are filled from stored buckets while the judge still goes on with the old ones. Blocks; not for
 * the judge's thread.
 */
public final class Reload {
  private final StoredBuckets buckets;

  /** Reads old buckets from this store. */
  public Reload(BucketStore buckets) {
    this.buckets = new StoredBuckets(buckets);
  }

  /**
   * Hands the definitions to the judge.
   *
   * @param plans what leaves the budget under them
   * @param judgedUntil asked on the judge's thread
   */
  public void apply(
      Definitions changed, Plans plans, Corrections.Asker judge, Supplier<Instant> judgedUntil) {
    Refill refill =
        judge.answer(
            owner -> {
              Instant at = judgedUntil.get();
              return owner.refill(changed, objective -> plans.corrections(objective, at), at);
            });
    Instant now = judgedUntil.get();
    buckets.read(
        refill.wanted(),
        now.minus(StoredBuckets.LONGEST_WINDOW),
        now,
        bucket ->
            refill.take(bucket.objective(), bucket.start(), bucket.counts(), bucket.unknown()));
    boolean done =
        judge.answer(
            owner -> {
              owner.reload(changed, judgedUntil.get(), refill);
              return true;
            });
    if (!done) {
      throw new IllegalStateException("the judge did not take the definitions");
    }
  }
}
