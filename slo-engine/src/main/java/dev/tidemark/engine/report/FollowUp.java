package dev.tidemark.engine.report;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An action that the talk after an incident decided on. Immutable.
 *
 * @param incident id of the incident
 * @param number within the incident, from 1
 * @param text what is to be done
 * @param owner who sees to it
 * @param due by when; null when nobody said
 * @param ticket where more is said; may be empty
 * @param author who wrote it down
 * @param createdAt when
 * @param doneAt when it was done; null while it is open
 * @param doneBy who said so; null while it is open
 */
public record FollowUp(
    String incident,
    int number,
    String text,
    String owner,
    @Nullable LocalDate due,
    String ticket,
    String author,
    Instant createdAt,
    @Nullable Instant doneAt,
    @Nullable String doneBy) {
  /** Whether it is still to be done. */
  public boolean open() {
    return doneAt == null;
  }

  /** Whether it should have been done before this day. */
  public boolean overdue(LocalDate today) {
    return open() && due != null && due.isBefore(today);
  }

  /** Returns the same with other words, for the same talk by the same author. */
  public FollowUp saying(String what, String who, @Nullable LocalDate when, String where) {
    return new FollowUp(
        incident, number, what, who, when, where, author, createdAt, doneAt, doneBy);
  }

  /** Returns the same, to be done again. */
  public FollowUp reopened() {
    return new FollowUp(incident, number, text, owner, due, ticket, author, createdAt, null, null);
  }

  /** Returns the same, done. */
  public FollowUp done(Instant at, String by) {
    return new FollowUp(incident, number, text, owner, due, ticket, author, createdAt, at, by);
  }
}
