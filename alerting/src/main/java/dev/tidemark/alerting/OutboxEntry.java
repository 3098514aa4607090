package dev.tidemark.alerting;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A notification on its way.
 *
 * @param notification what is sent; its id is the entry's
 * @param state pending, delivered or dead
 * @param attempts how often it was tried
 * @param nextAttemptAt not before this
 * @param finishedAt when it was delivered or given up; null while pending
 * @param lastError why the last attempt failed; null when none did
 * @param retries how often a person had it sent again after it was given up
 */
public record OutboxEntry(
    Notification notification,
    State state,
    int attempts,
    Instant nextAttemptAt,
    @Nullable Instant finishedAt,
    @Nullable String lastError,
    int retries) {
  /** Where an entry is. */
  public enum State {
    PENDING,
    DELIVERED,
    /** Given up; a person has to look. */
    DEAD
  }

  /** Returns a new entry that may be sent at once. */
  public static OutboxEntry of(Notification notification) {
    return new OutboxEntry(notification, State.PENDING, 0, notification.at(), null, null, 0);
  }

  /** Returns the notification's id. */
  public String id() {
    return notification.id();
  }

  /** Returns when it was decided. */
  public Instant createdAt() {
    return notification.at();
  }

  /** Returns what must be delivered in order: one receiver's view of one incident. */
  public String lane() {
    return notification.receiver() + "\n" + notification.dedupKey();
  }

  /** Returns this entry as delivered. */
  public OutboxEntry delivered(Instant at) {
    return new OutboxEntry(
        notification, State.DELIVERED, attempts + 1, nextAttemptAt, at, null, retries);
  }

  /** Returns this entry after a failed attempt. */
  public OutboxEntry failed(Instant next, String error) {
    return new OutboxEntry(notification, State.PENDING, attempts + 1, next, null, error, retries);
  }

  /** Returns this entry as given up. */
  public OutboxEntry dead(Instant at, String error) {
    return new OutboxEntry(
        notification, State.DEAD, attempts + 1, nextAttemptAt, at, error, retries);
  }

  /** Returns this given up entry as pending once more. */
  public OutboxEntry retried(Instant at) {
    return new OutboxEntry(notification, State.PENDING, attempts, at, null, lastError, retries + 1);
  }
}
