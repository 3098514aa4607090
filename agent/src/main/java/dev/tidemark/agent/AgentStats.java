package dev.tidemark.agent;

/**
 * What has become of the agent's requests. Immutable.
 *
 * @param sent requests that the engine took
 * @param dropped requests given up: the buffer was full or unwritable, or the engine refused them
 * @param waiting requests still in the buffer
 */
public record AgentStats(long sent, long dropped, int waiting) {}
