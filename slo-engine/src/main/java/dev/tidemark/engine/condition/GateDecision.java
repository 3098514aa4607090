package dev.tidemark.engine.condition;

import dev.tidemark.engine.model.ObjectiveId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether a risky deploy may go. Immutable.
 *
 * @param open whether it may
 * @param reason one sentence
 * @param until when a closed gate opens again if nothing bad happens from now on, so the latest of
 *     all that close it; empty when open
 * @param unknown objectives of which nothing was measured lately: they neither open nor close it
 */
public record GateDecision(
    boolean open, String reason, Optional<Instant> until, List<ObjectiveId> unknown) {
  /** Copies the list. */
  public GateDecision {
    unknown = List.copyOf(unknown);
  }

  static GateDecision open(String reason, List<ObjectiveId> unknown) {
    return new GateDecision(true, reason, Optional.empty(), unknown);
  }

  static GateDecision closed(String reason, Instant until, List<ObjectiveId> unknown) {
    return new GateDecision(false, reason, Optional.of(until), unknown);
  }
}
