package dev.tidemark.engine.ingest.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Base64;
import java.util.HexFormat;

/**
 * OTLP JSON writes trace and span ids in hex where protobuf's JSON mapping expects base64. The
 * parser has read the hex digits as base64; encoding that again gives the digits back, since 16 and
 * 32 digits are whole base64 groups. An id that is no hex stays as it was read.
 */
final class JsonIds {
  private static final HexFormat HEX = HexFormat.of();

  private JsonIds() {}

  static void mend(ExportTraceServiceRequest.Builder request) {
    for (ResourceSpans.Builder resource : request.getResourceSpansBuilderList()) {
      for (ScopeSpans.Builder scope : resource.getScopeSpansBuilderList()) {
        for (Span.Builder span : scope.getSpansBuilderList()) {
          span.setTraceId(mend(span.getTraceId()))
              .setSpanId(mend(span.getSpanId()))
              .setParentSpanId(mend(span.getParentSpanId()));
        }
      }
    }
  }

  static void mend(ExportLogsServiceRequest.Builder request) {
    for (ResourceLogs.Builder resource : request.getResourceLogsBuilderList()) {
      for (ScopeLogs.Builder scope : resource.getScopeLogsBuilderList()) {
        for (LogRecord.Builder log : scope.getLogRecordsBuilderList()) {
          log.setTraceId(mend(log.getTraceId())).setSpanId(mend(log.getSpanId()));
        }
      }
    }
  }

  private static ByteString mend(ByteString misread) {
    if (misread.size() != 24 && misread.size() != 12) {
      return misread;
    }
    String digits = Base64.getEncoder().encodeToString(misread.toByteArray());
    try {
      return ByteString.copyFrom(HEX.parseHex(digits));
    } catch (IllegalArgumentException e) {
      return misread;
    }
  }
}
