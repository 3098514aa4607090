package dev.tidemark.engine.server;

import dev.tidemark.engine.store.BucketStore.Checkpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server does whose clock is behind that of the one it follows: waits until it has come to
 * where that one stopped. Going on at once it would judge minutes that are judged, and what it
 * writes about them would count as older than what is there.
 */
final class ClockCatchUp {
  /** Machines whose clocks are further apart have none that can be trusted. */
  static final Duration AT_MOST = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(ClockCatchUp.class);

  private ClockCatchUp() {}

  /**
   * Waits, in true time, at most {@link #AT_MOST}.
   *
   * @param reached up to where the server before judged
   * @param delay how long after its end a moment is judged
   */
  static void await(Optional<Checkpoint> reached, Clock clock, Duration delay) {
    Duration behind = behind(reached, clock.instant(), delay);
    if (behind.isZero()) {
      return;
    }
    LOG.warn(
        "this machine's clock is {} ms or more behind that of the server that led before, which is"
            + " waited for, at most {} s; keep the machines' clocks together (NTP)",
        behind.toMillis(),
        AT_MOST.toSeconds());
    try {
      TimeUnit.MILLISECONDS.sleep((behind.compareTo(AT_MOST) < 0 ? behind : AT_MOST).toMillis());
    } catch (InterruptedException e) {
      // Who stops does not wait.
      Thread.currentThread().interrupt();
    }
  }

  /** How long it takes until this clock has come to where the server before stopped. */
  static Duration behind(Optional<Checkpoint> reached, Instant now, Duration delay) {
    return reached
        .map(one -> Duration.between(now.minus(delay), one.judgedUntil()))
        .filter(one -> !one.isNegative())
        .orElse(Duration.ZERO);
  }
}
