package dev.tidemark.engine.ingest.otlp;

import dev.tidemark.engine.ingest.IngestLimits;
import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.model.SpanRecord;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The spans of one request. */
final class TraceDecoder {
  private TraceDecoder() {}

  static Decoded decode(ExportTraceServiceRequest request, IngestLimits limits, Times times) {
    Rejections rejections = new Rejections();
    List<SpanRecord> spans = new ArrayList<>();
    for (ResourceSpans resource : request.getResourceSpansList()) {
      SortedMap<String, String> base =
          AttributeText.map(resource.getResource().getAttributesList());
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          if (isGood(span, limits, times, rejections)) {
            spans.add(record(span, base));
          }
        }
      }
    }
    return new Decoded(
        new SignalBatch(List.of(), spans, List.of(), List.of(), List.of()), rejections);
  }

  private static boolean isGood(
      Span span, IngestLimits limits, Times times, Rejections rejections) {
    String name = "span '" + span.getName() + "' ";
    if (span.getTraceId().size() != 16 || span.getSpanId().size() != 8) {
      rejections.add(
          RejectReason.BAD_ID, 1, name + "needs a traceId of 16 bytes and a spanId of 8");
      return false;
    }
    RejectReason problem = times.problem(span.getStartTimeUnixNano());
    long told = span.getStartTimeUnixNano();
    if (problem == null) {
      told = span.getEndTimeUnixNano();
      problem = times.problem(told);
    }
    if (problem != null) {
      rejections.add(problem, 1, name + Times.words(problem, told));
      return false;
    }
    try {
      AttributeLimitException.check(span.getAttributesList(), limits);
      return true;
    } catch (AttributeLimitException e) {
      rejections.add(RejectReason.ATTRIBUTES, 1, name + "has " + e.getMessage());
      return false;
    }
  }

  private static SpanRecord record(Span span, SortedMap<String, String> base) {
    TreeMap<String, String> attributes = new TreeMap<>(base);
    AttributeText.put(span.getAttributesList(), attributes);
    return new SpanRecord(
        AttributeText.hex(span.getTraceId()),
        AttributeText.hex(span.getSpanId()),
        AttributeText.hex(span.getParentSpanId()),
        span.getName(),
        base.getOrDefault("service.name", ""),
        attributes.getOrDefault("run.id", ""),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        switch (span.getStatus().getCode()) {
          case STATUS_CODE_OK -> "OK";
          case STATUS_CODE_ERROR -> "ERROR";
          default -> "UNSET";
        },
        span.getStatus().getMessage(),
        Collections.unmodifiableSortedMap(attributes));
  }
}
