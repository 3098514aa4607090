package dev.tidemark.engine.server;

import dev.tidemark.alerting.DispatcherStats;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How receivers do, for {@code /metrics}. Stateless. */
final class ReceiverMetrics {
  private ReceiverMetrics() {}

  static void register(EngineMetrics metrics, Supplier<DispatcherStats> stats, Clock clock) {
    metrics.gauges(
        "tidemark_receiver_failing_seconds",
        "For how long a receiver that fails now has failed.",
        "receiver",
        () -> failing(stats.get().failingSince(), clock.instant()));
    metrics.counters(
        "tidemark_notifications_delivered",
        "Notifications that a receiver has taken since the start.",
        "receiver",
        () -> stats.get().delivered());
    metrics.counters(
        "tidemark_notifications_failed",
        "Attempts that failed and were tried again since the start.",
        "receiver",
        () -> stats.get().failed());
    metrics.counters(
        "tidemark_notifications_given_up",
        "Notifications that became dead letters since the start.",
        "receiver",
        () -> stats.get().dead());
  }

  private static Map<String, Double> failing(Map<String, Instant> since, Instant now) {
    Map<String, Double> seconds = new TreeMap<>();
    since.forEach(
        (receiver, at) ->
            seconds.put(receiver, Math.max(0, Duration.between(at, now).toMillis() / 1e3)));
    return seconds;
  }
}
