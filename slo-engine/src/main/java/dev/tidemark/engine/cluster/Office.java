package dev.tidemark.engine.cluster;

import dev.tidemark.engine.cluster.Membership.Group;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The office of the leader, as one server sees it: stands for it while nobody holds it, renews the
 * claim while this server does, and notices when another one has followed. One thread, {@code
 * tidemark-office}, does so twice a second. Thread-safe.
 *
 * <p><b>What holds.</b> A server begins to lead only when the group has lost the leader before it,
 * or that one gave up its office, and its own claim is the highest in ClickHouse {@link #HOLD}
 * after it was written. A leader that sees a higher claim ends at once. One that could not look for
 * {@link #LOOKED_WITHIN}, such as a process that was stopped for a while, decides and tells nothing
 * until it has looked. A leader for which ClickHouse is away goes on: people are told also then. So
 * two lead at the same time only when one of them is cut off from the other <em>and</em> from
 * ClickHouse, and only until it gets through again.
 */
public final class Office implements AutoCloseable {
  /** How long after a claim it is looked whether it is the highest. */
  static final Duration HOLD = Duration.ofMillis(1_500);

  /**
   * A leader has to have looked for higher claims within this time; the group suspects nobody
   * earlier.
   */
  static final Duration LOOKED_WITHIN = Duration.ofSeconds(8);

  private static final Logger LOG = LoggerFactory.getLogger(Office.class);
  private static final long STEP_MILLIS = 500;
  private static final long PATIENCE_MILLIS = 3_000;

  /** Why a term is over. */
  public enum End {
    /** Another server leads. */
    FOLLOWED,
    /** A standby brought something to the store; the next term of this server takes it over. */
    MORE_TO_TAKE_OVER,
    /** This server stops. */
    CLOSED
  }

  private final Claims claims;
  private final Membership membership;
  private final String node;
  private final String url;
  private final ExecutorService store =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "tidemark-claims");
            thread.setDaemon(true);
            return thread;
          });
  private final Thread thread;
  private volatile boolean running = true;
  private boolean ending;
  private volatile @Nullable Claim mine;
  private volatile Optional<Claim> top = Optional.empty();
  private volatile long lookedNanos = System.nanoTime();
  private long topSinceNanos = System.nanoTime();
  private long renewedNanos;
  private long handovers;
  private boolean moreToTakeOver;

  /**
   * Joins the others and begins to stand for the office.
   *
   * @param url where programs and people reach this server
   * @throws ClusterException when the place among the others cannot be had
   */
  public Office(ClusterSettings settings, Claims claims, String url) throws ClusterException {
    this.claims = claims;
    this.node = settings.listen().toString();
    this.url = url;
    this.membership = new Membership(settings);
    this.thread = new Thread(this::run, "tidemark-office");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether this server may decide, store and tell now. */
  public boolean held() {
    return mine != null && System.nanoTime() - lookedNanos < LOOKED_WITHIN.toNanos();
  }

  /** Returns how many servers are there, this one included. */
  public int members() {
    return membership.group().members().size();
  }

  /** Returns where the leader is reached, if another server that is there leads. */
  public Optional<String> leader() {
    Group group = membership.group();
    return top.filter(
            claim ->
                !claim.released()
                    && !claim.member().equals(membership.self())
                    && group.members().contains(claim.member()))
        .map(Claim::url);
  }

  /** Waits until this server leads, it is closed, or the time is over; whether it leads. */
  public synchronized boolean awaitTerm(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    long left = atMost.toMillis();
    while (!ending && mine == null && left > 0) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    moreToTakeOver = false;
    return !ending && mine != null;
  }

  /** Waits until the term is over. */
  public synchronized End awaitEnd() throws InterruptedException {
    while (!ending && mine != null && !moreToTakeOver) {
      wait();
    }
    return ending ? End.CLOSED : mine == null ? End.FOLLOWED : End.MORE_TO_TAKE_OVER;
  }

  /** Wakes who waits; the office is held on until {@link #close}, so that the rest is stored. */
  public synchronized void end() {
    ending = true;
    notifyAll();
  }

  /** Whether this server is about to stop. */
  public synchronized boolean ending() {
    return ending;
  }

  /** Tells the leader that this server brought something to the store. */
  public void handOver() {
    claims.handOver(node);
  }

  private void run() {
    while (running) {
      try {
        if (mine == null) {
          stand();
        } else {
          hold();
        }
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        // Seen as often as it fails: the claim is what the servers agree by.
        LOG.warn("the claims in ClickHouse cannot be looked at: {}", e.getMessage());
        // After a pause a higher claim may be there: only a look that succeeds ends the doubt.
        if (System.nanoTime() - lookedNanos < LOOKED_WITHIN.toNanos()) {
          lookedNanos = System.nanoTime();
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stand() throws InterruptedException {
    look();
    Group group = membership.group();
    Succession.Sight sight =
        new Succession.Sight(
            group.first().equals(membership.self()),
            group.unchanged(),
            top,
            top.filter(claim -> group.members().contains(claim.member())).isPresent(),
            Duration.ofNanos(System.nanoTime() - topSinceNanos));
    if (Succession.mayClaim(sight)) {
      claim();
    }
  }

  private void claim() throws InterruptedException {
    long epoch = top.map(Claim::epoch).orElse(0L) + 1;
    Claim wanted = new Claim(node, membership.self(), url, epoch, 0, false);
    put(wanted);
    renewedNanos = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(HOLD.toMillis());
    handovers = bounded(claims::handovers);
    look();
    if (top.filter(wanted::sameTermAs).isPresent()) {
      LOG.info("this server leads from now on, as number {}", epoch);
      synchronized (this) {
        mine = wanted;
        notifyAll();
      }
    }
  }

  private void hold() {
    Claim held = mine;
    look();
    if (held == null || top.filter(held::sameTermAs).isEmpty()) {
      LOG.warn(
          "{} leads from now on; this server stands by",
          top.map(Claim::url).orElse("another server"));
      synchronized (this) {
        mine = null;
        notifyAll();
      }
      return;
    }
    if (System.nanoTime() - renewedNanos >= Succession.RENEWED_EVERY.toNanos()) {
      Claim again = held.renewed();
      long seen =
          bounded(
              () -> {
                claims.put(again);
                return claims.handovers();
              });
      renewedNanos = System.nanoTime();
      synchronized (this) {
        if (mine != null) {
          mine = again;
        }
        moreToTakeOver |= seen != handovers;
        handovers = seen;
        notifyAll();
      }
    }
  }

  private void look() {
    Optional<Claim> seen = bounded(claims::top);
    if (!seen.equals(top)) {
      topSinceNanos = System.nanoTime();
      top = seen;
    }
    lookedNanos = System.nanoTime();
  }

  private void put(Claim claim) {
    boolean done =
        bounded(
            () -> {
              claims.put(claim);
              return true;
            });
    assert done;
  }

  /** A ClickHouse that does not answer counts as away before the client gives it up. */
  private <T> T bounded(Supplier<T> work) {
    Future<T> answer = store.submit(work::get);
    try {
      return answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IllegalStateException("ClickHouse did not answer within 3 s", e);
    } catch (ExecutionException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(String.valueOf(reason.getMessage()), reason);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Gives up the office, so that another server follows at once, and leaves the group. To be called
   * after everything that was decided is stored.
   */
  @Override
  public void close() {
    Claim held;
    synchronized (this) {
      running = false;
      ending = true;
      held = mine;
      notifyAll();
    }
    thread.interrupt();
    try {
      thread.join(PATIENCE_MILLIS);
      if (held != null) {
        put(held.given());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("the office was not given up in ClickHouse: {}", e.getMessage());
    } finally {
      mine = null;
      membership.close();
      store.shutdownNow();
    }
  }
}
