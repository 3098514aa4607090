package dev.tidemark.engine.model;

import java.util.Map;

/**
 * One span of a pipeline's trace.
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 * @param parentSpanId 16 hex digits, or empty for a root
 * @param name the operation
 * @param pipeline {@code service.name}
 * @param runId the attribute {@code run.id}, or empty
 * @param startNanos ns since the epoch
 * @param endNanos ns since the epoch
 * @param status {@code UNSET}, {@code OK} or {@code ERROR}
 * @param statusMessage what went wrong, may be empty
 * @param attributes of span and resource, the span's winning
 */
public record SpanRecord(
    String traceId,
    String spanId,
    String parentSpanId,
    String name,
    String pipeline,
    String runId,
    long startNanos,
    long endNanos,
    String status,
    String statusMessage,
    Map<String, String> attributes) {}
