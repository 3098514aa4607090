package dev.tidemark.engine.loop;

import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.BucketStore.Bucket;
import dev.tidemark.engine.store.BucketStore.Checkpoint;
import dev.tidemark.engine.store.clickhouse.BudgetHistory;
import dev.tidemark.engine.store.clickhouse.Restatements;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes judged buckets and budgets durable, on a thread of its own, {@code tidemark-decisions}.
 * What a tick decided about a bucket replaces what was decided before, so a store that is away only
 * delays. Thread-safe.
 */
public final class DecisionWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DecisionWriter.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Buckets change while a store is away; a bound keeps memory, the rest is judged anew later. */
  private static final int BUCKETS_AT_MOST = 500_000;

  /** A day of a hundred objectives; the oldest minutes go first. */
  private static final int POINTS_AT_MOST = 150_000;

  private record BucketKey(ObjectiveId objective, Instant start) {}

  private final BucketStore buckets;
  private final BudgetHistory history;
  private final Restatements restatements;
  private final Clock clock;
  private final BooleanSupplier inOffice;
  private final EngineMetrics metrics;
  private final Runnable changed;
  private final Thread thread = new Thread(this::run, "tidemark-decisions");
  private final Heartbeat heartbeat = new Heartbeat(thread);
  private final Map<BucketKey, BucketChange> waiting = new LinkedHashMap<>();
  private final Deque<BudgetHistory.Point> points = new ArrayDeque<>();
  private final Deque<Restatements.Entry> restated = new ArrayDeque<>();
  private Instant judgedUntil = Instant.EPOCH;
  private Instant receivedBefore = Instant.EPOCH;
  private long version;
  private volatile boolean running = true;

  /**
   * Prepares it; {@link #start()} runs it.
   *
   * @param firstVersion greater than every version written before
   * @param inOffice whether this server may store now; asked before each step
   * @param changed called after something changed that a page may show
   */
  public DecisionWriter(
      BucketStore buckets,
      BudgetHistory history,
      Restatements restatements,
      Clock clock,
      long firstVersion,
      BooleanSupplier inOffice,
      EngineMetrics metrics,
      Runnable changed) {
    this.buckets = buckets;
    this.history = history;
    this.restatements = restatements;
    this.clock = clock;
    this.version = firstVersion;
    this.inOffice = inOffice;
    this.metrics = metrics;
    this.changed = changed;
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** When it was at work last; a store that hangs holds it up for minutes. */
  public Heartbeat heartbeat() {
    return heartbeat;
  }

  /** Takes the outcome of a tick; returns at once. */
  public synchronized void decided(List<BucketChange> changes, Instant at, Instant received) {
    for (BucketChange change : changes) {
      if (change.restated()) {
        note(change);
      }
      if (waiting.size() < BUCKETS_AT_MOST) {
        waiting.put(new BucketKey(change.objective(), change.start()), change);
      } else {
        metrics.failed("bucket-dropped");
      }
    }
    judgedUntil = at;
    receivedBefore = received;
  }

  /** When it became known is the true moment, not the one up to which is judged. */
  private void note(BucketChange change) {
    if (restated.size() >= POINTS_AT_MOST) {
      restated.removeFirst();
      metrics.failed("restatement-dropped");
    }
    restated.addLast(
        new Restatements.Entry(
            change.objective(), change.start(), clock.instant(), change.before(), change.after()));
  }

  /** Takes budgets as they stood at a minute; returns at once. */
  public synchronized void budgets(List<BudgetHistory.Point> minute) {
    for (BudgetHistory.Point point : minute) {
      if (points.size() >= POINTS_AT_MOST) {
        points.removeFirst();
        metrics.failed("budget-minute-dropped");
      }
      points.addLast(point);
    }
  }

  private void writeBudgets() {
    writeRestated();
    List<BudgetHistory.Point> minutes;
    synchronized (this) {
      minutes = List.copyOf(points);
    }
    if (minutes.isEmpty()) {
      return;
    }
    history.write(minutes);
    // Only this thread takes away what was there; a full queue may have let go of some meanwhile.
    synchronized (this) {
      Set<BudgetHistory.Point> written = new HashSet<>(minutes);
      points.removeIf(written::contains);
    }
  }

  private void writeRestated() {
    List<Restatements.Entry> entries;
    synchronized (this) {
      entries = List.copyOf(restated);
    }
    if (entries.isEmpty()) {
      return;
    }
    restatements.write(entries);
    synchronized (this) {
      // Only this thread takes away what was there; a full queue may have let go of some meanwhile.
      Set<Restatements.Entry> written = new HashSet<>(entries);
      restated.removeIf(written::contains);
    }
  }

  private void run() {
    while (running) {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      writeAll();
    }
  }

  /** Each step for itself, so that one that is refused holds up no other. */
  private void writeAll() {
    step("buckets", this::writeBuckets);
    step("budgets", this::writeBudgets);
  }

  private void step(String name, Runnable work) {
    heartbeat.beat();
    if (!inOffice.getAsBoolean()) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException e) {
      metrics.failed(name);
      LOG.warn("{} could not be stored, they are tried again: {}", name, e.getMessage());
    } catch (Throwable e) {
      // An Error ends no thread either: nobody else writes.
      metrics.failed(name);
      LOG.error("{} could not be stored, they are tried again", name, e);
    }
  }

  private void writeBuckets() {
    List<BucketChange> changes;
    Checkpoint checkpoint;
    synchronized (this) {
      changes = new ArrayList<>(waiting.values());
      checkpoint = new Checkpoint(judgedUntil, receivedBefore);
    }
    if (changes.isEmpty()) {
      return;
    }
    buckets.write(changes.stream().map(DecisionWriter::bucket).toList(), ++version);
    buckets.writeCheckpoint(checkpoint);
    synchronized (this) {
      for (BucketChange change : changes) {
        waiting.remove(new BucketKey(change.objective(), change.start()), change);
      }
    }
    changed.run();
  }

  private static Bucket bucket(BucketChange change) {
    return new Bucket(
        change.objective(), change.start(), change.after(), change.unknown(), change.restated());
  }

  /** Writes what is decided, then stops. */
  @Override
  public void close() {
    running = false;
    thread.interrupt();
    try {
      thread.join(10_000);
      // What fails here is judged again at the next start.
      writeAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
