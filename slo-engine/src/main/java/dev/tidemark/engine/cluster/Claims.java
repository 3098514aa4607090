package dev.tidemark.engine.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.store.Documents;
import dev.tidemark.engine.store.Documents.Document;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Claims to lead, and words about things left to take over, as documents that all servers see: one
 * of each kind per server. Thread-safe; blocks, and throws what the store throws.
 */
public final class Claims {
  /** Kind of the documents that are claims. */
  public static final String KIND = "leader";

  /** Kind of the documents by which a standby says that it brought something to the store. */
  public static final String HANDOVER = "handover";

  private static final int AT_MOST = 1_000;
  private static final int RENEWAL_BITS = 32;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Documents shared;
  private final Clock clock;

  /**
   * Keeps them in a store.
   *
   * @param shared what every server reads and writes
   * @param clock for the time beside a claim, which only people read
   */
  public Claims(Documents shared, Clock clock) {
    this.shared = shared;
    this.clock = clock;
  }

  /** Returns the newest claim of each server that ever made one; the highest counts. */
  public List<Claim> all() {
    return shared.list(KIND, List.of(), Instant.EPOCH, AT_MOST).stream().map(Claims::read).toList();
  }

  /** Writes the claim; durable when this returns. */
  public void put(Claim claim) {
    try {
      shared.put(
          new Document(
              KIND,
              claim.node(),
              claim.released() ? "RELEASED" : "HELD",
              clock.instant(),
              JSON.writeValueAsString(claim),
              (claim.epoch() << RENEWAL_BITS) + claim.renewals()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a claim cannot be written", e);
    }
  }

  /** Says that this server brought to the store what the leader does not know yet. */
  public void handOver(String node) {
    long version =
        Math.max(
            clock.millis(), shared.get(HANDOVER, node).map(one -> one.version() + 1).orElse(0L));
    shared.put(new Document(HANDOVER, node, "SAID", clock.instant(), "{}", version));
  }

  /** Returns the sum of all such words, which changes with each. */
  public long handovers() {
    return shared.list(HANDOVER, List.of(), Instant.EPOCH, AT_MOST).stream()
        .mapToLong(Document::version)
        .sum();
  }

  private static Claim read(Document document) {
    try {
      return JSON.readValue(document.json(), Claim.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the claim of " + document.id() + " cannot be read", e);
    }
  }
}
