package dev.tidemark.engine.ingest.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.tidemark.engine.ingest.IngestLimits;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;

/** Reads OTLP requests and writes the answers. Thread-safe. */
public final class OtlpDecoder {
  /** The three signals. */
  public enum Signal {
    /** Metrics. */
    METRICS,
    /** Traces. */
    TRACES,
    /** Logs. */
    LOGS;

    /** Returns the last part of the HTTP path. */
    public String path() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final IngestLimits limits;
  private final InstantSource clock;
  private final SeriesCatalog catalog;

  /** Creates one with an empty catalog of series. */
  public OtlpDecoder(IngestLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.catalog = new SeriesCatalog(limits, clock);
  }

  /**
   * Reads one request in protobuf.
   *
   * @throws MalformedException when it is none
   */
  public Decoded decodeProtobuf(Signal signal, byte[] body) throws MalformedException {
    Times times = Times.at(clock);
    try {
      return switch (signal) {
        case METRICS ->
            new MetricDecoder(catalog, times).decode(ExportMetricsServiceRequest.parseFrom(body));
        case TRACES ->
            TraceDecoder.decode(ExportTraceServiceRequest.parseFrom(body), limits, times);
        case LOGS -> LogDecoder.decode(ExportLogsServiceRequest.parseFrom(body), limits, times);
      };
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedException(
          "the body is no Export" + signal.path() + "ServiceRequest in protobuf: " + e.getMessage(),
          e);
    }
  }

  /**
   * Reads one request in OTLP JSON.
   *
   * @throws MalformedException when it is none
   */
  public Decoded decodeJson(Signal signal, byte[] body) throws MalformedException {
    Times times = Times.at(clock);
    return switch (signal) {
      case METRICS -> {
        ExportMetricsServiceRequest.Builder builder = ExportMetricsServiceRequest.newBuilder();
        merge(body, builder);
        yield new MetricDecoder(catalog, times).decode(builder.build());
      }
      case TRACES -> {
        ExportTraceServiceRequest.Builder builder = ExportTraceServiceRequest.newBuilder();
        merge(body, builder);
        JsonIds.mend(builder);
        yield TraceDecoder.decode(builder.build(), limits, times);
      }
      case LOGS -> {
        ExportLogsServiceRequest.Builder builder = ExportLogsServiceRequest.newBuilder();
        merge(body, builder);
        JsonIds.mend(builder);
        yield LogDecoder.decode(builder.build(), limits, times);
      }
    };
  }

  private static void merge(byte[] body, Message.Builder builder) throws MalformedException {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(body))
              .toString();
      if (text.isBlank()) {
        throw new MalformedException("the body is empty; send a JSON object", null);
      }
      JsonFormat.parser().ignoringUnknownFields().merge(text, builder);
    } catch (CharacterCodingException e) {
      throw new MalformedException("the body is not UTF-8", e);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedException("the body is no OTLP JSON: " + reason(e), e);
    }
  }

  /** Returns the answer to a request that was taken, as a whole or but for some records. */
  public static Message answer(Signal signal, Rejections rejections) {
    boolean whole = rejections.isEmpty();
    return switch (signal) {
      case METRICS ->
          whole
              ? ExportMetricsServiceResponse.getDefaultInstance()
              : ExportMetricsServiceResponse.newBuilder()
                  .setPartialSuccess(
                      ExportMetricsPartialSuccess.newBuilder()
                          .setRejectedDataPoints(rejections.records())
                          .setErrorMessage(rejections.message()))
                  .build();
      case TRACES ->
          whole
              ? ExportTraceServiceResponse.getDefaultInstance()
              : ExportTraceServiceResponse.newBuilder()
                  .setPartialSuccess(
                      ExportTracePartialSuccess.newBuilder()
                          .setRejectedSpans(rejections.records())
                          .setErrorMessage(rejections.message()))
                  .build();
      case LOGS ->
          whole
              ? ExportLogsServiceResponse.getDefaultInstance()
              : ExportLogsServiceResponse.newBuilder()
                  .setPartialSuccess(
                      ExportLogsPartialSuccess.newBuilder()
                          .setRejectedLogRecords(rejections.records())
                          .setErrorMessage(rejections.message()))
                  .build();
    };
  }

  /** Returns a message as OTLP JSON. */
  public static String json(Message message) {
    try {
      return JsonFormat.printer().omittingInsignificantWhitespace().print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("our own answers can always be printed", e);
    }
  }

  /** The parser puts the name of its own exception before what a sender can use. */
  private static String reason(InvalidProtocolBufferException e) {
    return String.valueOf(e.getMessage()).replaceFirst("^(?:[a-z]+\\.)+\\w*Exception: ", "");
  }
}
