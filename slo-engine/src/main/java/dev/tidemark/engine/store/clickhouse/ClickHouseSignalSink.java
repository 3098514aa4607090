package dev.tidemark.engine.store.clickhouse;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.PingRecord;
import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.model.SpanRecord;
import dev.tidemark.engine.store.OverloadException;
import dev.tidemark.engine.store.SignalSink;
import dev.tidemark.engine.store.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Writes signals with group commit: one thread takes whatever is queued and inserts it as one.
 * While ClickHouse is away batches go to the spool, and new ones queue up behind it until it is
 * empty again. Thread-safe.
 */
public final class ClickHouseSignalSink implements SignalSink, AutoCloseable {
  private static final long MAX_QUEUED_ROWS = 500_000;
  private static final int GROUP_ROWS = 100_000;
  private static final int REPLAYS_PER_TURN = 16;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final SignalWriter writer;
  private final Spool spool;
  private final InstantSource clock;
  private final BiConsumer<SignalBatch, Instant> afterDurable;
  private final LinkedBlockingQueue<Request> queue = new LinkedBlockingQueue<>();
  private final AtomicLong queuedRows = new AtomicLong();
  private final AtomicLong insertedRows = new AtomicLong();
  private final Thread thread;
  private volatile boolean open = true;
  private volatile String lastError = "";
  private long nextReplayNanos = System.nanoTime();

  private record Request(SignalBatch batch, CompletableFuture<Void> done) {}

  /**
   * Starts the writer thread.
   *
   * @param connections where to; stays open when this closes
   * @param spool for the time ClickHouse is away
   * @param clock tells when a batch was received
   * @param afterDurable hears every durable batch once, on the writer thread, so it must be quick;
   *     also those that an earlier process spooled, when they are replayed
   */
  public ClickHouseSignalSink(
      ClickHouseConnections connections,
      Spool spool,
      InstantSource clock,
      BiConsumer<SignalBatch, Instant> afterDurable) {
    this.writer = new SignalWriter(connections);
    this.spool = spool;
    this.clock = clock;
    this.afterDurable = afterDurable;
    this.thread = new Thread(this::run, "signal-writer");
    thread.start();
  }

