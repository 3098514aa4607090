package dev.tidemark.engine.ingest;

import dev.tidemark.engine.ingest.ping.PingReader;
import dev.tidemark.engine.model.PingRecord;
import dev.tidemark.engine.model.SignalBatch;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Heartbeats from anything that can call a URL. Runs on event loops. */
final class PingHttp implements Handler<RoutingContext> {
  private static final String PROTOCOL = "ping";
  private static final int BODY_LIMIT = 10_000;

  private final Intake intake;
  private final Clock clock;
  private final PingReader reader = new PingReader();

  PingHttp(Intake intake, Clock clock) {
    this.intake = intake;
    this.clock = clock;
  }

  @Override
  public void handle(RoutingContext context) {
    context.response().putHeader("Ping-Body-Limit", Integer.toString(BODY_LIMIT));
    String sender = Senders.of(context);
    take(context, sender)
        .onSuccess(
            taken ->
                context
                    .response()
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end(context.request().method().equals(HttpMethod.HEAD) ? "" : "OK"))
        .onFailure(
            failure ->
                Answers.refuse(context, intake.refusal(PROTOCOL, failure), "GET, HEAD, POST"));
  }

  private Future<Void> take(RoutingContext context, String sender) {
    HttpMethod method = context.request().method();
    try {
      if (!method.equals(HttpMethod.GET)
          && !method.equals(HttpMethod.HEAD)
          && !method.equals(HttpMethod.POST)) {
        throw new Refusal(Refusal.Kind.METHOD, "ping with GET, HEAD or POST");
      }
      intake.checkRate(sender);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
    Instant now = clock.instant();
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    return RequestBody.readBeginning(context, BODY_LIMIT)
        .compose(
            body -> {
              PingRecord ping;
              try {
                ping = read(context, body, nanos);
              } catch (Refusal refusal) {
                return Future.failedFuture(refusal);
              }
              return intake.append(
                  PROTOCOL,
                  sender,
                  new SignalBatch(
                      reader.points(ping), List.of(), List.of(), List.of(), List.of(ping)));
            });
  }

  private PingRecord read(RoutingContext context, Buffer body, long nanos) throws Refusal {
    try {
      return reader.read(
          context.normalizedPath(),
          context.queryParams().get("rid"),
          body.toString(StandardCharsets.UTF_8),
          nanos);
    } catch (IllegalArgumentException e) {
      throw new Refusal(Refusal.Kind.MALFORMED, String.valueOf(e.getMessage()));
    }
  }
}
