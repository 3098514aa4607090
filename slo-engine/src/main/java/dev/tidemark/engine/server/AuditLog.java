package dev.tidemark.engine.server;

import dev.tidemark.engine.audit.AuditBook;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes audit entries from places that must not wait, such as event loops, and writes them to the
 * own disk on a thread of its own, all that wait together. Bounded: a flood of refused sign-ins is
 * cut off and counted. Thread-safe.
 */
final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final int WAITING_AT_MOST = 1_000;

  private final AuditBook book;
  private final Clock clock;
  private final EngineMetrics metrics;
  private final BlockingQueue<AuditTrail.Entry> waiting = new ArrayBlockingQueue<>(WAITING_AT_MOST);
  private final Thread thread;
  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean running = true;

  /** Starts its thread. */
  AuditLog(AuditBook book, Clock clock, EngineMetrics metrics) {
    this.book = book;
    this.clock = clock;
    this.metrics = metrics;
    this.thread = new Thread(this::write, "tidemark-audit");
    thread.start();
  }

  /** Notes an action; returns at once. */
  void note(String actor, String action, String subject, String detail) {
    if (!waiting.offer(new AuditTrail.Entry(clock.instant(), actor, action, subject, detail))) {
      dropped.incrementAndGet();
      metrics.failed("audit-dropped");
    }
  }

  /** Returns how many were cut off since the start. */
  long dropped() {
    return dropped.get();
  }

  private void write() {
    try {
      while (running || !waiting.isEmpty()) {
        AuditTrail.Entry first = waiting.poll(200, TimeUnit.MILLISECONDS);
        List<AuditTrail.Entry> entries = new ArrayList<>();
        if (first != null) {
          entries.add(first);
          waiting.drainTo(entries);
        }
        while (!entries.isEmpty() && !written(entries)) {
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

  private boolean written(List<AuditTrail.Entry> entries) {
    try {
      book.writeAll(entries);
      return true;
    } catch (RuntimeException e) {
      metrics.failed("audit");
      LOG.warn("audit entries could not be stored, they are tried again: {}", e.getMessage());
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
