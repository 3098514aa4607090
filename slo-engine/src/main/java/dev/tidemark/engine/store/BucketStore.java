package dev.tidemark.engine.store;

import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
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

  /**
   * What buckets of one objective that start in the same stretch of time add up to.
   *
   * @param objective whose
   * @param start of the stretch
   * @param firstStart of the oldest bucket in it, {@code odd} ones included
   * @param counts of the others
   * @param counting how many of the others count anything
   * @param odd buckets that have to be looked at one by one: unknown ones, and those whose share
   *     exceeds the whole; oldest first
   */
  record Cell(
      ObjectiveId objective,
      Instant start,
      Instant firstStart,
      EventCounts counts,
      long counting,
      List<Bucket> odd) {}

  /**
   * Hands over the newest version of every bucket that starts in [from, to), objective by objective
   * and of each the oldest first.
   */
  void read(Instant from, Instant to, Consumer<Bucket> consumer);

  /** The same for one objective. */
  void read(ObjectiveId objective, Instant from, Instant to, Consumer<Bucket> consumer);

  /** The same for some objectives, at most a thousand. */
  void read(
      Collection<ObjectiveId> objectives, Instant from, Instant to, Consumer<Bucket> consumer);

  /**
   * Hands over what the buckets of some objectives, at most a thousand, add up to, objective by
   * objective and of each the oldest first: thirty days of minutes are 43,200 buckets and 720
   * hours.
   *
   * @param from beginning of a cell
   * @param to end of a cell, exclusive
   * @param cell whole minutes that divide an hour
   */
  void readCells(
      Collection<ObjectiveId> objectives,
      Instant from,
      Instant to,
      Duration cell,
      Consumer<Cell> consumer);

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
