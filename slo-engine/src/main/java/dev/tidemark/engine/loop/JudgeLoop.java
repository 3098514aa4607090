package dev.tidemark.engine.loop;

import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Tick;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tick: one thread that owns the judge. It applies durable signals in the order in which they
 * came, judges all slices that have ended, and hands what came of it to the next step. Everybody
 * else asks through {@link #query}. Nothing here touches the database.
 *
 * <p>The queue of signals is bounded; a full one holds back the writer, and so in the end the
 * senders, instead of growing.
 */
public final class JudgeLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JudgeLoop.class);
  private static final int QUEUED_WORK = 4_096;
  private static final long COMPLAIN_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** After a tick the thread has so many times as long for signals and questions: 4 is 20 %. */
  private static final int REST = 4;

  /** Receives what a tick decided, on the loop's thread; has to return at once. */
  public interface DecisionListener {
    /**
     * Takes the outcome of one tick.
     *
     * @param tick what changed
     * @param at engine time up to which everything is judged
     * @param receivedBefore signals received before it are accounted for in the outcome
     */
    void decided(Tick tick, Instant at, Instant receivedBefore);
  }

  private interface Work {
    void run(Judge judge);
  }

  private final Judge judge;
  private final Clock clock;
  private final Duration judgingDelay;
  private final Duration realTick;
  private final EngineMetrics metrics;
  private final DecisionListener listener;
  private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(QUEUED_WORK);
  private final Thread thread;
  private volatile boolean running = true;
  private volatile Instant judgedUntil;
  private volatile long tickedNanos = System.nanoTime();
  private Instant receivedUntil;
  private long complainedNanos;

  /**
   * Prepares the loop; {@link #start()} runs it.
   *
   * @param judge owned by the loop's thread from now on
   * @param judgedUntil up to where it has judged already; while the clock is behind that, because
   *     it was set back, nothing is judged again
   * @param clock engine time
   * @param judgingDelay how far judging stays behind it, for signals under way
   * @param realTick true time between two ticks at least; more when ticks take long, so that they
   *     never take more than a fifth of the thread's time
   * @param listener of decisions
   */
  public JudgeLoop(
      Judge judge,
      Instant judgedUntil,
      Clock clock,
      Duration judgingDelay,
      Duration realTick,
      EngineMetrics metrics,
      DecisionListener listener) {
    this.judge = judge;
    this.clock = clock;
    this.judgingDelay = judgingDelay;
    this.realTick = realTick;
    this.metrics = metrics;
    this.listener = listener;
    this.receivedUntil = clock.instant();
    this.judgedUntil = judgedUntil;
    this.thread = new Thread(this::run, "tidemark-judge");
    judge.onFailure(
        (id, why) -> {
          metrics.failed("judge");
          LOG.error("{} cannot be judged; the watch over the others goes on", id, why);
        });
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** Engine time up to which everything is judged. */
  public Instant judgedUntil() {
    return judgedUntil;
  }

  /** True time since everything was judged up to the clock. */
  public Duration sinceTick() {
    return Duration.ofNanos(System.nanoTime() - tickedNanos);
  }

  /** How many pieces of work wait. */
  public int queued() {
    return queue.size();
  }

  /** Takes points that are durable; waits while the queue is full. */
  public void offer(List<MetricPoint> points, Instant receivedAt) {
    if (points.isEmpty()) {
      return;
    }
    put(
        owner -> {
          applyEach(owner, points);
          if (receivedAt.isAfter(receivedUntil)) {
            receivedUntil = receivedAt;
          }
        });
  }

  /** One point that cannot be judged must not take those after it with it. */
  private void applyEach(Judge owner, List<MetricPoint> points) {
    int failed = 0;
    for (MetricPoint point : points) {
      try {
        owner.apply(point);
      } catch (RuntimeException e) {
        if (failed++ == 0) {
          LOG.error("a signal cannot be judged; the others of its batch are", e);
        }
        metrics.failed("judge");
      }
    }
  }

  /** Runs a question or a change on the judge's own thread and returns its answer. */
  public <T> CompletionStage<T> query(Function<Judge, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    put(
        owner -> {
          try {
            answer.complete(question.apply(owner));
          } catch (Throwable e) {
            // Whoever asks would wait for ever otherwise.
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private void put(Work work) {
    try {
      while (running) {
        if (queue.offer(work, 1, TimeUnit.SECONDS)) {
          return;
        }
      }
      throw new IllegalStateException("the judge has stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the judge", e);
    }
  }

  private void run() {
    long nextTick = System.nanoTime();
    while (running) {
      try {
        long wait = nextTick - System.nanoTime();
        Work work = wait > 0 ? queue.poll(wait, TimeUnit.NANOSECONDS) : queue.poll();
        if (work != null) {
          work.run(judge);
        }
        long began = System.nanoTime();
        if (began - nextTick >= 0) {
          try {
            tick();
          } finally {
            // A tick that fails is tried again when the next one is due, not at once.
            long ended = System.nanoTime();
            nextTick = ended + Math.max(realTick.toNanos(), REST * (ended - began));
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Throwable e) {
        // One signal that cannot be judged must not end the watch over all others, nor an Error.
        metrics.failed("judge");
        complain(e);
      }
    }
  }

  /** In full now and then only: a tick that fails fails twice a second. */
  private void complain(Throwable failure) {
    if (complainedNanos == 0 || System.nanoTime() - complainedNanos >= COMPLAIN_EVERY_NANOS) {
      complainedNanos = System.nanoTime();
      LOG.error("judging failed; the watch goes on", failure);
    }
  }

  private void tick() {
    Instant at = clock.instant().minus(judgingDelay);
    if (at.isBefore(judgedUntil)) {
      // The clock stepped back: what is judged stays judged.
      return;
    }
    long began = System.nanoTime();
    Tick tick = judge.tick(at);
    judgedUntil = at;
    int restated = (int) tick.bucketChanges().stream().filter(change -> change.restated()).count();
    metrics.ticked(
        (System.nanoTime() - began) / 1e9, tick.bucketChanges().size() - restated, restated);
    listener.decided(tick, at, receivedUntil);
    // Only now: what is judged and not handed on is as good as not judged.
    tickedNanos = System.nanoTime();
  }

  /** Stops the thread and waits for it. */
  @Override
  public void close() {
    running = false;
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
