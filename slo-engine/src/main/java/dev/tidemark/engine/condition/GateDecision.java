package dev.tidemark.engine.condition;

/**
 * Whether a risky deploy may go.
 *
 * @param open whether it may
 * @param reason one sentence
 */
public record GateDecision(boolean open, String reason) {}
