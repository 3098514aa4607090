package dev.tidemark.engine.condition;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/**
 * What one objective counted of slices that cannot change any more. The content is of this version
 * of Tidemark only: whoever cannot read it counts the stored buckets again.
 *
 * @param id whose
 * @param shape of which windows
 * @param before start of the oldest slice that is not counted in it
 * @param counts the counts; its whole array, read-only by agreement
 */
public record Settled(ObjectiveId id, String shape, Instant before, ByteBuffer counts) {
  private static final int USUAL_BYTES = 32 * 1024;

  /**
   * Returns what a book has counted.
   *
   * @param before start of the oldest slice that may still change
   * @param recent counts of that slice and of all after it
   */
  static Settled of(ObjectiveBook book, Instant before, Map<Instant, EventCounts> recent) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
    try {
      book.write(new DataOutputStream(bytes), before.toEpochMilli(), recent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Settled(
        book.objective.id(), book.shape(), before, ByteBuffer.wrap(bytes.toByteArray()));
  }

  /** Gives the counts to a book of the same {@link #shape}. */
  void into(ObjectiveBook book) {
    ByteArrayInputStream bytes =
        new ByteArrayInputStream(counts.array(), counts.arrayOffset(), counts.capacity());
    try {
      book.read(new DataInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
