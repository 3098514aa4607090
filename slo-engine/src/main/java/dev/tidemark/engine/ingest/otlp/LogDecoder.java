package dev.tidemark.engine.ingest.otlp;

import dev.tidemark.engine.ingest.IngestLimits;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.SignalBatch;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The log records of one request. A record without a time gets the time it was observed, as the
 * OpenTelemetry log data model has it.
 */
final class LogDecoder {
  private LogDecoder() {}

  static Decoded decode(ExportLogsServiceRequest request, IngestLimits limits, Times times) {
    Rejections rejections = new Rejections();
    List<LogRecord> logs = new ArrayList<>();
    for (ResourceLogs resource : request.getResourceLogsList()) {
      SortedMap<String, String> base =
          AttributeText.map(resource.getResource().getAttributesList());
      for (ScopeLogs scope : resource.getScopeLogsList()) {
        for (io.opentelemetry.proto.logs.v1.LogRecord log : scope.getLogRecordsList()) {
          long time =
              log.getTimeUnixNano() != 0 ? log.getTimeUnixNano() : log.getObservedTimeUnixNano();
          RejectReason problem = times.problem(time);
          if (problem != null) {
            rejections.add(problem, 1, "a log record " + Times.words(problem, time));
            continue;
          }
          try {
            AttributeLimitException.check(log.getAttributesList(), limits);
            logs.add(record(log, time, base));
          } catch (AttributeLimitException e) {
            rejections.add(RejectReason.ATTRIBUTES, 1, "a log record has " + e.getMessage());
          }
        }
      }
    }
    return new Decoded(
        new SignalBatch(List.of(), List.of(), logs, List.of(), List.of()), rejections);
  }

  private static LogRecord record(
      io.opentelemetry.proto.logs.v1.LogRecord log, long time, SortedMap<String, String> base) {
    TreeMap<String, String> attributes = new TreeMap<>(base);
    AttributeText.put(log.getAttributesList(), attributes);
    return new LogRecord(
        time,
        base.getOrDefault("service.name", ""),
        attributes.getOrDefault("run.id", ""),
        AttributeText.hex(log.getTraceId()),
        AttributeText.hex(log.getSpanId()),
        Math.min(24, Math.max(0, log.getSeverityNumberValue())),
        log.getSeverityText(),
        AttributeText.text(log.getBody()),
        Collections.unmodifiableSortedMap(attributes));
  }
}
