package dev.tidemark.engine.model;

/**
 * One heartbeat ping from anything that can call a URL.
 *
 * @param key the last part of {@code /ping/KEY}
 * @param kind {@code SUCCESS}, {@code START} or {@code FAIL}
 * @param exitCode of the command, 0 for success; -1 when not told
 * @param timeNanos when it arrived, ns since the epoch
 * @param runId {@code rid} when given, else empty
 * @param body up to 10,000 bytes of what was sent, as text
 */
public record PingRecord(
    String key, String kind, int exitCode, long timeNanos, String runId, String body) {}
