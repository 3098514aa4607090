package dev.tidemark.engine.condition;

import dev.tidemark.engine.evaluate.BucketChange;
import java.util.List;

/**
 * What one tick found.
 *
 * @param bucketChanges judged and restated buckets
 * @param firing every objective whose condition holds now
 */
public record Tick(List<BucketChange> bucketChanges, List<Firing> firing) {}
