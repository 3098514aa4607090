package dev.tidemark.engine.cluster;

import dev.tidemark.engine.store.Documents;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The office of the leader, as one server sees it: stands for it while nobody holds it, renews the
 * claim while this server does, and notices when another one has followed. Two threads: {@code
 * tidemark-office} looks twice a second, {@code tidemark-asking} asks the others for their word.
 * Thread-safe.
 *
 * <p><b>What holds.</b> A leader acts only while its claim was said again in ClickHouse, or all
 * other servers gave their word not to follow it, within {@link Succession#LEASE}; so one that
 * hung, or is cut off from both, stops by itself before another one begins ({@link
 * Succession#MARGIN}). A server begins to lead only when the group has lost the leader before it
 * and that one's claim and the own word are old enough, or that one gave up its office, and its own
 * claim is the highest in ClickHouse {@link Succession#HOLD} after it was written. A leader that
 * sees a higher claim ends at once. While ClickHouse is away and the servers see each other, the
 * leader goes on. What this comes to in each case is a table in the module's README, which
 * CandidacyTest goes through.
 */
public final class Office implements AutoCloseable {
  /** No term; see {@link #awaitTerm}. */
  public static final long NONE = Candidacy.NONE;

  /** A ClickHouse that has not answered for so long counts as away. */
  public static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(Office.class);
  private static final long STEP_MILLIS = 500;
  private static final Duration SAID_EVERY = Duration.ofMinutes(1);

  /** Longer than any succession takes. */
  private static final Duration LEADERLESS_SAID_AFTER = Duration.ofMinutes(1);

  /** Why a term is over. */
  public enum End {
    /** Another server leads, or led meanwhile. */
    FOLLOWED,
    /** A standby brought something to the store; the next term of this server takes it over. */
    MORE_TO_TAKE_OVER,
    /** This server stops. */
    CLOSED
  }

  private final String node;
  private final Peers peers;
  private final PatientDocuments documents;
  private final Claims claims;
  private final Candidacy candidacy;
  private final ScheduledExecutorService asking =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "tidemark-asking");
            thread.setDaemon(true);
            return thread;
          });
  private final Thread thread;
  private volatile boolean running = true;
  private boolean ending;
  private boolean suspended;
  private boolean leaderlessSaid;

  /** At first nobody is known to lead. */
  private volatile @Nullable Long leaderlessSince = System.nanoTime();

  private @Nullable Long failedSince;

  /**
   * Joins the others and begins to stand for the office.
   *
   * @param shared what every server reads and writes
   * @param clock for the times beside claims, which only people read
   * @param url where programs and people reach this server
   * @throws ClusterException when the place among the others cannot be had
   */
  public Office(ClusterSettings settings, Documents shared, Clock clock, String url)
      throws ClusterException {
    this.node = settings.listen().toString();
    this.peers = new Membership(settings);
    this.documents = new PatientDocuments(shared, PATIENCE);
    this.claims = new Claims(documents, clock);
    this.candidacy = new Candidacy(node, url, claims, peers, Moment::now, this::wake);
    this.thread = new Thread(this::run, "tidemark-office");
    thread.setDaemon(true);
    thread.start();
    long everyMillis = Succession.ASKED_EVERY.toMillis();
    Object unused =
        asking.scheduleAtFixedRate(this::ask, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
  }

  /** Whether this server may decide, store and tell now, in whichever term. */
  public boolean held() {
    return candidacy.held(candidacy.term());
  }

  /** Whether this server may decide, store and tell now, in the term of that number. */
  public boolean held(long term) {
    return candidacy.held(term);
  }

  /** Returns where the leader is reached, if another server that is there leads. */
  public Optional<String> leader() {
    return candidacy.leader();
  }

  /** True time for which nobody has led, as far as this server sees; zero while somebody does. */
  public Duration leaderlessFor() {
    Long since = leaderlessSince;
    return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  /**
   * Waits until this server leads, it is closed, or the time is over.
   *
   * @return the number of the term, at least 1; or {@link #NONE} when it does not lead
   */
  public synchronized long awaitTerm(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    long left = atMost.toMillis();
    while (!ending && candidacy.term() == NONE && left > 0) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    candidacy.takesOver();
    return ending ? NONE : candidacy.term();
  }

  /** Waits until the term of that number is over. */
  public synchronized End awaitEnd(long term) throws InterruptedException {
    while (!ending && candidacy.term() == term && !candidacy.moreToTakeOver()) {
      wait();
    }
    if (ending) {
      return End.CLOSED;
    }
    return candidacy.term() == term ? End.MORE_TO_TAKE_OVER : End.FOLLOWED;
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

  private synchronized void wake() {
    notifyAll();
  }

  private void ask() {
    try {
      candidacy.ask();
    } catch (RuntimeException e) {
      LOG.warn("the other servers cannot be asked: {}", e.getMessage());
    }
  }

  private void run() {
    while (running) {
      try {
        candidacy.step();
        failedSince = null;
      } catch (RuntimeException e) {
        failed(e);
      }
      report();
      lookForALeader();
      try {
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** The first time, and then now and then: ClickHouse may be away for hours. */
  private void failed(RuntimeException e) {
    long now = System.nanoTime();
    if (failedSince == null || now - failedSince >= SAID_EVERY.toNanos()) {
      failedSince = now;
      LOG.warn("the claims in ClickHouse cannot be looked at: {}", e.getMessage());
    }
  }

  private void report() {
    long term = candidacy.term();
    boolean now = term != NONE && !candidacy.held(term);
    if (now && !suspended) {
      LOG.error(
          "this server tells nobody and takes nothing until it reaches ClickHouse or all other"
              + " servers again: cut off from both, it cannot know whether another one leads");
    } else if (suspended && term != NONE && !now) {
      LOG.warn("this server leads again");
    }
    suspended = now;
  }

  private void lookForALeader() {
    if (held() || leader().isPresent()) {
      if (leaderlessSaid) {
        LOG.warn("a server leads again");
      }
      leaderlessSince = null;
      leaderlessSaid = false;
    } else if (leaderlessSince == null) {
      leaderlessSince = System.nanoTime();
    } else if (!leaderlessSaid && leaderlessFor().compareTo(LEADERLESS_SAID_AFTER) >= 0) {
      leaderlessSaid = true;
      LOG.error(
          "no server has led for {} s, as far as this one sees: nothing is judged and nobody is told",
          leaderlessFor().toSeconds());
    }
  }

  /**
   * Gives up the office, so that another server follows at once, and leaves the group. To be called
   * after everything that was decided is stored.
   */
  @Override
  public void close() {
    end();
    running = false;
    asking.shutdownNow();
    thread.interrupt();
    try {
      thread.join(PATIENCE.toMillis());
      candidacy.giveUp();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("the office was not given up in ClickHouse: {}", e.getMessage());
    } finally {
      peers.close();
      documents.close();
    }
  }
}
