package dev.tidemark.engine.ingest;

/**
 * Counts what arrives. Protocols and reasons are few and fixed, so that they may be labels.
 * Thread-safe.
 */
public interface IngestMetrics {
  /** Counts records that are durable. */
  void accepted(String protocol, int records);

  /** Counts records that were not taken though the rest of their request was. */
  void rejected(String protocol, String reason, int records);

  /** Counts a whole request that was not taken. */
  void refused(String protocol, String reason);

  /** Counts an oddity that was read leniently. */
  void remarked(String protocol, String remark);
}
