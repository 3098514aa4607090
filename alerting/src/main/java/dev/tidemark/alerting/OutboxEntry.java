package dev.tidemark.alerting;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A notification on its way.
 *
 * @param notification what is sent; its id is the entry's
 * @param state pending, delivered, dead or dismissed
 * @param attempts how often it was tried
 * @param nextAttemptAt not before this
 * @param finishedAt when it was delivered or given up; null while pending
 * @param lastError why the last attempt failed; null when none did
 * @param retries how often a person had it sent again after it was given up
 * @param handedOn whether those who stand in for the receiver have a copy; also when there is
 *     nobody left who could
 * @param sharedWith receivers that were told the same before or are told it too, when this one is
 *     told in somebody's place: none of them is told in its place
 */
public record OutboxEntry(
    Notification notification,
    State state,
    int attempts,
    Instant nextAttemptAt,
    @Nullable Instant finishedAt,
    @Nullable String lastError,
    int retries,
    boolean handedOn,
    List<String> sharedWith) {
  /** Stands in the id of every entry that {@link #inPlace} made. */
  public static final String IN_PLACE = "/for/";

  /** Where an entry is. */
  public enum State {
    PENDING,
    DELIVERED,
    /** Given up; a person has to look. */
    DEAD,
    /** Given up, and a person has looked and leaves it at that. */
    DISMISSED
  }

  public OutboxEntry {
    // Documents of earlier versions do not say it.
    sharedWith = List.copyOf(Objects.requireNonNullElse(sharedWith, List.of()));
  }

  /** Returns a new entry that may be sent at once. */
  public static OutboxEntry of(Notification notification) {
    return sharing(List.of(), notification);
  }

  /**
   * Whether this tells somebody in the place of the notification's receiver, under the
   * notification's dedup key.
   */
  public boolean tellsInPlaceOf(Notification other) {
    return sharedWith.contains(other.receiver())
        && notification.dedupKey().equals(other.dedupKey());
  }

  private static OutboxEntry sharing(List<String> others, Notification notification) {
    return new OutboxEntry(
        notification, State.PENDING, 0, notification.at(), null, null, 0, false, others);
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
    return changed(State.DELIVERED, attempts + 1, nextAttemptAt, at, null, handedOn);
  }

  /** Returns this entry after a failed attempt. */
  public OutboxEntry failed(Instant next, String error) {
    return changed(State.PENDING, attempts + 1, next, null, error, handedOn);
  }

  /** Returns this entry as given up. */
  public OutboxEntry dead(Instant at, String error) {
    return changed(State.DEAD, attempts + 1, nextAttemptAt, at, error, handedOn);
  }

  /** Returns this entry as one whose stand-ins have been taken care of. */
  public OutboxEntry asHandedOn() {
    return changed(state, attempts, nextAttemptAt, finishedAt, lastError, true);
  }

  private OutboxEntry changed(
      State to,
      int tried,
      Instant next,
      @Nullable Instant finished,
      @Nullable String error,
      boolean handed) {
    return new OutboxEntry(
        notification, to, tried, next, finished, error, retries, handed, sharedWith);
  }

  /** Returns this given up entry as pending once more. */
  public OutboxEntry retried(Instant at) {
    return new OutboxEntry(
        notification,
        State.PENDING,
        attempts,
        at,
        null,
        lastError,
        retries + 1,
        handedOn,
        sharedWith);
  }

  /** Returns this given up entry as one that a person leaves at that. */
  public OutboxEntry dismissed() {
    return new OutboxEntry(
        notification,
        State.DISMISSED,
        attempts,
        nextAttemptAt,
        finishedAt,
        lastError,
        retries + 1,
        handedOn,
        sharedWith);
  }

  /**
   * Returns a new entry that tells somebody else in this receiver's place, under the same dedup
   * key.
   *
   * @param all {@link #sharedWith} of the new entry
   * @param why a clause about the receiver, such as {@code which refuses it}
   */
  public OutboxEntry inPlace(String standIn, List<String> all, String why, Instant at) {
    return sharing(
        all,
        new Notification(
            id() + IN_PLACE + standIn,
            notification.kind(),
            notification.dedupKey(),
            standIn,
            notification.note() + "; meant for " + notification.receiver() + ", " + why,
            at,
            notification.incident(),
            notification.incidentUrl(),
            notification.runbookUrl(),
            notification.runbookTitle(),
            notification.digest()));
  }
}
