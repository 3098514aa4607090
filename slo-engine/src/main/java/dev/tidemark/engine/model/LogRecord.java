package dev.tidemark.engine.model;

import java.util.Map;

/**
 * One log line of a pipeline.
 *
 * @param timeNanos event time, ns since the epoch
 * @param pipeline {@code service.name}
 * @param runId the attribute {@code run.id}, or empty
 * @param traceId 32 hex digits, or empty
 * @param spanId 16 hex digits, or empty
 * @param severityNumber 0 (unknown) to 24, as in OTLP
 * @param severityText as sent, may be empty
 * @param body the text
 * @param attributes of record and resource, the record's winning
 */
public record LogRecord(
    long timeNanos,
    String pipeline,
    String runId,
    String traceId,
    String spanId,
    int severityNumber,
    String severityText,
    String body,
    Map<String, String> attributes) {}