  @Override
  public CompletionStage<Void> append(SignalBatch batch) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    int rows = batch.size();
    if (rows == 0) {
      return CompletableFuture.completedFuture(null);
    }
    if (!open || queuedRows.addAndGet(rows) > MAX_QUEUED_ROWS) {
      if (open) {
        queuedRows.addAndGet(-rows);
      }
      return CompletableFuture.failedFuture(
          new OverloadException(
              open ? "too many signals wait for ClickHouse" : "Tidemark is stopping", RETRY));
    }
    queue.add(new Request(batch, done));
    if (!thread.isAlive()) {
      failQueued();
    }
    return done;
  }

  /** Returns how many rows wait for the writer. */
  public long queuedRows() {
    return queuedRows.get();
  }

  /** Returns how many rows were committed to ClickHouse since the start. */
  public long insertedRows() {
    return insertedRows.get();
  }

  /** Returns how many bytes wait on disk. */
  public long spooledBytes() {
    return spool.bytes();
  }

  /** Returns the newest trouble, or an empty text when the last insert went well. */
  public String lastError() {
    return lastError;
  }

  private void run() {
    while (open || !queue.isEmpty()) {
      try {
        Request first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          commit(group(first));
        }
        if (!spool.isEmpty() && System.nanoTime() - nextReplayNanos >= 0) {
          replay();
        }
      } catch (InterruptedException e) {
        open = false;
      } catch (RuntimeException e) {
        lastError = String.valueOf(e.getMessage());
      }
    }
    failQueued();
  }

  private void failQueued() {
    for (Request left = queue.poll(); left != null; left = queue.poll()) {
      fail(left, new OverloadException("Tidemark is stopping", RETRY));
    }
  }

  private List<Request> group(Request first) {
    List<Request> group = new ArrayList<>();
    group.add(first);
    int rows = first.batch().size();
    while (rows < GROUP_ROWS) {
      Request more = queue.poll();
      if (more == null) {
        break;
      }
      group.add(more);
      rows += more.batch().size();
    }
    return group;
  }

  private void commit(List<Request> group) {
    SignalBatch batch = merge(group);
    Instant receivedAt = clock.instant();
    String token = UUID.randomUUID().toString();
    try {
      if (!spool.isEmpty() || !insert(batch, receivedAt, token)) {
        spool.append(batch, receivedAt, token);
      }
    } catch (StoreException e) {
      lastError = String.valueOf(e.getMessage());
      if (group.size() == 1) {
        fail(group.get(0), e);
      } else {
        group.forEach(request -> commit(List.of(request))); // the rest must not suffer for one
      }
      return;
    } catch (RuntimeException e) {
      lastError = String.valueOf(e.getMessage());
      group.forEach(request -> fail(request, e));
      return;
    }
    try {
      afterDurable.accept(batch, receivedAt);
    } finally {
      for (Request request : group) {
        queuedRows.addAndGet(-request.batch().size());
        complete(request);
      }
    }
  }

  /** Returns false when ClickHouse is away; throws when it refuses the data. */
  private boolean insert(SignalBatch batch, Instant receivedAt, String token) {
    try {
      writer.write(batch, receivedAt, token);
      insertedRows.addAndGet(batch.size());
      lastError = "";
      return true;
    } catch (StoreException e) {
      if (e.refused()) {
        throw e;
      }
      lastError = String.valueOf(e.getMessage());
      nextReplayNanos = System.nanoTime() + RETRY.toNanos();
      return false;
    }
  }

  private void replay() {
    nextReplayNanos = System.nanoTime();
    try {
      for (int i = 0; i < REPLAYS_PER_TURN && open; i++) {
        Optional<Spool.Entry> first = spool.first();
        if (first.isEmpty()) {
          return;
        }
        Spool.Entry entry = first.get();
        if (!insert(entry.batch(), entry.receivedAt(), entry.token())) {
          return;
        }
        spool.remove();
        if (entry.recovered()) {
          afterDurable.accept(entry.batch(), entry.receivedAt());
        }
      }
    } catch (IOException | StoreException e) {
      setAside(e);
    }
  }

  private void setAside(Exception reason) {
    try {
      lastError = "kept aside as " + spool.setAside() + ": " + reason.getMessage();
    } catch (IOException e) {
      lastError = "the spool cannot be read: " + e.getMessage();
      nextReplayNanos = System.nanoTime() + RETRY.toNanos();
    }
  }

  @CanIgnoreReturnValue
  private static boolean complete(Request request) {
    return request.done().complete(null);
  }

  private void fail(Request request, RuntimeException reason) {
    queuedRows.addAndGet(-request.batch().size());
    request.done().completeExceptionally(reason);
  }

  private static SignalBatch merge(List<Request> group) {
    if (group.size() == 1) {
      return group.get(0).batch();
    }
    List<MetricPoint> points = new ArrayList<>();
    List<SpanRecord> spans = new ArrayList<>();
    List<LogRecord> logs = new ArrayList<>();
    List<LineageEvent> lineage = new ArrayList<>();
    List<PingRecord> pings = new ArrayList<>();
    for (Request request : group) {
      points.addAll(request.batch().points());
      spans.addAll(request.batch().spans());
      logs.addAll(request.batch().logs());
      lineage.addAll(request.batch().lineage());
      pings.addAll(request.batch().pings());
    }
    return new SignalBatch(points, spans, logs, lineage, pings);
  }

  /** Takes nothing more, writes what is queued, and stops the thread. */
  @Override
  public void close() {
    open = false;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      thread.interrupt();
    }
  }
}
