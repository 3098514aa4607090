package dev.tidemark.alerting;

import java.time.Instant;
import java.util.Locale;

/**
 * A notification that an incident's transition decided on. It is saved with the incident, so that a
 * crash before it reaches the outbox does not lose it.
 *
 * @param transition the incident's revision that decided it
 * @param receiver who is to be told
 * @param kind what
 * @param dedupKey under which key
 * @param note one sentence: why now
 * @param at when it was decided
 */
public record Owed(
    long transition,
    String receiver,
    NotificationKind kind,
    String dedupKey,
    String note,
    Instant at) {
  /** Returns the outbox id: the same however often the entry is put into the outbox. */
  public String outboxId(String incidentId) {
    return incidentId
        + "/"
        + transition
        + "/"
        + receiver
        + "/"
        + kind.name().toLowerCase(Locale.ROOT);
  }
}
