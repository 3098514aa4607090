package dev.tidemark.engine.budget;

import java.time.Instant;

/**
 * A stretch of event time in which an objective is not held to what happened: maintenance, or a
 * backfill. {@link CorrectedTime} says what counts. Immutable.
 *
 * @param id of its declaration
 * @param from first moment
 * @param to first moment after it
 * @param mode what happens to the slices
 */
public record Correction(String id, Instant from, Instant to, Mode mode) {
  /** What happens to the slices. */
  public enum Mode {
    /** They count as usual; only notifications are held back. */
    KEEP,
    /** They leave the budget, good and bad. */
    DROP,
    /** All their events count as good. */
    GOOD
  }
}
