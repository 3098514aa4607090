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
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    String protocol = "otlp_grpc_" + signal.path();
    boolean[] called = {false};
    request.exceptionHandler(failure -> refuse(request, intake.refusal(protocol, failure)));
    request.errorHandler(
        error ->
            refuse(
                request,
                intake.refusal(
                    protocol,
                    new Refusal(
                        Refusal.Kind.TOO_LARGE, "the message cannot be read: " + error.status))));
    request.messageHandler(
        message -> {
          if (!called[0]) {
            called[0] = true;
            take(request, message, signal, protocol);
          }
        });
    request.endHandler(
        end -> {
          if (!called[0]) {
            called[0] = true;
            refuse(
                request,
                intake.refusal(
                    protocol, new Refusal(Refusal.Kind.MALFORMED, "the call has no message")));
          }
        });
  }

  private void take(
      GrpcServerRequest<Buffer, Buffer> request,
      GrpcMessage message,
      Signal signal,
      String protocol) {
    String sender = Senders.of(request.connection());
    Future<Rejections> taken;
    try {
      boolean gzip = RequestBody.isGzip(message.encoding());
      boolean json = message.format() == WireFormat.JSON;
      intake.checkRate(sender);
      Buffer payload = message.payload();
      taken =
          intake
              .decode(
                  gzip ? payload.length() * 8 : payload.length(),
                  () -> OtlpHttp.decode(decoder, intake, signal, payload.getBytes(), gzip, json))
              .compose(
                  decoded ->
                      intake
                          .append(protocol, sender, decoded.batch())
                          .map(durable -> decoded.rejections()));
    } catch (Refusal refusal) {
      taken = Future.failedFuture(refusal);
    }
    taken
        .onSuccess(
            rejections -> {
              OtlpHttp.count(intake, protocol, rejections);
              Message answer = OtlpDecoder.answer(signal, rejections);
              request
                  .response()
                  .end(
                      message.format() == WireFormat.JSON
                          ? Buffer.buffer(OtlpDecoder.json(answer))
                          : Buffer.buffer(answer.toByteArray()));
            })
        .onFailure(failure -> refuse(request, intake.refusal(protocol, failure)));
  }

  private static void refuse(GrpcServerRequest<Buffer, Buffer> request, Refusal refusal) {
    GrpcServerResponse<Buffer, Buffer> response = request.response();
    response.status(refusal.kind().grpc).statusMessage(refusal.reason());
    java.time.@Nullable Duration retryAfter = refusal.retryAfter();
    if (retryAfter != null) {
      response
          .trailers()
          .set(
              "grpc-status-details-bin",
              Base64.getEncoder()
                  .withoutPadding()
                  .encodeToString(
                      RpcStatus.protobuf(refusal.kind().grpc.code, refusal.reason(), retryAfter)));
    }
    response.end();
  }
}
