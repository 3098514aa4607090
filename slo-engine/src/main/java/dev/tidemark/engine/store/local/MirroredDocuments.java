package dev.tidemark.engine.store.local;

import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.local.LocalDocuments.Uncopied;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Documents that are durable on the own disk at once and in ClickHouse soon after, so that
 * incidents open and people are told while ClickHouse is away. One thread, named {@code
 * tidemark-mirror}, copies; what it could not copy it tries again, also after a restart.
 *
 * <p>When other servers may follow this one ({@link Sharing}), a change is in ClickHouse too when
 * {@link #putAll} returns, unless ClickHouse is away, and nothing is taken or copied while this
 * server does not lead.
 *
 * <p>The own disk answers for everything that is not finished and for what changed in the last
 * {@link #KEPT}; ClickHouse is asked only for what is older. Thread-safe; blocks.
 */
public final class MirroredDocuments implements Documents, AutoCloseable {
  /** How long finished documents stay on the own disk. */
  public static final Duration KEPT = Duration.ofDays(35);

  private static final Logger LOG = LoggerFactory.getLogger(MirroredDocuments.class);
  private static final int AT_ONCE = 1_000;
  private static final int ADOPTED_AT_MOST = 1_000_000;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** What is not copied is lost to a follower until this server is back: so it hurries. */
  private static final Duration LONGEST_PAUSE_WITH_OTHERS = Duration.ofSeconds(2);

  /** Nobody waits for the copy then, and what changes again meanwhile is copied once. */
  private static final Duration GATHERED = Duration.ofSeconds(1);

  private static final Duration COPIED_WITHIN = Duration.ofSeconds(3);
  private static final Duration TIDY_EVERY = Duration.ofHours(1);
  private static final long LAST_COPY_MILLIS = 5_000;

  /** A kind of document and the states in which nothing happens to it any more. */
  public record Finished(String kind, List<String> states) {
    public Finished {
      states = List.copyOf(states);
    }
  }

  /**
   * Whether other servers work on the same documents.
   *
   * @param withOthers whether one may follow this one at any moment
   * @param mayWrite whether this one leads; asked before each change and each copy
   */
  public record Sharing(boolean withOthers, BooleanSupplier mayWrite) {
    /** Nobody else. */
    public static final Sharing ALONE = new Sharing(false, () -> true);
  }

  private final LocalDocuments local;
  private final Documents remote;
  private final List<Finished> finished;
  private final Sharing sharing;
  private final Clock clock;
  private final EngineMetrics metrics;
  private final Semaphore news = new Semaphore(0);
  private final Thread mirror;
  private final Object progress = new Object();
  private long asked;
  private long copiedUpTo;
  private boolean away;
  private volatile boolean running = true;
  private volatile long wentRoundNanos = System.nanoTime();
  private volatile long copiedAllNanos = System.nanoTime();

  /**
   * Takes over what ClickHouse has, when the own disk has nothing yet, or what is newer there, when
   * another server may have written it; then starts to copy.
   *
   * @param kinds of documents to take over
   * @param finished what may be forgotten locally after {@link #KEPT}
   * @param sharing whether other servers work on the same documents
   */
  public MirroredDocuments(
      LocalDocuments local,
      Documents remote,
      Collection<String> kinds,
      List<Finished> finished,
      Sharing sharing,
      Clock clock,
      EngineMetrics metrics) {
    this.local = local;
    this.remote = remote;
    this.finished = List.copyOf(finished);
    this.sharing = sharing;
    this.clock = clock;
    this.metrics = metrics;
    if (sharing.withOthers() || local.isEmpty()) {
      adopt(kinds);
    }
    this.mirror = new Thread(this::copyAlways, "tidemark-mirror");
    mirror.start();
  }

  private void adopt(Collection<String> kinds) {
    Instant recent = clock.instant().minus(KEPT);
    for (String kind : kinds) {
      List<String> over =
          finished.stream()
              .filter(one -> one.kind().equals(kind))
              .flatMap(one -> one.states().stream())
              .toList();
      Map<String, Long> here = local.versions(kind);
      local.adopt(
          remote.list(kind, List.of(), Instant.EPOCH, ADOPTED_AT_MOST).stream()
              .filter(one -> !one.at().isBefore(recent) || !over.contains(one.state()))
              .filter(one -> one.version() > here.getOrDefault(one.id(), -1L))
              .toList());
    }
  }

  @Override
  public void putAll(Collection<Document> documents) {
    if (!sharing.mayWrite().getAsBoolean()) {
      // Whoever asked for the change must not take it for done: the next leader does not know it.
      throw new IllegalStateException("this server does not lead; nothing was changed");
    }
    local.putAll(documents);
    if (sharing.withOthers() && !documents.isEmpty()) {
      awaitCopy();
    } else {
      news.release();
    }
  }

  /** Waits until everything up to now is in ClickHouse, or that one is away. */
  private void awaitCopy() {
    long deadline = System.nanoTime() + COPIED_WITHIN.toNanos();
    synchronized (progress) {
      long mine = ++asked;
      news.release();
      long left = COPIED_WITHIN.toMillis();
      try {
        while (copiedUpTo < mine && !away && running && left > 0) {
          progress.wait(left);
          left = (deadline - System.nanoTime()) / 1_000_000;
        }
      } catch (InterruptedException e) {
        // Who stops does not wait; closing copies once more.
        Thread.currentThread().interrupt();
      }
      // Only the first waits so long for a ClickHouse that hangs.
      away |= left <= 0;
    }
  }

  @Override
  public Optional<Document> get(String kind, String id) {
    return local.get(kind, id).or(() -> remote.get(kind, id));
  }

  /**
   * As {@link Documents#list}; {@link Instant#EPOCH} means all that is kept on the own disk, an
   * earlier time than {@link #KEPT} ago asks ClickHouse too.
   */
  @Override
  public List<Document> list(String kind, Collection<String> states, Instant since, int limit) {
    List<Document> here = local.list(kind, states, since, limit);
    Instant horizon = clock.instant().minus(KEPT);
    if (here.size() >= limit || since.equals(Instant.EPOCH) || !since.isBefore(horizon)) {
      return here;
    }
    Map<String, Document> merged = new LinkedHashMap<>();
    remote.list(kind, states, since, limit).forEach(one -> merged.put(one.id(), one));
    // What is here is newer; what is here in another state is not what was asked for.
    List.copyOf(merged.keySet()).stream()
        .filter(id -> local.get(kind, id).isPresent())
        .forEach(merged::remove);
    here.forEach(one -> merged.put(one.id(), one));
    return merged.values().stream()
        .sorted(
            Comparator.comparing(Document::at, Comparator.reverseOrder())
                .thenComparing(Document::id))
        .limit(limit)
        .toList();
  }

  /** Of what is kept on the own disk. */
  @Override
  public long count(String kind, String state) {
    return local.count(kind, state);
  }

  @Override
  public List<Document> startingWith(String kind, String prefix, int limit) {
    List<Document> here = local.startingWith(kind, prefix, limit);
    return here.isEmpty() ? remote.startingWith(kind, prefix, limit) : here;
  }

  /** Returns how many documents ClickHouse does not have yet as they are now. */
  public long uncopied() {
    return local.uncopied();
  }

  /** True time since ClickHouse had everything; zero when it has it now. */
  public Duration uncopiedFor() {
    long since = copiedAllNanos;
    return uncopied() == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  /** True time since the copying thread was seen at work; a ClickHouse that hangs holds it up. */
  public Duration sinceSeenAtWork() {
    return mirror.isAlive()
        ? Duration.ofNanos(System.nanoTime() - wentRoundNanos)
        : Duration.ofDays(10_000);
  }

  private void copyAlways() {
    Duration pause = Duration.ofSeconds(1);
    Instant tidied = Instant.EPOCH;
    while (running) {
      wentRoundNanos = System.nanoTime();
      try {
        if (copySome() == 0) {
          if (clock.instant().isAfter(tidied.plus(TIDY_EVERY))) {
            tidy();
            tidied = clock.instant();
          }
          // The timeout only mends a wake-up that was missed.
          boolean told = news.tryAcquire(10, TimeUnit.SECONDS);
          if (told) {
            if (!sharing.withOthers()) {
              TimeUnit.MILLISECONDS.sleep(GATHERED.toMillis());
            }
            news.drainPermits();
          }
        }
        pause = Duration.ofSeconds(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Throwable e) {
        // Also an Error: nobody else copies.
        metrics.failed("mirror");
        synchronized (progress) {
          away = true;
          progress.notifyAll();
        }
        LOG.warn(
            "{} documents wait for ClickHouse, tried again in {} s: {}",
            waiting(),
            pause.toSeconds(),
            e instanceof Error ? e.toString() : e.getMessage());
        if (!slept(pause)) {
          return;
        }
        Duration longest = sharing.withOthers() ? LONGEST_PAUSE_WITH_OTHERS : LONGEST_PAUSE;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(longest) < 0 ? doubled : longest;
      }
    }
  }

  private String waiting() {
    try {
      return Long.toString(local.uncopied());
    } catch (LocalStoreException e) {
      return "(unknown: " + e.getMessage() + ")";
    }
  }

  private boolean slept(Duration pause) {
    try {
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
      return running;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private int copySome() {
    long upTo;
    synchronized (progress) {
      upTo = asked;
    }
    List<Uncopied> some = local.uncopied(AT_ONCE);
    if (!some.isEmpty()) {
      if (!sharing.mayWrite().getAsBoolean()) {
        throw new IllegalStateException("this server does not lead");
      }
      remote.putAll(some.stream().map(Uncopied::document).toList());
      local.copiedUpTo(some.get(some.size() - 1).change());
    }
    if (some.size() < AT_ONCE) {
      copiedAllNanos = System.nanoTime();
      synchronized (progress) {
        copiedUpTo = upTo;
        away = false;
        progress.notifyAll();
      }
    }
    return some.size();
  }

  private void tidy() {
    Instant before = clock.instant().minus(KEPT);
    finished.forEach(one -> one.states().forEach(state -> local.forget(one.kind(), state, before)));
  }

  /** Stops copying, after a last attempt; what is left is copied after the next start. */
  @Override
  public void close() {
    running = false;
    mirror.interrupt();
    try {
      mirror.join(LAST_COPY_MILLIS);
      if (!mirror.isAlive()) {
        int copied = copySome();
        while (copied > 0) {
          copied = copySome();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("some documents are copied to ClickHouse after the next start: {}", e.getMessage());
    } finally {
      local.close();
    }
  }
}
