package dev.tidemark.alerting;

import java.time.Instant;
import java.util.Map;

/**
 * Counts since the start, by receiver.
 *
 * @param delivered attempts that were accepted
 * @param failed attempts that are tried again
 * @param dead notifications that were given up
 * @param failingSince since when each receiver that fails now has failed
 * @param pending notifications on their way
 */
public record DispatcherStats(
    Map<String, Long> delivered,
    Map<String, Long> failed,
    Map<String, Long> dead,
    Map<String, Instant> failingSince,
    long pending) {
  public DispatcherStats {
    delivered = Map.copyOf(delivered);
    failed = Map.copyOf(failed);
    dead = Map.copyOf(dead);
    failingSince = Map.copyOf(failingSince);
  }
}
