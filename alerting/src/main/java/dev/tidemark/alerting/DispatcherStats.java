package dev.tidemark.alerting;

import java.util.Map;

/**
 * Counts since start, for {@code /metrics}. Immutable.
 *
 * @param delivered per receiver
 * @param failed attempts that will be repeated, per receiver
 * @param dead given up, per receiver
 * @param pending entries in the outbox at the end of the last step
 */
public record DispatcherStats(
    Map<String, Long> delivered, Map<String, Long> failed, Map<String, Long> dead, long pending) {
  public DispatcherStats {
    delivered = Map.copyOf(delivered);
    failed = Map.copyOf(failed);
    dead = Map.copyOf(dead);
  }
}
