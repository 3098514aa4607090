package dev.tidemark.engine.server;

import dev.tidemark.engine.alerts.StoredOutbox;
import dev.tidemark.engine.alerts.UndeliveredPages;
import dev.tidemark.engine.loop.DecisionWriter;
import dev.tidemark.engine.selfwatch.Pulse;
import dev.tidemark.engine.selfwatch.SelfWatch;
import dev.tidemark.engine.selfwatch.WatchdogSettings;
import dev.tidemark.engine.store.local.MirroredDocuments;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Says where the watch over Tidemark itself has to look. Stateless. */
final class OwnWatch {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Duration LATER = Duration.ofMinutes(10);

  private OwnWatch() {}

  /**
   * Prepares the watch.
   *
   * @param held whether this server leads
   * @param watchdog whom to tell outside; null for nobody
   */
  static SelfWatch of(
      Stores stores,
      Judging judging,
      DecisionWriter writer,
      Telling telling,
      Delivery delivery,
      Intake intake,
      AuditLog audit,
      BooleanSupplier held,
      @Nullable WatchdogSettings watchdog,
      Clock clock,
      EngineMetrics metrics) {
    StoredOutbox outbox = delivery.outbox();
    MirroredDocuments documents = stores.documents();
    return new SelfWatch(
        telling.selfAlerts(),
        new SelfWatch.Sources(
            judging.loop()::sinceTick,
            intake.sink()::spooledBytes,
            outbox::oldestPending,
            outbox::dead,
            new UndeliveredPages(outbox, telling.alerting()::routes)::oldest,
            documents::uncopiedFor,
            audit::dropped,
            // What writes to ClickHouse stands for minutes when that hangs, and is not dead then.
            List.of(
                new Pulse("the teller", telling.teller().heartbeat()::age, SOON),
                new Pulse("the courier", delivery.heartbeat()::age, SOON),
                new Pulse("the writer of decisions", writer.heartbeat()::age, LATER),
                new Pulse("the mirror", documents::sinceSeenAtWork, LATER)),
            stores.connections()::ping,
            () -> stores.local().put(SelfWatch.trace(clock.instant()))),
        held,
        watchdog,
        clock,
        metrics);
  }
}
