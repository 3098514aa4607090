package dev.tidemark.engine.condition;

import dev.tidemark.engine.model.ObjectiveId;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What one objective counted of slices that cannot change any more. The content is of this version
 * of Tidemark only: whoever cannot read it counts the stored buckets again.
 *
 * @param id whose
 * @param shape of which windows
 * @param before start of the oldest slice that is not counted in it
 * @param counts the counts; its whole array, read-only by agreement
 */
public record Settled(ObjectiveId id, String shape, Instant before, ByteBuffer counts) {}
