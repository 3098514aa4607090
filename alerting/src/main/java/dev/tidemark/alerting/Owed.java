package dev.tidemark.alerting;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
 * @param digest outbox id of the one notification that says this and the like of other incidents;
 *     null when it is a notification of its own
 */
public record Owed(
    long transition,
    String receiver,
    NotificationKind kind,
    String dedupKey,
    String note,
    Instant at,
    @Nullable String digest) {
  /** Returns the outbox id: the same however often the entry is put into the outbox. */
  public String outboxId(String incidentId) {
    if (digest != null) {
      return digest;
    }
    return incidentId
        + "/"
        + transition
        + "/"
        + receiver
        + "/"
        + kind.name().toLowerCase(Locale.ROOT);
  }
}
