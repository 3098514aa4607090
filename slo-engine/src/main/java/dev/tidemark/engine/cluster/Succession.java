package dev.tidemark.engine.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a leader leads without a word, and when a server that stands by may claim to lead. Pure.
 *
 * <p>A leader's time is up {@link #LEASE} after it <em>began</em> to say its claim again, or to ask
 * the others for their word; who follows waits for {@link #UNRENEWED} after it <em>has seen</em>
 * the one or given the other, and then for {@link #HOLD}. Each measures by its own watch. So
 * between the end of the one and the beginning of the other are at least {@link #MARGIN}, for what
 * is on its way and for watches that do not go alike.
 */
final class Succession {
  /** So long nobody may have come or gone: servers that start together have found each other. */
  static final Duration SETTLED = Duration.ofSeconds(1);

  /** A leader says its claim again that often. */
  static final Duration RENEWED_EVERY = Duration.ofSeconds(2);

  /** A leader asks the others for their word that often. */
  static final Duration ASKED_EVERY = Duration.ofSeconds(1);

  /** So long a leader leads after its claim was said again, or all others gave their word. */
  static final Duration LEASE = Duration.ofSeconds(5);

  /** A claim that was not said again for so long is that of one that leads no more. */
  static final Duration UNRENEWED = Duration.ofSeconds(6);

  /** How long after a claim it is looked whether it is the highest. */
  static final Duration HOLD = Duration.ofMillis(1_500);

  /** What lies at least between the end of a lease and the moment when another server leads. */
  static final Duration MARGIN = UNRENEWED.plus(HOLD).minus(LEASE);

  private Succession() {}

  /**
   * What a server sees.
   *
   * @param first whether the group has it as its first member
   * @param settled since when nobody came or went
   * @param top the claim that counts
   * @param whose whose it is
   * @param unchanged since when the claim was seen to be as it is, by this server's own watch
   * @param promised since when this server gave nobody its word, by its own watch
   */
  record Sight(
      boolean first,
      Duration settled,
      Optional<Claim> top,
      Whose whose,
      Duration unchanged,
      Duration promised) {}

  /** Whose claim counts. */
  enum Whose {
    /** This very process made it, and does not lead by it: it could not look in time. */
    OWN,
    /** Another member of the group. */
    MEMBER,
    /** One that the group has not, or nobody. */
    STRANGER
  }

  /**
   * A leader is followed when the group lost it <em>and</em> it renews no more <em>and</em> has no
   * word of this server: one of them alone is a cut line, or a ClickHouse that is slow.
   */
  static boolean mayClaim(Sight sight) {
    if (sight.settled().compareTo(SETTLED) < 0) {
      return false;
    }
    if (sight.top().isPresent() && sight.whose() == Whose.OWN && !sight.top().get().released()) {
      // The others wait for this one, which is there.
      return true;
    }
    if (!sight.first()) {
      return false;
    }
    if (sight.top().isEmpty() || sight.top().get().released()) {
      return true;
    }
    return sight.whose() == Whose.STRANGER
        && sight.unchanged().compareTo(UNRENEWED) >= 0
        && sight.promised().compareTo(UNRENEWED) >= 0;
  }
}
