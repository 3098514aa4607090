package dev.tidemark.engine.ingest;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Refusals of the doors that are not OTLP: a status and {@code {"error": reason}}. */
final class Answers {
  private Answers() {}

  static void refuse(RoutingContext context, Refusal refusal, String methods) {
    refuse(context, refusal, methods, refusal.kind().http);
  }

  static void refuse(RoutingContext context, Refusal refusal, String methods, int status) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    Duration retryAfter = refusal.retryAfter();
    if (retryAfter != null) {
      response.putHeader("Retry-After", Refusal.seconds(retryAfter));
    }
    if (refusal.kind() == Refusal.Kind.METHOD) {
      response.putHeader("Allow", methods);
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("error", refusal.reason()).encode());
  }
}
