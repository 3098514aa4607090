package dev.tidemark.engine.loop;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.Incident;
import dev.tidemark.engine.alerts.AlertLevels;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes incidents and notifications of what fires, on a thread of its own, {@code tidemark-teller}.
 *
 * <p>It acts as soon as something was judged, and at least every second: time passes for group
 * waits and escalations, other programs raise alerts, and Tidemark has something to say about
 * itself also while judging stands still. What it tells then of the objectives is what was judged
 * last, because alerts are levels: nothing piles up, and nothing ends because nobody looked.
 * Thread-safe.
 */
public final class Teller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Teller.class);
  private static final long AT_LEAST_EVERY_MILLIS = 1_000;

  private static final int IDLE_PAUSES = 4;
  private static final long LONGEST_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LULL_MILLIS = 50;
  private static final long LONGEST_STORM_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Alerts that no objective of ours makes. */
  public interface OtherAlerts {
    /**
     * Returns what of them fires now; called on the teller's thread only.
     *
     * @param own what the objectives alert on
     */
    List<Alert> firing(List<Alert> own, Instant now);

    /** Returns a number that is another one after some arrived; called on the same thread only. */
    default long arrivals() {
      return 0;
    }
  }

  private final Alerting alerting;
  private final AlertLevels levels;
  private final OtherAlerts others;
  private final Clock clock;
  private final SteadyClock steady;
  private final BooleanSupplier inOffice;
  private final EngineMetrics metrics;
  private final Runnable changed;
  private final Thread thread = new Thread(this::run, "tidemark-teller");
  private final Heartbeat heartbeat = new Heartbeat(thread);
  private volatile List<Alert> current = List.of();
  private volatile Instant toldUntil = Instant.EPOCH;
  private List<Alert> lastOthers = List.of();
  private @Nullable List<Alert> own;
  private boolean fresh;
  private long arrivals;
  private volatile boolean running = true;

  /**
   * Prepares it; {@link #start()} runs it.
   *
   * @param alerted alerts that were open when an earlier process stopped, so that their end is told
   * @param others alerts that no objective of ours makes; they are asked by the time of {@code
   *     clock}
   * @param steady the same time, but never going back: by it waits are counted
   * @param inOffice whether this server may tell now; asked each time
   * @param changed called after something changed that a page may show
   */
  public Teller(
      Alerting alerting,
      List<Alert> alerted,
      OtherAlerts others,
      Clock clock,
      SteadyClock steady,
      BooleanSupplier inOffice,
      EngineMetrics metrics,
      Runnable changed) {
    this.alerting = alerting;
    this.levels = new AlertLevels(alerted);
    this.others = others;
    this.clock = clock;
    this.steady = steady;
    this.inOffice = inOffice;
    this.metrics = metrics;
    this.changed = changed;
  }

  /** Starts the thread. Nothing is told before something was judged. */
  public void start() {
    thread.start();
  }

  /** Takes everything that the objectives alert on now; returns at once. */
  public synchronized void decided(List<Alert> alerts) {
    own = alerts;
    fresh = true;
    notifyAll();
  }

  /** Returns everything that fires, as it was told last. */
  public List<Alert> current() {
    return current;
  }

  /**
   * Engine time up to which everything that was decided is durable and on its way to people; the
   * epoch before the first time.
   */
  public Instant toldUntil() {
    return toldUntil;
  }

  /** When it was at work last. */
  public Heartbeat heartbeat() {
    return heartbeat;
  }

  private void run() {
    try {
      while (running) {
        awaitDecision();
        awaitLull();
        heartbeat.beat();
        long began = System.nanoTime();
        boolean touched = tryToTell();
        // As long as telling took, so that a storm leaves air for everything else; longer when
        // there was nothing to tell, so that thousands of open incidents cost little.
        long took = System.nanoTime() - began;
        long pause = touched ? took : Math.min(IDLE_PAUSES * took, LONGEST_IDLE_NANOS);
        TimeUnit.NANOSECONDS.sleep(Math.max(PAUSE_NANOS, pause));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tryToTell() {
    try {
      return tell();
    } catch (Throwable e) {
      // Also an Error: whoever is not told because this thread ended is told by nobody.
      metrics.failed("decisions");
      LOG.warn("decisions could not be stored, they are tried again", e);
      return true;
    }
  }

  /** Waits for the next decision, or until time has to pass all the same. */
  private synchronized void awaitDecision() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AT_LEAST_EVERY_MILLIS);
    long left = AT_LEAST_EVERY_MILLIS;
    while (!fresh && left > 0) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    }
  }

  /**
   * While alerts of others pour in, taking them goes before telling: all of them wait for their
   * group anyway. But not for long, because a storm may last.
   */
  private void awaitLull() throws InterruptedException {
    long until = System.nanoTime() + LONGEST_STORM_NANOS;
    long now = others.arrivals();
    while (now != arrivals && System.nanoTime() < until) {
      arrivals = now;
      TimeUnit.MILLISECONDS.sleep(LULL_MILLIS);
      now = others.arrivals();
    }
    arrivals = now;
  }

  /** Returns whether that changed any incident. */
  @CanIgnoreReturnValue
  private boolean tell() {
    if (!inOffice.getAsBoolean()) {
      return false;
    }
    List<Alert> judged;
    synchronized (this) {
      if (own == null) {
        return false;
      }
      judged = own;
      fresh = false;
    }
    boolean touched;
    try {
      touched = tell(judged, steady.instant());
    } catch (Throwable e) {
      synchronized (this) {
        fresh = true;
      }
      throw e;
    }
    if (touched) {
      changed.run();
    }
    return touched;
  }

  private boolean tell(List<Alert> judged, Instant at) {
    List<Alert> alerts = new ArrayList<>(judged);
    alerts.addAll(others(judged));
    current = alerts;
    List<Alert> events = levels.changes(alerts, at);
    // Alerts that change let time pass as well.
    List<Incident> touched = events.isEmpty() ? alerting.tick(at) : alerting.onAlerts(events, at);
    levels.told(alerts);
    toldUntil = at;
    return !touched.isEmpty();
  }

  /** When others cannot be asked, what the objectives say is told nevertheless. */
  private List<Alert> others(List<Alert> judged) {
    try {
      lastOthers = others.firing(judged, clock.instant());
    } catch (RuntimeException e) {
      metrics.failed("other-alerts");
      LOG.warn("alerts of others could not be read, those read last count", e);
    }
    return lastOthers;
  }

  /** Tells what was decided, then stops. */
  @Override
  public void close() {
    running = false;
    thread.interrupt();
    try {
      thread.join(10_000);
      if (!thread.isAlive()) {
        tell();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // It is judged and told again after the next start.
      LOG.warn("the last decisions are told after the next start: {}", e.getMessage());
    }
  }
}
