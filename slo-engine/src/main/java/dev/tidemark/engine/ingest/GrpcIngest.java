package dev.tidemark.engine.ingest;

import com.google.protobuf.Message;
import dev.tidemark.engine.ingest.otlp.OtlpDecoder;
import dev.tidemark.engine.ingest.otlp.OtlpDecoder.Signal;
import dev.tidemark.engine.ingest.otlp.Rejections;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.WireFormat;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * OTLP/gRPC: the three collector services. Messages are taken as they came and decompressed here,
 * so that a small message cannot become a large one unnoticed. Runs on event loops.
 */
public final class GrpcIngest {
  private static final Map<String, Signal> METHODS =
      Map.of(
          "opentelemetry.proto.collector.metrics.v1.MetricsService/Export", Signal.METRICS,
          "opentelemetry.proto.collector.trace.v1.TraceService/Export", Signal.TRACES,
          "opentelemetry.proto.collector.logs.v1.LogsService/Export", Signal.LOGS);

  private final Intake intake;
  private final OtlpDecoder decoder;
  private final GrpcServer server;

  GrpcIngest(Vertx vertx, Intake intake, OtlpDecoder decoder) {
    this.intake = intake;
    this.decoder = decoder;
    this.server =
        GrpcServer.server(
                vertx, new GrpcServerOptions().setMaxMessageSize(intake.limits().bodyBytes()))
            .callHandler(this::call);
  }

  /** Returns what a server on port 4317 hands its requests to (HTTP/2 without TLS included). */
  public Handler<HttpServerRequest> handler() {
    return server;
  }

  private void call(GrpcServerRequest<Buffer, Buffer> request) {
    Signal signal = METHODS.get(request.fullMethodName());
    if (signal == null) {
      request
          .response()
          .status(GrpcStatus.UNIMPLEMENTED)
          .statusMessage("there is no " + request.fullMethodName() + " here")
          .end();
      return;
    }
    new Call(request, signal).begin();
  }

  /** One call; everything happens on its event loop. */
  private final class Call {
    private final GrpcServerRequest<Buffer, Buffer> request;
    private final Signal signal;
    private final String protocol;
    private boolean begun;
    private boolean over;

    Call(GrpcServerRequest<Buffer, Buffer> request, Signal signal) {
      this.request = request;
      this.signal = signal;
      this.protocol = "otlp_grpc_" + signal.path();
    }

    void begin() {
      request
          .errorHandler(error -> gone())
          .exceptionHandler(failure -> gone())
          .invalidMessageHandler(
              invalid ->
                  refuse(
                      new Refusal(
                          Refusal.Kind.TOO_LARGE,
                          "the message is no gRPC frame, or larger than "
                              + intake.limits().bodyBytes()
                              + " bytes; send smaller batches")))
          .messageHandler(
              message -> {
                if (!begun) {
                  begun = true;
                  take(message);
                }
              })
          .endHandler(
              end -> {
                if (!begun) {
                  refuse(new Refusal(Refusal.Kind.MALFORMED, "the call has no message"));
                }
              });
    }

    /** The client went away: it will not read an answer. */
    private void gone() {
      if (!over) {
        over = true;
        intake.metrics().refused(protocol, "client_gone");
      }
    }

    private void take(GrpcMessage message) {
      String sender = Senders.of(request.connection());
      boolean json = message.format() == WireFormat.JSON;
      Future<Rejections> taken;
      try {
        boolean gzip = RequestBody.isGzip(message.encoding());
        intake.checkRate(sender);
        Buffer payload = message.payload();
        taken =
            intake
                .decode(
                    RequestBody.expected(payload.length(), gzip),
                    () -> OtlpHttp.decode(decoder, intake, signal, payload.getBytes(), gzip, json))
                .compose(
                    decoded ->
                        intake
                            .append(protocol, sender, decoded.batch())
                            .map(durable -> decoded.rejections()));
      } catch (Refusal refusal) {
        taken = Future.failedFuture(refusal);
      }
      taken.onSuccess(rejections -> answer(rejections, json)).onFailure(this::refuse);
    }

    private void answer(Rejections rejections, boolean json) {
      OtlpHttp.count(intake, protocol, rejections);
      if (!over) {
        over = true;
        Message answer = OtlpDecoder.answer(signal, rejections);
        request
            .response()
            .end(
                json
                    ? Buffer.buffer(OtlpDecoder.json(answer))
                    : Buffer.buffer(answer.toByteArray()));
      }
    }

    private void refuse(Throwable failure) {
      Refusal refusal = intake.refusal(protocol, failure);
      if (over) {
        return;
      }
      over = true;
      GrpcServerResponse<Buffer, Buffer> response = request.response();
      response.status(refusal.kind().grpc).statusMessage(refusal.reason());
      Duration retryAfter = refusal.retryAfter();
      if (retryAfter != null) {
        byte[] status = RpcStatus.protobuf(refusal.kind().grpc.code, refusal.reason(), retryAfter);
        response
            .trailers()
            .set(
                "grpc-status-details-bin",
                Base64.getEncoder().withoutPadding().encodeToString(status));
      }
      response.end();
    }
  }
}
