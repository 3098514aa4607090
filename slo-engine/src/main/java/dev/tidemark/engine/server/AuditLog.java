package dev.tidemark.engine.server;

import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.store.clickhouse.StoreException;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes audit entries from places that must not wait, such as event loops, and writes them on a
 * thread of its own, trying again while the store is away. Bounded: a flood of refused sign-ins is
 * cut off and counted. Thread-safe.
 */
final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final int WAITING_AT_MOST = 1_000;

  private final AuditTrail trail;
  private final Clock clock;
  private final EngineMetrics metrics;
  private final BlockingQueue<AuditTrail.Entry> waiting = new ArrayBlockingQueue<>(WAITING_AT_MOST);
  private final Thread thread;
  private volatile boolean running = true;

  /** Starts its thread. */
  AuditLog(AuditTrail trail, Clock clock, EngineMetrics metrics) {
    this.trail = trail;
    this.clock = clock;
    this.metrics = metrics;
    this.thread = new Thread(this::write, "tidemark-audit");
    thread.start();
  }

  /** Notes an action; returns at once. */
  void note(String actor, String action, String subject, String detail) {
    if (!waiting.offer(new AuditTrail.Entry(clock.instant(), actor, action, subject, detail))) {
      metrics.failed("audit-dropped");
    }
  }

  private void write() {
    try {
      while (running || !waiting.isEmpty()) {
        AuditTrail.Entry entry = waiting.poll(200, TimeUnit.MILLISECONDS);
        while (entry != null && !written(entry)) {
          if (!running) {
            return;
          }
          TimeUnit.SECONDS.sleep(1);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean written(AuditTrail.Entry entry) {
    try {
      trail.write(entry);
      return true;
    } catch (StoreException e) {
      metrics.failed("audit");
      LOG.warn("an audit entry could not be stored, it is tried again: {}", e.getMessage());
      return false;
    }
  }

  /** Writes what waits, then stops. */
  @Override
  public void close() {
    running = false;
    try {
      thread.join(5_000);
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(1_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
