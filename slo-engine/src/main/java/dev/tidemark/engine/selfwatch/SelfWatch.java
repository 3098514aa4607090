package dev.tidemark.engine.selfwatch;

import dev.tidemark.engine.store.Documents.Document;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
 * lives while that is true: while this server leads, judging is live, what is decided can be
 * written, whoever tells is at work, and no page waits for long. One thread, {@code
 * tidemark-self-watch}.
 */
public final class SelfWatch implements AutoCloseable {
  /** A server that judges no later than this is live. */
  static final Duration LIVE = Duration.ofMinutes(2);

  /** A page that reached nobody for so long needs somebody outside. */
  static final Duration PAGE_WAITS = Duration.ofMinutes(15);

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
   * @param oldestPage when the oldest page was decided that reached nobody yet, in engine time
   * @param uncopiedFor true time since which ClickHouse lacks decisions
   * @param auditDropped audit entries that were cut off since the start
   * @param pulses parts that have to go round for ever
   * @param ping throws when ClickHouse does not answer; may block
   * @param write throws when the disk that keeps decisions takes nothing; may block
   */
  public record Sources(
      Supplier<Duration> judgedBehind,
      LongSupplier spooledBytes,
      Supplier<Optional<Instant>> oldestUndelivered,
      LongSupplier givenUp,
      Supplier<Optional<Instant>> oldestPage,
      Supplier<Duration> uncopiedFor,
      LongSupplier auditDropped,
      List<Pulse> pulses,
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
  private final Waiting undelivered = new Waiting(System::nanoTime);
  private final Waiting page = new Waiting(System::nanoTime);
  private long auditDropped;

  /** For how long the same moment is the oldest; by an own watch, as engine time may be fast. */
  static final class Waiting {
    private final LongSupplier nanos;
    private Optional<Instant> oldest = Optional.empty();
    private long seenNanos;

    Waiting(LongSupplier nanos) {
      this.nanos = nanos;
    }

    Duration since(Optional<Instant> now) {
      if (!now.equals(oldest)) {
        oldest = now;
        seenNanos = nanos.getAsLong();
      }
      return now.isEmpty() ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - seenNanos);
    }
  }

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
      } catch (Throwable e) {
        metrics.failed("self-watch");
        LOG.error("the watch over Tidemark itself failed; it goes on", e);
      }
    }
  }

  private OwnHealth look() throws InterruptedException {
    return new OwnHealth(
        sources.judgedBehind().get(),
        sources.spooledBytes().getAsLong(),
        undelivered.since(sources.oldestUndelivered().get()),
        sources.givenUp().getAsLong(),
        answers(),
        page.since(sources.oldestPage().get()),
        sources.uncopiedFor().get(),
        droppedSinceLook(),
        sources.pulses().stream().filter(Pulse::standsStill).map(Pulse::name).toList());
  }

  private long droppedSinceLook() {
    long before = auditDropped;
    auditDropped = sources.auditDropped().getAsLong();
    return auditDropped - before;
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
    String reason =
        inOffice.getAsBoolean() ? withheldFor(health).orElse("") : "another server leads";
    if (reason.isEmpty()) {
      try {
        sources.write().run();
      } catch (RuntimeException e) {
        reason = "the own disk takes nothing: " + e.getMessage();
      }
    }
    if (reason.isEmpty()) {
      dog.beat();
    } else {
      dog.withhold(reason);
    }
  }

  /** Why a server in this health gives no sign of life; empty when it does. */
  static Optional<String> withheldFor(OwnHealth health) {
    if (health.judgedBehind().compareTo(LIVE) >= 0) {
      return Optional.of("judging is " + health.judgedBehind().toSeconds() + " s behind");
    }
    if (health.pageWaits().compareTo(PAGE_WAITS) >= 0) {
      return Optional.of(
          "a page has reached nobody for " + health.pageWaits().toMinutes() + " min");
    }
    return health.standing().isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", ", health.standing()) + ": not seen at work");
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
