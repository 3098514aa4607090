package dev.tidemark.engine.loop;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.Dispatcher;
import dev.tidemark.engine.alerts.AlertLevels;
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
 * Makes decisions durable and has people told, on two threads of its own: one writes buckets and
 * incidents, the other delivers. What a tick decided replaces what the last one decided, so a store
 * that is away only delays: nothing piles up, and nothing is lost, because alerts are levels, not
 * edges. Thread-safe.
 */
public final class DecisionWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DecisionWriter.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Buckets change while a store is away; a bound keeps memory, the rest is judged anew later. */
  private static final int BUCKETS_AT_MOST = 500_000;

  /** A day of a hundred objectives; the oldest minutes go first. */
  private static final int POINTS_AT_MOST = 150_000;

  /** Alerts that no objective of ours makes. */
  public interface OtherAlerts {
    /**
     * Returns what of them fires now; called on the deciding thread only.
     *
     * @param own what the objectives alert on
     */
    List<Alert> firing(List<Alert> own, Instant now);
  }

  private record BucketKey(ObjectiveId objective, Instant start) {}

  private final BucketStore buckets;
  private final BudgetHistory history;
  private final Restatements restatements;
  private final Alerting alerting;
  private final Dispatcher dispatcher;
  private final Clock clock;
  private final BooleanSupplier inOffice;
  private final EngineMetrics metrics;
  private final Runnable changed;
  private final Thread writer;
  private final Thread courier;
  private final Map<BucketKey, BucketChange> waiting = new LinkedHashMap<>();
  private final Deque<BudgetHistory.Point> points = new ArrayDeque<>();
  private final Deque<Restatements.Entry> restated = new ArrayDeque<>();
  private final AlertLevels levels;
  private final OtherAlerts others;
  private volatile List<Alert> current = List.of();
  private List<Alert> firing = List.of();
  private Instant judgedUntil = Instant.EPOCH;
  private Instant receivedBefore = Instant.EPOCH;
  private boolean fresh;
  private long version;
  private volatile boolean running = true;

  /**
   * Prepares both threads.
   *
   * @param alerted alerts that were open when an earlier process stopped, so that their end is told
   * @param others alerts that no objective of ours makes
   * @param firstVersion greater than every version written before
   * @param inOffice whether this server may store and tell now; asked before each step
   * @param changed called after something changed that a page may show
   */
  public DecisionWriter(
      BucketStore buckets,
      BudgetHistory history,
      Restatements restatements,
      Alerting alerting,
      Dispatcher dispatcher,
      List<Alert> alerted,
      OtherAlerts others,
      Clock clock,
      long firstVersion,
      BooleanSupplier inOffice,
      EngineMetrics metrics,
      Runnable changed) {
    this.buckets = buckets;
    this.history = history;
    this.restatements = restatements;
    this.alerting = alerting;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.version = firstVersion;
    this.inOffice = inOffice;
    this.metrics = metrics;
    this.changed = changed;
    this.levels = new AlertLevels(alerted);
    this.others = others;
    this.writer = new Thread(this::write, "tidemark-decisions");
    this.courier = new Thread(this::deliver, "tidemark-courier");
  }

  /** Starts both threads. */
  public void start() {
    writer.start();
    courier.start();
  }

  /** Takes the outcome of a tick; returns at once. */
  public synchronized void decided(
      List<BucketChange> changes, List<Alert> alerts, Instant at, Instant received) {
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
    firing = alerts;
    judgedUntil = at;
    receivedBefore = received;
    fresh = true;
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

  private void write() {
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

  /** Each step for itself: people are told also while ClickHouse is away. */
  private void writeAll() {
    step("decisions", this::tellNew);
    step("buckets", this::writeBuckets);
    step("budgets", this::writeBudgets);
  }

  private void step(String name, Runnable work) {
    if (!inOffice.getAsBoolean()) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException e) {
      metrics.failed(name);
      LOG.warn("{} could not be stored, they are tried again: {}", name, e.getMessage());
    }
  }

  private void tellNew() {
    List<Alert> alerts;
    Instant at;
    synchronized (this) {
      if (!fresh) {
        return;
      }
      alerts = firing;
      at = judgedUntil;
      fresh = false;
    }
    try {
      if (tell(alerts, at)) {
        changed.run();
      }
    } catch (RuntimeException e) {
      synchronized (this) {
        fresh = true;
      }
      throw e;
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

  /** Returns everything that fires, as it was decided last. */
  public List<Alert> current() {
    return current;
  }

  private boolean tell(List<Alert> own, Instant at) {
    List<Alert> alerts = new ArrayList<>(own);
    alerts.addAll(others.firing(own, clock.instant()));
    current = alerts;
    List<Alert> events = levels.changes(alerts, at);
    int touched = events.isEmpty() ? 0 : alerting.onAlerts(events, at).size();
    levels.told(alerts);
    return touched + alerting.tick(at).size() > 0;
  }

  private static Bucket bucket(BucketChange change) {
    return new Bucket(
        change.objective(), change.start(), change.after(), change.unknown(), change.restated());
  }

  private void deliver() {
    while (running) {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        if (inOffice.getAsBoolean()) {
          dispatcher.run(clock);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        metrics.failed("delivery");
        LOG.warn("notifications could not be delivered, they are tried again: {}", e.getMessage());
      }
    }
  }

  /** Writes what is decided, then stops both threads. */
  @Override
  public void close() {
    running = false;
    writer.interrupt();
    courier.interrupt();
    try {
      writer.join(10_000);
      courier.join(15_000);
      // What fails here is judged again at the next start.
      writeAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
