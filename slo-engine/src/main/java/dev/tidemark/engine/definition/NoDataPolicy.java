package dev.tidemark.engine.definition;

/**
 * What a bucket of counts without any event means. Freshness and heartbeat do not ask: silence is
 * bad.
 */
public enum NoDataPolicy {
  GOOD,
  BAD,
  IGNORED
}
