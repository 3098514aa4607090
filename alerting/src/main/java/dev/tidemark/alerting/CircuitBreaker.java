package dev.tidemark.alerting;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Spares a receiver that fails: after {@link #FAILURES} failures in a row it is tried with one
 * notification at a time, and not before a pause is over, until one is accepted. Not thread-safe.
 */
final class CircuitBreaker {
  static final int FAILURES = 5;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private int failures;
  private int underway;
  private @Nullable Instant failingSince;
  private Instant openUntil = Instant.MIN;

  /** Whether one more may be sent now. */
  boolean permits(Instant now, int atOnce) {
    return failures < FAILURES ? underway < atOnce : underway == 0 && !now.isBefore(openUntil);
  }

  void began() {
    underway++;
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

  /** Returns since when it fails; null while it does not. */
  @Nullable Instant failingSince() {
    return failingSince;
  }
}
