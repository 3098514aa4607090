package dev.tidemark.engine.links;

import java.time.Instant;
import java.util.Locale;

/**
 * What a link allows.
 *
 * @param incident id of the incident
 * @param action what may be done, and nothing else
 * @param receiver who was sent the link
 * @param expiresAt from then on it allows nothing
 */
public record ActionToken(String incident, Action action, String receiver, Instant expiresAt) {
  /** What a link can be for. */
  public enum Action {
    ACKNOWLEDGE,
    /** Silences what fires for an hour. */
    SILENCE,
    /** Declares that what fires is loaded again, for a day at most; budgets count as always. */
    BACKFILL;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
