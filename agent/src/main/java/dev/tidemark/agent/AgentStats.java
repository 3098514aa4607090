package dev.tidemark.agent;

/**
 * What has become of the agent's requests. Immutable.
 *
 * @param sent requests that the engine took
 * @param dropped requests and signals given up: the buffer was full or unwritable, or the engine
 *     refused them
 * @param waiting requests still in the buffer
 * @param trouble what is wrong just now, in a sentence; empty when nothing is
 */
public record AgentStats(long sent, long dropped, int waiting, String trouble) {}
