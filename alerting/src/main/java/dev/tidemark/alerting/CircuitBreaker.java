package dev.tidemark.alerting;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Spares a receiver that fails: after {@link #FAILURES} failures in a row it is tried with one
 * notification at a time, and not before a pause is over, until one is accepted. A receiver that
 * asks to be left alone is sent nothing at all for so long. Not thread-safe.
 */
final class CircuitBreaker {
  static final int FAILURES = 5;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private int failures;
  private int underway;
  private @Nullable Instant failingSince;
  private Instant openUntil = Instant.MIN;
  private Instant pausedUntil = Instant.MIN;

  /** Returns how many more may be sent now. */
  int room(Instant now, int atOnce) {
    if (now.isBefore(pausedUntil)) {
      return 0;
    }
    if (failures < FAILURES) {
      return Math.max(0, atOnce - underway);
    }
    return underway == 0 && !now.isBefore(openUntil) ? 1 : 0;
  }

  void began() {
    underway++;
  }

  /** What was begun was not sent after all. */
  void withdrawn() {
    underway--;
  }

  void answered() {
    underway--;
    failures = 0;
    failingSince = null;
  }

  /**
   * Notes an attempt that failed.
   *
   * @param next when the notification is to be tried again
   */
  void failed(Instant now, Instant next) {
    underway--;
    failures++;
    failingSince = failingSince == null ? now : failingSince;
    Instant latest = now.plus(LONGEST);
    openUntil = next.isBefore(latest) ? next : latest;
  }

  /**
   * The receiver asks for silence: a limit counts for all that is sent, not for one notification.
   */
  void pause(Instant until) {
    pausedUntil = pausedUntil.isBefore(until) ? until : pausedUntil;
  }

  /** Returns since when it fails; null while it does not. */
  @Nullable Instant failingSince() {
    return failingSince;
  }
}
