package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;

/** Answers that need a worker thread. Stateless. */
final class Answers {
  private Answers() {}

  /** Answers with what the work returns, or fails with what it throws. */
  static void json(Vertx vertx, RoutingContext context, Callable<JsonNode> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(
            answer ->
                context
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(answer.toString()))
        .onFailure(context::fail);
  }

  /** Answers with a text of some type. */
  static void text(Vertx vertx, RoutingContext context, String contentType, Callable<String> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(text -> context.response().putHeader("Content-Type", contentType).end(text))
        .onFailure(context::fail);
  }

  /** Returns who asks, for timelines and the audit trail. */
  static String actor(RoutingContext context) {
    return String.valueOf(context.<Object>get("tidemark.actor"));
  }
}
