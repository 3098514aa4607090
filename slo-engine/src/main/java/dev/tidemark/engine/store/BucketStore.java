package dev.tidemark.engine.store;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Judged buckets per objective, the newest version of each winning. Blocks; not for an event loop.
 */
public interface BucketStore {
  /**
   * One bucket as it stands.
   *
   * @param objective whose
   * @param start of the bucket, event time
   * @param counts good and total; {@link EventCounts#NONE} withdraws
   * @param unknown whether Tidemark itself was away, so that nobody knows
   * @param restated whether it had been judged otherwise before
   */
  record Bucket(
      ObjectiveId objective,
      Instant start,
      EventCounts counts,
      boolean unknown,
      boolean restated) {}

  /** Writes new versions; {@code version} rises with every call. */
  void write(Collection<Bucket> buckets, long version);

  /** Hands over the newest version of every bucket that starts in [from, to), oldest first. */
  void read(Instant from, Instant to, Consumer<Bucket> consumer);

  /** The same for one objective. */
  void read(ObjectiveId objective, Instant from, Instant to, Consumer<Bucket> consumer);

  /** Notes how far judging has come: everything received before {@code receivedBefore} is in. */
  void writeCheckpoint(Checkpoint checkpoint);

  /** Returns the newest checkpoint, or none before the first. */
  Optional<Checkpoint> readCheckpoint();

  /**
   * How far judging has come.
   *
   * @param judgedUntil slices that end at or before it are judged (engine time)
   * @param receivedBefore signals received before it are accounted for (engine time)
   */
  record Checkpoint(Instant judgedUntil, Instant receivedBefore) {}
}
