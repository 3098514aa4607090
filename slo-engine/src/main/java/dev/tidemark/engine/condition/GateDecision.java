package dev.tidemark.engine.condition;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether a risky deploy may go.
 *
 * @param open whether it may
 * @param reason one sentence
 * @param until when a closed gate opens again if nothing bad happens from now on; empty when open
 */
public record GateDecision(boolean open, String reason, Optional<Instant> until) {
  static GateDecision open(String reason) {
    return new GateDecision(true, reason, Optional.empty());
  }

  static GateDecision closed(String reason, Instant until) {
    return new GateDecision(false, reason, Optional.of(until));
  }
}
