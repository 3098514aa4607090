package dev.tidemark.alerting;

import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes notifications from the outbox to the notifiers. At least once: a crash between sending and
 * marking sends again, under the same id and dedup key.
 *
 * <p>{@link #run} is one step, called by the owner's loop, not on an event loop: it returns when
 * everything that was due has been tried, which the notifiers' timeouts bound, and takes up what
 * becomes due meanwhile, so that a slow receiver holds up nobody else. Calls of {@code run} exclude
 * each other. Sending happens on threads named {@code tidemark-notify-N}, which {@link #close}
 * ends.
 *
 * <p>A receiver that fails again and again is spared ({@link CircuitBreaker}); after the time that
 * its {@link Receiver.Fallback} says, everything that waits for it goes to the fallback's receiver
 * too. What a receiver refuses, or has not taken until it is too old, goes to its fallback at once,
 * without one to the receivers of the routes' root. Whoever was told in a receiver's place hears
 * the end too.
 */
public final class Dispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** A receiver that asks for longer is asked again after this. */
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);

  private static final long LOOK_AGAIN_MILLIS = 50;
  private static final int HANDED_ON_AT_ONCE = 1_000;

  private record Tried(OutboxEntry entry, Delivery result) {}

  private final Outbox outbox;
  private final DispatcherSettings settings;
  private final RandomGenerator random;
  private final ExecutorService senders;
  private final BlockingQueue<Tried> answers = new LinkedBlockingQueue<>();
  private final Map<String, CircuitBreaker> breakers = new HashMap<>();
  private final Set<String> busyLanes = new HashSet<>();
  private final Set<String> sending = new HashSet<>();
  private final List<OutboxEntry> unsettled = new ArrayList<>();
  private final List<OutboxEntry> copies = new ArrayList<>();
  private final Map<String, Long> delivered = new TreeMap<>();
  private final Map<String, Long> failed = new TreeMap<>();
  private final Map<String, Long> dead = new TreeMap<>();
  private int underway;
  private volatile Map<String, Notifier> notifiers;
  private volatile @Nullable StandIns standIns;
  private volatile DispatcherStats stats =
      new DispatcherStats(Map.of(), Map.of(), Map.of(), Map.of(), 0);

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

  /** Puts other routes in force, by which it is known who stands in for whom; at first nobody. */
  public void routes(Routes changed) {
    standIns = StandIns.of(changed, outbox);
  }

  /** Returns the counts as of the end of the last step. */
  public DispatcherStats stats() {
    return stats;
  }

  /**
   * Sends what is due, lane by lane in order, until nothing is due and nothing is under way.
   *
   * @param clock what is due by now
   * @param mayTell asked before each notification; once it says no, none is begun any more, and
   *     what is under way is waited for
   * @throws RuntimeException what the outbox threw; what is known of attempts stays in memory and
   *     is marked by the next step
   */
  public synchronized void run(InstantSource clock, BooleanSupplier mayTell) {
    try {
      // While nothing can be marked nothing more is sent: all of it would be sent again.
      boolean unused = settle();
      boolean more = true;
      while (more) {
        Instant now = clock.instant();
        takeAnswers(now);
        // Before marking, so that receivers work while the disk is waited for.
        send(now, mayTell);
        boolean settled = settle();
        more = standIn(now, mayTell) || settled || (underway > 0 && awaitAnswer());
      }
    } finally {
      stats = new DispatcherStats(delivered, failed, dead, failingSince(), outbox.pending());
    }
  }

  /** Waits a moment for an answer; new entries are looked for in between. */
  private boolean awaitAnswer() {
    try {
      Tried tried = answers.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      if (tried != null) {
        answers.add(tried);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void takeAnswers(Instant now) {
    for (Tried tried = answers.poll(); tried != null; tried = answers.poll()) {
      OutboxEntry entry = tried.entry();
      underway--;
      sending.remove(entry.id());
      boolean noted = false;
      try {
        unsettled.add(outcome(entry, tried.result(), now));
        noted = true;
      } finally {
        if (!noted) {
          // Better told twice than a lane that is never free again.
          busyLanes.remove(entry.lane());
        }
      }
    }
  }

  /** Together, so that the disk is waited for once. Returns whether there was anything. */
  private boolean settle() {
    if (unsettled.isEmpty()) {
      return false;
    }
    outbox.settle(unsettled, copies);
    unsettled.forEach(entry -> busyLanes.remove(entry.lane()));
    unsettled.clear();
    copies.clear();
    return true;
  }

  private void send(Instant now, BooleanSupplier mayTell) {
    int room = settings.concurrency() - underway;
    while (room > 0) {
      List<OutboxEntry> due =
          outbox.due(
              now,
              receiver -> breaker(receiver).room(now, settings.perReceiver()),
              lane -> !busyLanes.contains(lane),
              room);
      for (OutboxEntry entry : due) {
        if (!mayTell.getAsBoolean()) {
          return;
        }
        begin(entry);
      }
      room = due.isEmpty() ? 0 : settings.concurrency() - underway;
    }
  }

  private void begin(OutboxEntry entry) {
    CircuitBreaker breaker = breaker(entry.notification().receiver());
    busyLanes.add(entry.lane());
    sending.add(entry.id());
    breaker.began();
    underway++;
    boolean begun = false;
    try {
      senders.execute(() -> answers.add(new Tried(entry, deliver(entry))));
      begun = true;
    } finally {
      if (!begun) {
        underway--;
        breaker.withdrawn();
        sending.remove(entry.id());
        busyLanes.remove(entry.lane());
      }
    }
  }

  private CircuitBreaker breaker(String receiver) {
    return breakers.computeIfAbsent(receiver, name -> new CircuitBreaker());
  }

  private Map<String, Instant> failingSince() {
    Map<String, Instant> failing = new HashMap<>();
    breakers.forEach(
        (receiver, breaker) -> {
          Instant since = breaker.failingSince();
          if (since != null) {
            failing.put(receiver, since);
          }
        });
    return failing;
  }

  /**
   * Puts what waits for a receiver that fails into the outbox for its fallback too, each once.
   * Returns whether there was anything.
   */
  private boolean standIn(Instant now, BooleanSupplier mayTell) {
    StandIns others = standIns;
    if (others == null || !mayTell.getAsBoolean()) {
      return false;
    }
    List<OutboxEntry> marked = new ArrayList<>();
    List<OutboxEntry> told = new ArrayList<>();
    failingSince()
        .forEach(
            (receiver, since) -> {
              Receiver.Fallback fallback = others.of(receiver);
              if (fallback != null && !now.isBefore(since.plus(fallback.after()))) {
                for (OutboxEntry entry : outbox.notHandedOn(receiver, HANDED_ON_AT_ONCE)) {
                  // The answer of what is being sent would take the mark away; it is next.
                  if (!sending.contains(entry.id())) {
                    marked.add(entry.asHandedOn());
                    told.addAll(others.failing(entry, fallback, since, now));
                  }
                }
              }
            });
    if (!marked.isEmpty()) {
      outbox.settle(marked, told);
    }
    return !marked.isEmpty();
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
    try {
      return notifier.deliver(entry.notification());
    } catch (Throwable e) {
      // Also an Error: without an answer the lane would be busy until the next start.
      return new Delivery.Retry("the notifier failed: " + e, null);
    }
  }

  private OutboxEntry outcome(OutboxEntry entry, Delivery result, Instant now) {
    String receiver = entry.notification().receiver();
    CircuitBreaker breaker = breaker(receiver);
    if (result instanceof Delivery.Delivered) {
      breaker.answered();
      delivered.merge(receiver, 1L, Long::sum);
      StandIns others = standIns;
      if (others != null) {
        copies.addAll(others.over(entry, now));
      }
      return entry.delivered(now);
    }
    if (result instanceof Delivery.Rejected rejected) {
      breaker.answered();
      return handedOn(entry, rejected.reason(), "which refuses it: " + rejected.reason(), now);
    }
    Delivery.Retry retry = (Delivery.Retry) result;
    Instant next = now.plus(pause(entry.attempts(), retry));
    breaker.failed(now, next);
    Duration asked = asked(retry);
    if (asked != null) {
      breaker.pause(now.plus(asked));
    }
    if (next.isAfter(entry.createdAt().plus(settings.maxAge()))) {
      String reason = "too old after " + (entry.attempts() + 1) + " attempts: " + retry.reason();
      return handedOn(entry, reason, "which did not take it in time: " + retry.reason(), now);
    }
    failed.merge(receiver, 1L, Long::sum);
    LOG.warn("{} was not delivered, next attempt {}: {}", entry.id(), next, retry.reason());
    return entry.failed(next, retry.reason());
  }

  /** Gives up; those who stand in hear it with a clause about the receiver. */
  private OutboxEntry handedOn(OutboxEntry entry, String reason, String why, Instant now) {
    StandIns others = standIns;
    List<OutboxEntry> instead = others == null ? List.of() : others.givenUp(entry, why, now);
    copies.addAll(instead);
    dead.merge(entry.notification().receiver(), 1L, Long::sum);
    LOG.error("{} was given up and is in the dead letters: {}", entry.id(), reason);
    OutboxEntry given = entry.dead(now, reason);
    return instead.isEmpty() ? given : given.asHandedOn();
  }

  /**
   * Half of the doubled pause is fixed, half is random; what the receiver asks for is the least.
   */
  private Duration pause(int attempts, Delivery.Retry retry) {
    Duration doubled = settings.firstBackoff().multipliedBy(1L << Math.min(attempts, 20));
    Duration most = settings.maxBackoff();
    long nanos = (doubled.compareTo(most) < 0 ? doubled : most).toNanos();
    Duration jittered = Duration.ofNanos(nanos / 2 + (long) (nanos / 2.0 * random.nextDouble()));
    Duration asked = asked(retry);
    return asked == null || asked.compareTo(jittered) < 0 ? jittered : asked;
  }

  private static @Nullable Duration asked(Delivery.Retry retry) {
    Duration asked = retry.after();
    return asked == null || asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
  }

  /** Interrupts what is being sent; it is sent again after the next start. */
  @Override
  public void close() {
    senders.shutdownNow();
  }
}
