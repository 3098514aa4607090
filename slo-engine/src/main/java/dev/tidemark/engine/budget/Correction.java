package dev.tidemark.engine.budget;

import dev.tidemark.engine.model.EventCounts;
import java.time.Instant;

/**
 * A stretch of event time in which an objective is not held to what happened: maintenance, or a
 * backfill. Immutable.
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

  /** Whether a slice that starts here, of this length, overlaps. */
  public boolean covers(long startMillis, long sliceMillis) {
    return startMillis < to.toEpochMilli() && startMillis + sliceMillis > from.toEpochMilli();
  }

  /** What counts of a slice. */
  public EventCounts apply(EventCounts counts) {
    return switch (mode) {
      case KEEP -> counts;
      case DROP -> EventCounts.NONE;
      case GOOD -> new EventCounts(counts.total(), counts.total());
    };
  }
}
