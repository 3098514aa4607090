package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Instant;

/**
 * A bucket as it stands after it was judged or restated.
 *
 * @param objective whose
 * @param start of the bucket, event time
 * @param before counts as they stood; {@link EventCounts#NONE} when it is new
 * @param after counts as they stand
 * @param unknown whether nobody knows, because Tidemark itself was away
 * @param restated whether it had been judged otherwise before
 */
public record BucketChange(
    ObjectiveId objective,
    Instant start,
    EventCounts before,
    EventCounts after,
    boolean unknown,
    boolean restated) {}
