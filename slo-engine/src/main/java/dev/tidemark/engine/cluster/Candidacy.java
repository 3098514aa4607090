package dev.tidemark.engine.cluster;

import dev.tidemark.engine.cluster.Peers.Group;
import dev.tidemark.engine.cluster.Peers.Question;
import dev.tidemark.engine.cluster.Succession.Whose;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one server knows of who leads, and what it does about it, one step after the other. Knows no
 * threads and no timers: {@link Office} steps it. One thread calls {@link #step} and {@link
 * #giveUp}; everything else is thread-safe and returns at once.
 */
final class Candidacy implements Peers.Words {
  /** No term. */
  static final long NONE = 0;

  private static final Logger LOG = LoggerFactory.getLogger(Candidacy.class);

  /** A claim, and since when it is seen as it is. */
  private record Seen(Claim claim, Moment since) {}

  /** A claim that was written and not yet found to be the one that counts. */
  private record Wanted(Claim claim, Moment written) {}

  private final String node;
  private final String url;
  private final Claims claims;
  private final Peers peers;
  private final Supplier<Moment> watch;
  private final Runnable changed;

  private Map<String, Seen> seen = Map.of();
  private Optional<Claim> top = Optional.empty();
  private @Nullable Wanted wanted;
  private @Nullable Claim mine;
  private @Nullable Moment renewed;
  private @Nullable Moment promised;
  private final TreeMap<Long, Moment> asked = new TreeMap<>();
  private final Map<String, Moment> given = new HashMap<>();
  private long questions;
  private long handovers;
  private boolean moreToTakeOver;

  /**
   * Stands for nothing yet.
   *
   * @param node where this server listens for the others
   * @param url where programs and people reach it
   * @param watch the time
   * @param changed called when a term begins, ends, or has more to take over
   */
  Candidacy(
      String node,
      String url,
      Claims claims,
      Peers peers,
      Supplier<Moment> watch,
      Runnable changed) {
    this.node = node;
    this.url = url;
    this.claims = claims;
    this.peers = peers;
    this.watch = watch;
    this.changed = changed;
    peers.listen(this);
  }

  /** The number of the term in which this server leads, whether or not it may act; or none. */
  synchronized long term() {
    return mine == null ? NONE : mine.epoch();
  }

  /** Whether this server may decide, store and tell now in that term. */
  synchronized boolean held(long term) {
    return term != NONE && term == term() && leased();
  }

  /** Where the leader is reached, if another server that is there leads. */
  synchronized Optional<String> leader() {
    Group group = peers.group();
    return top.filter(
            claim ->
                !claim.released()
                    && !claim.member().equals(peers.self())
                    && group.members().contains(claim.member()))
        .map(Claim::url);
  }

  /** Whether a standby brought something to the store that this term has not taken over. */
  synchronized boolean moreToTakeOver() {
    return moreToTakeOver;
  }

  /** What was brought up to now is taken over. */
  synchronized void takesOver() {
    moreToTakeOver = false;
  }

  private boolean leased() {
    Moment now = watch.get();
    if (renewed != null && fresh(renewed, now)) {
      return true;
    }
    return given.values().stream().filter(at -> fresh(at, now)).count() >= peers.others();
  }

  private static boolean fresh(Moment at, Moment now) {
    return at.passedAtMostAt(now).compareTo(Succession.LEASE) < 0;
  }

  /** A leader asks the others for their word, which it needs only when ClickHouse is away. */
  void ask() {
    Question question;
    synchronized (this) {
      if (mine == null) {
        return;
      }
      Moment now = watch.get();
      asked.values().removeIf(at -> !fresh(at, now));
      given.values().removeIf(at -> !fresh(at, now));
      asked.put(++questions, now);
      question = new Question(questions, mine.epoch(), node);
    }
    peers.ask(question);
  }

  @Override
  public synchronized boolean promises(Question question) {
    boolean stands = mine != null || wanted != null;
    boolean deposed =
        top.filter(
                claim ->
                    claim.epoch() > question.epoch()
                        || (claim.epoch() == question.epoch()
                            && claim.node().compareTo(question.node()) > 0))
            .isPresent();
    if (stands || deposed) {
      return false;
    }
    promised = watch.get();
    return true;
  }

  @Override
  public synchronized void promised(String member, long number) {
    Moment at = asked.get(number);
    if (at != null && mine != null) {
      given.merge(member, at, (one, other) -> one.passedAt(other).isNegative() ? one : other);
    }
  }

  /**
   * Looks at the claims, and stands for the office, renews the own claim or steps down.
   *
   * @throws RuntimeException what the store throws
   */
  void step() {
    look();
    Claim held;
    Wanted stood;
    synchronized (this) {
      held = mine;
      stood = wanted;
    }
    if (held != null) {
      hold(held);
    } else if (stood != null) {
      await(stood);
    } else {
      stand();
    }
  }

  private void look() {
    List<Claim> all = claims.all();
    Moment now = watch.get();
    Map<String, Seen> fresh = new HashMap<>();
    synchronized (this) {
      for (Claim claim : all) {
        Seen before = seen.get(claim.node());
        fresh.put(
            claim.node(),
            before != null && before.claim().equals(claim) ? before : new Seen(claim, now));
      }
      seen = fresh;
      top = all.stream().max(Claim.BY_WEIGHT);
    }
  }

  private void stand() {
    Claim claim;
    synchronized (this) {
      Moment now = watch.get();
      Group group = peers.group();
      Succession.Sight sight =
          new Succession.Sight(
              group.first().equals(peers.self()),
              group.since().passedAt(now),
              top,
              whose(group),
              top.map(one -> silence(one.node(), now)).orElse(Succession.UNRENEWED),
              promised == null ? Succession.UNRENEWED : promised.passedAt(now));
      if (!Succession.mayClaim(sight)) {
        return;
      }
      long epoch = top.map(Claim::epoch).orElse(NONE) + 1;
      claim = new Claim(node, peers.self(), url, epoch, 0, false);
      // From here on it gives nobody its word.
      wanted = new Wanted(claim, now);
    }
    try {
      claims.put(claim);
      Moment written = watch.get();
      synchronized (this) {
        wanted = new Wanted(claim, written);
      }
    } catch (RuntimeException e) {
      // It may yet arrive; then it is found as an own claim by which nobody leads.
      synchronized (this) {
        wanted = null;
      }
      throw e;
    }
  }

  private Whose whose(Group group) {
    String member = top.map(Claim::member).orElse("");
    if (member.equals(peers.self())) {
      return Whose.OWN;
    }
    return group.members().contains(member) ? Whose.MEMBER : Whose.STRANGER;
  }

  private Duration silence(String of, Moment now) {
    Seen one = seen.get(of);
    return one == null ? Succession.UNRENEWED : one.since().passedAt(now);
  }

  private void await(Wanted stood) {
    if (top.filter(stood.claim()::sameTermAs).isEmpty()) {
      synchronized (this) {
        wanted = null;
      }
      giveUp(stood.claim());
      return;
    }
    Moment now = watch.get();
    if (stood.written().passedAt(now).compareTo(Succession.HOLD) < 0 || !othersSilent(now)) {
      return;
    }
    Claim claim = stood.claim().renewed();
    claims.put(claim);
    long known = claims.handovers();
    synchronized (this) {
      wanted = null;
      mine = claim;
      renewed = now;
      asked.clear();
      given.clear();
      handovers = known;
      moreToTakeOver = false;
    }
    LOG.info("this server leads from now on, as number {}", claim.epoch());
    changed.run();
  }

  /**
   * Somebody else may have looked before this server's claim was there, and lead by one that does
   * not count any more; it stops when it looks again, or when its lease is over.
   */
  private synchronized boolean othersSilent(Moment now) {
    return seen.values().stream()
        .filter(one -> !one.claim().node().equals(node) && !one.claim().released())
        .allMatch(one -> one.since().passedAt(now).compareTo(Succession.UNRENEWED) >= 0);
  }

  private void hold(Claim held) {
    if (top.filter(held::sameTermAs).isEmpty()) {
      LOG.warn(
          "{} leads from now on; this server stands by",
          top.map(Claim::url).orElse("another server"));
      synchronized (this) {
        mine = null;
      }
      changed.run();
      giveUp(held);
      return;
    }
    Moment now = watch.get();
    if (renewed != null && renewed.passedAt(now).compareTo(Succession.RENEWED_EVERY) < 0) {
      return;
    }
    Claim again = held.renewed();
    claims.put(again);
    synchronized (this) {
      mine = again;
      renewed = now;
    }
    long known = claims.handovers();
    synchronized (this) {
      moreToTakeOver |= known != handovers;
      handovers = known;
    }
    changed.run();
  }

  /** Ends the term, so that another server follows at once. Throws what the store throws. */
  void giveUp() {
    Claim held;
    synchronized (this) {
      held = mine;
      mine = null;
    }
    if (held != null) {
      claims.put(held.given());
    }
  }

  /** Says that this server does not stand by its claim, so that who is above it need not wait. */
  private void giveUp(Claim claim) {
    try {
      claims.put(claim.given());
    } catch (RuntimeException e) {
      LOG.info("a claim that does not count was not withdrawn: {}", e.getMessage());
    }
  }
}
