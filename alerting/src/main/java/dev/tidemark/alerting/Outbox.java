package dev.tidemark.alerting;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Port to durable storage of notifications on their way. Every method returns after the change is
 * durable, and throws when it is not. Implementations are safe for use by several threads. {@code
 * OutboxContract} in the tests says the same in code.
 */
public interface Outbox {
  /**
   * Stores entries in the given order. An id that is known already, in whatever state, is left as
   * it is: putting the same entry in again after a crash changes nothing. Finished ids are
   * remembered for at least 30 days.
   */
  void enqueue(List<OutboxEntry> entries);

  /**
   * Returns what may be sent now. Of each {@link OutboxEntry#lane() lane} only the oldest pending
   * entry is looked at, and returned if its {@code nextAttemptAt} is not after {@code now}: nothing
   * overtakes. The age of an entry within its lane is {@code createdAt}, then the order of
   * enqueueing.
   *
   * <p>What waits for a receiver without room costs nothing, however much that is.
   *
   * @param room of how many lanes at most entries are returned for a receiver, by its name
   * @param freeLane whether something of this lane may be tried now; the others are passed over
   * @param limit at most so many, oldest first
   */
  List<OutboxEntry> due(
      Instant now, ToIntFunction<String> room, Predicate<String> freeLane, int limit);

  /**
   * Stores what became of attempts: entries as {@link OutboxEntry#delivered}, {@link
   * OutboxEntry#failed}, {@link OutboxEntry#dead} or {@link OutboxEntry#asHandedOn} made them. An
   * unknown or finished id is ignored. All of them become durable, or none.
   *
   * @param added what follows of it, stored with the rest as by {@link #enqueue}
   */
  void settle(List<OutboxEntry> tried, List<OutboxEntry> added);

  /**
   * Makes a dead letter pending again, due at once. Returns it as it is then; empty when there is
   * no dead letter of this id.
   */
  Optional<OutboxEntry> retry(String id, Instant at);

  /**
   * Leaves it at that: the dead letter is none any more, and nobody is told. Returns it as it is
   * then; empty when there is no dead letter of this id.
   */
  Optional<OutboxEntry> dismiss(String id);

  /** Returns what is pending for a receiver, due or not, oldest first. */
  List<OutboxEntry> pendingOf(String receiver, int limit);

  /**
   * Returns what is pending for a receiver and not {@linkplain OutboxEntry#handedOn() handed on},
   * due or not, oldest first.
   */
  List<OutboxEntry> notHandedOn(String receiver, int limit);

  /**
   * Returns what told others in the place of the notification's receiver, under the notification's
   * dedup key, in whatever state, oldest first.
   */
  List<OutboxEntry> inPlaceOf(Notification notification);

  /** Finds one entry by its id, in whatever state. */
  Optional<OutboxEntry> find(String id);

  /** Returns what was given up, newest first. */
  List<OutboxEntry> deadLetters(int limit);

  /** Returns how many entries are pending, due or not. */
  long pending();
}
