package dev.tidemark.engine.definition;

import java.util.Locale;

/**
 * What a bucket of counts without any event means. Freshness and heartbeat do not ask: silence is
 * bad.
 */
public enum NoDataPolicy {
  /** A slice without events is a good one. */
  GOOD,
  /** A slice without events is a bad one. */
  BAD,
  /** It says nothing; time goes on, so that an old burn leaves the windows. */
  IGNORED,
  /** It says nothing and the windows stand still: what held keeps holding until data come. */
  FROZEN;

  /** Goes on after "silence", for people. */
  public String words() {
    return switch (this) {
      case GOOD -> "counts as good";
      case BAD -> "counts as bad";
      case IGNORED -> "says nothing";
      case FROZEN -> "stops the clock";
    };
  }

  /** How it is written in YAML. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
