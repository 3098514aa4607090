package dev.tidemark.engine.server;

import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Which of several servers leads, for {@code /metrics}; the same names on each. Stateless. */
final class LeadMetrics {
  private LeadMetrics() {}

  /**
   * Registers them.
   *
   * @param leads whether this server does now
   * @param leaderless true time for which nobody has, as far as this server sees
   */
  static void register(
      EngineMetrics metrics, BooleanSupplier leads, Supplier<Duration> leaderless) {
    metrics.gauge(
        "tidemark_leads",
        "1 on the server that leads, 0 on one that stands by.",
        () -> leads.getAsBoolean() ? 1 : 0);
    metrics.gauge(
        "tidemark_leaderless_seconds",
        "For how long no server has led, as far as this one sees; 0 while one does.",
        () -> leaderless.get().toMillis() / 1e3);
  }
}
