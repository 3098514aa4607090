package dev.tidemark.engine.cluster;

import java.util.Comparator;

/**
 * A server's word that it leads. The highest one counts. Immutable.
 *
 * @param node where the server listens for the others; the same after a restart
 * @param member which process it is; another one after a restart
 * @param url where programs and people reach it
 * @param epoch rises by one with each claim, whoever makes it
 * @param renewals how often it was said again since
 * @param released whether the server gave it up by itself
 */
public record Claim(
    String node, String member, String url, long epoch, long renewals, boolean released) {
  /** Of two claims made at the same moment the one of the greater name counts, for everybody. */
  static final Comparator<Claim> BY_WEIGHT =
      Comparator.comparingLong(Claim::epoch).thenComparing(Claim::node);

  Claim renewed() {
    return new Claim(node, member, url, epoch, renewals + 1, released);
  }

  Claim given() {
    return new Claim(node, member, url, epoch, renewals + 1, true);
  }

  boolean sameTermAs(Claim other) {
    return epoch == other.epoch && member.equals(other.member);
  }
}
