package dev.tidemark.alerting;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes notifications from the outbox to the notifiers. At least once: a crash between sending and
 * marking sends again, under the same id and dedup key.
 *
 * <p>{@link #run} is one step, called by the owner's loop, not on an event loop: it returns when
 * everything that was due has been tried, which the notifiers' timeouts bound. Calls of {@code run}
 * exclude each other. Sending happens on threads named {@code tidemark-notify-N}, which {@link
 * #close} ends.
 */
public final class Dispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** A receiver that asks for longer is asked again after this. */
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);

  private final Outbox outbox;
  private final DispatcherSettings settings;
  private final RandomGenerator random;
  private final ExecutorService senders;
  private final Map<String, Long> delivered = new TreeMap<>();
  private final Map<String, Long> failed = new TreeMap<>();
  private final Map<String, Long> dead = new TreeMap<>();
  private volatile Map<String, Notifier> notifiers;
  private volatile DispatcherStats stats = new DispatcherStats(Map.of(), Map.of(), Map.of(), 0);

  /**
   * Starts with these receivers.
   *
   * @param notifiers by the receiver's name
   * @param random for the jitter
   */
  public Dispatcher(
      Outbox outbox,
      Map<String, Notifier> notifiers,
      DispatcherSettings settings,
      RandomGenerator random) {
    this.outbox = outbox;
    this.notifiers = Map.copyOf(notifiers);
    this.settings = settings;
    this.random = random;
    AtomicInteger number = new AtomicInteger();
    this.senders =
        Executors.newFixedThreadPool(
            settings.concurrency(),
            work -> {
              Thread thread = new Thread(work, "tidemark-notify-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Puts other receivers in force, from the next attempt on. */
  public void notifiers(Map<String, Notifier> changed) {
    notifiers = Map.copyOf(changed);
  }

  /** Returns the counts as of the end of the last step. */
  public DispatcherStats stats() {
    return stats;
  }

  /**
   * Sends what is due, lane by lane in order, until nothing is due any more or a batch is used up.
   *
   * @throws RuntimeException what the outbox threw; what was not marked is sent again
   */
  public synchronized void run(Instant now) {
    int left = settings.batch();
    Set<String> tried = new HashSet<>();
    while (left > 0) {
      List<OutboxEntry> due =
          outbox.due(now, left).stream().filter(entry -> tried.add(entry.id())).toList();
      if (due.isEmpty()) {
        break;
      }
      left -= due.size();
      attempt(due, now);
    }
    stats = new DispatcherStats(delivered, failed, dead, outbox.pending());
  }

  private void attempt(List<OutboxEntry> due, Instant now) {
    List<Future<Delivery>> running = new ArrayList<>();
    for (OutboxEntry entry : due) {
      running.add(senders.submit(() -> deliver(entry)));
    }
    RuntimeException failure = null;
    for (int i = 0; i < due.size(); i++) {
      try {
        mark(due.get(i), result(running.get(i)), now);
      } catch (RuntimeException e) {
        // The other results must still be marked, or they would be sent twice for nothing.
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private Delivery deliver(OutboxEntry entry) {
    String receiver = entry.notification().receiver();
    Notifier notifier = notifiers.get(receiver);
    if (notifier == null) {
      return new Delivery.Retry(
          "there is no receiver '"
              + receiver
              + "' any more; define it again, or wait until this is"
              + " given up",
          null);
    }
    return notifier.deliver(entry.notification());
  }

  private static Delivery result(Future<Delivery> running) {
    try {
      return running.get();
    } catch (InterruptedException e) {
      running.cancel(true);
      Thread.currentThread().interrupt();
      return new Delivery.Retry("interrupted while sending", null);
    } catch (ExecutionException e) {
      return new Delivery.Retry("the notifier failed: " + e.getCause(), null);
    }
  }

  private void mark(OutboxEntry entry, Delivery result, Instant now) {
    String receiver = entry.notification().receiver();
    if (result instanceof Delivery.Delivered) {
      outbox.markDelivered(entry.id(), now);
      delivered.merge(receiver, 1L, Long::sum);
    } else if (result instanceof Delivery.Rejected rejected) {
      giveUp(entry, now, rejected.reason());
    } else if (result instanceof Delivery.Retry retry) {
      Instant next = now.plus(pause(entry.attempts(), retry));
      if (next.isAfter(entry.createdAt().plus(settings.maxAge()))) {
        giveUp(
            entry, now, "too old after " + (entry.attempts() + 1) + " attempts: " + retry.reason());
      } else {
        outbox.markFailed(entry.id(), next, retry.reason());
        failed.merge(receiver, 1L, Long::sum);
        LOG.warn("{} was not delivered, next attempt {}: {}", entry.id(), next, retry.reason());
      }
    }
  }

  private void giveUp(OutboxEntry entry, Instant now, String reason) {
    outbox.markDead(entry.id(), now, reason);
    dead.merge(entry.notification().receiver(), 1L, Long::sum);
    LOG.error("{} was given up and is in the dead letters: {}", entry.id(), reason);
  }

  /**
   * Half of the doubled pause is fixed, half is random; what the receiver asks for is the least.
   */
  private Duration pause(int attempts, Delivery.Retry retry) {
    Duration doubled = settings.firstBackoff().multipliedBy(1L << Math.min(attempts, 20));
    Duration most = settings.maxBackoff();
    long nanos = (doubled.compareTo(most) < 0 ? doubled : most).toNanos();
    Duration jittered = Duration.ofNanos(nanos / 2 + (long) (nanos / 2.0 * random.nextDouble()));
    Duration asked = retry.after();
    if (asked == null || asked.compareTo(jittered) < 0) {
      return jittered;
    }
    return asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
  }

  /** Interrupts what is being sent; it is sent again after the next start. */
  @Override
  public void close() {
    senders.shutdownNow();
  }
}
