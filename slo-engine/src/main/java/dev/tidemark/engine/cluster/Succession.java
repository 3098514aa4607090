package dev.tidemark.engine.cluster;

import java.time.Duration;
import java.util.Optional;

/** When a server that stands by may claim to lead. Pure. */
final class Succession {
  /** So long nobody may have come or gone: servers that start together have found each other. */
  static final Duration SETTLED = Duration.ofSeconds(1);

  /** A leader says its claim again that often. */
  static final Duration RENEWED_EVERY = Duration.ofSeconds(2);

  /** A claim that was not said again for so long may be that of a dead one. */
  static final Duration UNRENEWED = Duration.ofSeconds(6);

  private Succession() {}

  /**
   * What a server sees.
   *
   * @param first whether the group has it as its first member
   * @param settled since when nobody came or went
   * @param top the claim that counts
   * @param topIsMember whether the group has who made it
   * @param unchanged since when the claim was seen to be as it is, by this server's own watch
   */
  record Sight(
      boolean first,
      Duration settled,
      Optional<Claim> top,
      boolean topIsMember,
      Duration unchanged) {}

  /**
   * A leader is followed when the group lost it <em>and</em> it renews no more: one of both alone
   * is a cut line between the servers, or a ClickHouse that is slow.
   */
  static boolean mayClaim(Sight sight) {
    if (!sight.first() || sight.settled().compareTo(SETTLED) < 0) {
      return false;
    }
    if (sight.top().isEmpty() || sight.top().get().released()) {
      return true;
    }
    return !sight.topIsMember() && sight.unchanged().compareTo(UNRENEWED) >= 0;
  }
}
