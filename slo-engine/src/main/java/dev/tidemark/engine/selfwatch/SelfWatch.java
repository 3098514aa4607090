package dev.tidemark.engine.selfwatch;

import dev.tidemark.engine.store.Documents.Document;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at Tidemark every few seconds, for the alerts about itself, and tells the outside that it
 * lives while that is true: while this server leads, judging is live, and what is decided can be
 * written. One thread, {@code tidemark-self-watch}.
 */
public final class SelfWatch implements AutoCloseable {
  /** A server that judges no later than this is live. */
  static final Duration LIVE = Duration.ofMinutes(2);

  private static final Logger LOG = LoggerFactory.getLogger(SelfWatch.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final long PING_SECONDS = 5;

  /**
   * Where health is read.
   *
   * @param judgedBehind true time since judging last reached the clock
   * @param spooledBytes signals on the own disk that wait for ClickHouse
   * @param oldestUndelivered when the oldest notification on its way was decided, in engine time
   * @param givenUp notifications that were given up and that nobody has looked at; may block
   * @param ping throws when ClickHouse does not answer; may block
   * @param write throws when the disk that keeps decisions takes nothing; may block
   */
  public record Sources(
      Supplier<Duration> judgedBehind,
      LongSupplier spooledBytes,
      Supplier<Optional<Instant>> oldestUndelivered,
      LongSupplier givenUp,
      Runnable ping,
      Runnable write) {}

  private final SelfAlerts alerts;
  private final Sources sources;
  private final BooleanSupplier inOffice;
  private final @Nullable Watchdog watchdog;
  private final Duration beatEvery;
  private final Clock clock;
  private final EngineMetrics metrics;
  private final ExecutorService pings =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "tidemark-ping");
            thread.setDaemon(true);
            return thread;
          });
  private final Thread thread = new Thread(this::run, "tidemark-self-watch");
  private volatile boolean running = true;
  private @Nullable Future<?> ping;
  private Optional<Instant> oldest = Optional.empty();
  private long oldestSeenNanos;

  /**
   * Prepares the watch; {@link #start()} runs it.
   *
   * @param inOffice whether this server leads
   * @param watchdog whom to tell; null for nobody
   */
  public SelfWatch(
      SelfAlerts alerts,
      Sources sources,
      BooleanSupplier inOffice,
      @Nullable WatchdogSettings watchdog,
      Clock clock,
      EngineMetrics metrics) {
    this.alerts = alerts;
    this.sources = sources;
    this.inOffice = inOffice;
    this.watchdog = watchdog == null ? null : new Watchdog(watchdog, clock, metrics);
    this.beatEvery = watchdog == null ? LOOK_EVERY : watchdog.every();
    this.clock = clock;
    this.metrics = metrics;
    thread.setDaemon(true);
  }

  /** Returns the document by which it is tried whether the own disk can be written. */
  public static Document trace(Instant at) {
    return new Document("watchdog", "last", "WRITTEN", at, "{}", at.toEpochMilli());
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  private void run() {
    long beganNanos = System.nanoTime();
    long nextBeat = beganNanos;
    while (running) {
      try {
        OwnHealth health = look();
        alerts.observe(health, Duration.ofNanos(System.nanoTime() - beganNanos), clock.instant());
        if (watchdog != null && System.nanoTime() - nextBeat >= 0) {
          nextBeat = System.nanoTime() + beatEvery.toNanos();
          beat(watchdog, health);
        }
        TimeUnit.MILLISECONDS.sleep(Math.min(LOOK_EVERY.toMillis(), beatEvery.toMillis()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        metrics.failed("self-watch");
        LOG.error("the watch over Tidemark itself failed; it goes on", e);
      }
    }
  }

  private OwnHealth look() throws InterruptedException {
    return new OwnHealth(
        sources.judgedBehind().get(),
        sources.spooledBytes().getAsLong(),
        undelivered(),
        sources.givenUp().getAsLong(),
        answers());
  }

  /** By an own watch, because the engine's clock may be a fast one. */
  private Duration undelivered() {
    Optional<Instant> now = sources.oldestUndelivered().get();
    if (!now.equals(oldest)) {
      oldest = now;
      oldestSeenNanos = System.nanoTime();
    }
    return now.isEmpty() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - oldestSeenNanos);
  }

  /** A sign of life that is still waited for is no sign of life. */
  private boolean answers() throws InterruptedException {
    if (ping != null && !ping.isDone()) {
      return false;
    }
    Future<?> asked = pings.submit(sources.ping());
    ping = asked;
    try {
      asked.get(PING_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  private void beat(Watchdog dog, OwnHealth health) {
    if (!inOffice.getAsBoolean()) {
      dog.withhold("another server leads");
    } else if (health.judgedBehind().compareTo(LIVE) >= 0) {
      dog.withhold("judging is " + health.judgedBehind().toSeconds() + " s behind");
    } else {
      try {
        sources.write().run();
      } catch (RuntimeException e) {
        dog.withhold("the own disk takes nothing: " + e.getMessage());
        return;
      }
      dog.beat();
    }
  }

  /** Stops the thread. */
  @Override
  public void close() {
    running = false;
    thread.interrupt();
    pings.shutdownNow();
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
