package dev.tidemark.engine.server;

import dev.tidemark.alerting.Dispatcher;
import dev.tidemark.alerting.DispatcherSettings;
import dev.tidemark.alerting.DispatcherStats;
import dev.tidemark.alerting.notify.Notifiers;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.engine.alerts.StoredOutbox;
import dev.tidemark.engine.loop.Courier;
import dev.tidemark.engine.loop.Heartbeat;
import dev.tidemark.engine.loop.SteadyClock;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** The way of a notification from the outbox to its receiver. Thread-safe. */
final class Delivery {
  private final StoredOutbox outbox;
  private final Notifiers notifiers;
  private final Dispatcher dispatcher;
  private final Courier courier;

  /**
   * Prepares it; {@link #start()} begins to deliver.
   *
   * @param notifiers makes what speaks to a receiver
   * @param steady by which waits are counted
   * @param held whether this server may tell now
   * @param parts closes what is made
   */
  Delivery(
      StoredOutbox outbox,
      Routes routes,
      Notifiers notifiers,
      SteadyClock steady,
      BooleanSupplier held,
      EngineMetrics metrics,
      Parts parts) {
    this.outbox = outbox;
    this.notifiers = notifiers;
    this.dispatcher =
        parts.own(
            new Dispatcher(outbox, notifiers.of(routes), DispatcherSettings.DEFAULT, new Random()));
    dispatcher.routes(routes);
    this.courier = parts.own(new Courier(dispatcher, steady, held, metrics));
  }

  void start() {
    courier.start();
  }

  /** Uses other routes and receivers from now on. */
  void routes(Routes routes) {
    dispatcher.notifiers(notifiers.of(routes));
    dispatcher.routes(routes);
  }

  /** What is on its way. */
  StoredOutbox outbox() {
    return outbox;
  }

  /** How receivers do. */
  DispatcherStats stats() {
    return dispatcher.stats();
  }

  /** When it was at work last. */
  Heartbeat heartbeat() {
    return courier.heartbeat();
  }
}
