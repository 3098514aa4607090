package dev.tidemark.alerting.escalation;

import java.time.Instant;

/**
 * How far one escalation of one incident has come. Immutable, saved with the incident.
 *
 * @param escalation its name
 * @param began when it began
 * @param at when it last called somebody; when it began, as long as it has called nobody
 * @param done how many calls it has made
 */
public record EscalationProgress(String escalation, Instant began, Instant at, int done) {
  /** Begins without having called anybody. */
  public static EscalationProgress begin(String escalation, Instant at) {
    return new EscalationProgress(escalation, at, at, 0);
  }

  /** Returns the progress after one more call. */
  public EscalationProgress called(Instant now) {
    return new EscalationProgress(escalation, began, now, done + 1);
  }
}
