package dev.tidemark.engine.ingest;

import com.google.protobuf.Message;
import dev.tidemark.engine.ingest.otlp.Decoded;
import dev.tidemark.engine.ingest.otlp.MalformedException;
import dev.tidemark.engine.ingest.otlp.OtlpDecoder;
import dev.tidemark.engine.ingest.otlp.OtlpDecoder.Signal;
import dev.tidemark.engine.ingest.otlp.RejectReason;
import dev.tidemark.engine.ingest.otlp.Rejections;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OTLP/HTTP for one signal: protobuf and JSON, gzip, partial success. Runs on event loops. */
final class OtlpHttp implements Handler<RoutingContext> {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  private final Intake intake;
  private final OtlpDecoder decoder;
  private final Signal signal;
  private final String protocol;

  OtlpHttp(Intake intake, OtlpDecoder decoder, Signal signal) {
    this.intake = intake;
    this.decoder = decoder;
    this.signal = signal;
    this.protocol = "otlp_http_" + signal.path();
  }

  @Override
  public void handle(RoutingContext context) {
    String type = mediaType(context.request().getHeader("Content-Type"));
    boolean json = JSON.equals(type);
    take(context, type, json)
        .onSuccess(
            answer ->
                context.response().putHeader("Content-Type", json ? JSON : PROTOBUF).end(answer))
        .onFailure(failure -> refuse(context, json, intake.refusal(protocol, failure)));
  }

  private Future<Buffer> take(RoutingContext context, @Nullable String type, boolean json) {
    String sender = Senders.of(context);
    boolean gzip;
    try {
      if (!context.request().method().equals(HttpMethod.POST)) {
        throw new Refusal(Refusal.Kind.METHOD, "send signals with POST");
      }
      if (!json && !PROTOBUF.equals(type) && !"application/protobuf".equals(type)) {
        throw new Refusal(
            Refusal.Kind.MEDIA_TYPE,
            "Content-Type '"
                + type
                + "' is not read; send application/x-protobuf or application/json");
      }
      gzip = RequestBody.isGzip(context.request().getHeader("Content-Encoding"));
      intake.checkRate(sender);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
    return RequestBody.read(context, intake.limits().bodyBytes())
        .compose(
            body ->
                intake.decode(
                    RequestBody.expected(body.length(), gzip),
                    () -> decode(decoder, intake, signal, body.getBytes(), gzip, json)))
        .compose(
            decoded ->
                intake
                    .append(protocol, sender, decoded.batch())
                    .map(durable -> answer(decoded.rejections(), json)));
  }

  private Buffer answer(Rejections rejections, boolean json) {
    count(intake, protocol, rejections);
    Message answer = OtlpDecoder.answer(signal, rejections);
    return json ? Buffer.buffer(OtlpDecoder.json(answer)) : Buffer.buffer(answer.toByteArray());
  }

  static Decoded decode(
      OtlpDecoder decoder, Intake intake, Signal signal, byte[] sent, boolean gzip, boolean json)
      throws Refusal {
    byte[] body = gzip ? RequestBody.gunzip(sent, intake.limits().decompressedBytes()) : sent;
    try {
      return json ? decoder.decodeJson(signal, body) : decoder.decodeProtobuf(signal, body);
    } catch (MalformedException e) {
      throw new Refusal(Refusal.Kind.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  static void count(Intake intake, String protocol, Rejections rejections) {
    for (Map.Entry<RejectReason, Integer> entry : rejections.byReason().entrySet()) {
      intake.metrics().rejected(protocol, entry.getKey().label(), entry.getValue());
    }
  }

  private static void refuse(RoutingContext context, boolean json, Refusal refusal) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(refusal.kind().http);
    Duration retryAfter = refusal.retryAfter();
    if (retryAfter != null) {
      response.putHeader("Retry-After", Refusal.seconds(retryAfter));
    }
    if (refusal.kind() == Refusal.Kind.METHOD) {
      response.putHeader("Allow", "POST");
    }
    int code = refusal.kind().grpc.code;
    boolean readable = json || refusal.kind() == Refusal.Kind.MEDIA_TYPE;
    response
        .putHeader("Content-Type", readable ? JSON : PROTOBUF)
        .end(
            readable
                ? Buffer.buffer(RpcStatus.json(code, refusal.reason()))
                : Buffer.buffer(RpcStatus.protobuf(code, refusal.reason(), retryAfter)));
  }

  private static @Nullable String mediaType(@Nullable String header) {
    if (header == null) {
      return null;
    }
    int parameters = header.indexOf(';');
    return (parameters < 0 ? header : header.substring(0, parameters))
        .trim()
        .toLowerCase(Locale.ROOT);
  }
}
