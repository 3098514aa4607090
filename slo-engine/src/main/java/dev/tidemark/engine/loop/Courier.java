package dev.tidemark.engine.loop;

import dev.tidemark.alerting.Dispatcher;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the dispatcher deliver what is due, on a thread of its own, {@code tidemark-courier}, while
 * this server leads. Thread-safe.
 */
public final class Courier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Dispatcher dispatcher;
  private final InstantSource clock;
  private final BooleanSupplier inOffice;
  private final EngineMetrics metrics;
  private final Thread thread = new Thread(this::run, "tidemark-courier");
  private final Heartbeat heartbeat = new Heartbeat(thread);
  private volatile boolean running = true;

  /**
   * Prepares it; {@link #start()} runs it.
   *
   * @param clock by which entries were made, and become due
   * @param inOffice whether this server may tell now; asked before each step
   */
  public Courier(
      Dispatcher dispatcher, InstantSource clock, BooleanSupplier inOffice, EngineMetrics metrics) {
    this.dispatcher = dispatcher;
    this.inOffice = inOffice;
    this.metrics = metrics;
    // A step of the dispatcher lasts as long as something is under way, and looks at the clock at
    // each turn: that is its sign of life.
    this.clock =
        () -> {
          heartbeat.beat();
          return clock.instant();
        };
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** When it was at work last. */
  public Heartbeat heartbeat() {
    return heartbeat;
  }

  private void run() {
    while (running) {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        heartbeat.beat();
        if (inOffice.getAsBoolean()) {
          dispatcher.run(clock, inOffice);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Throwable e) {
        // Also an Error: nobody else delivers.
        metrics.failed("delivery");
        LOG.warn("notifications could not be delivered, they are tried again", e);
      }
    }
  }

  /** Stops; what is under way is delivered again after the next start. */
  @Override
  public void close() {
    running = false;
    thread.interrupt();
    try {
      thread.join(15_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
