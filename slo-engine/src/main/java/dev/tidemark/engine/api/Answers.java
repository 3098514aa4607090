package dev.tidemark.engine.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Callable;

/** Answers that need a worker thread, which also writes them down. Stateless. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Answers() {}

  /** Writes an answer piece by piece. */
  @FunctionalInterface
  interface Writing {
    void to(JsonGenerator out) throws IOException;
  }

  /** Answers with what the work returns, or fails with what it throws. */
  static void json(Vertx vertx, RoutingContext context, Callable<JsonNode> work) {
    bytes(vertx, context, () -> JSON.writeValueAsBytes(work.call()));
  }

  /** The same for what may be long: no more than a piece of it is held beside its bytes. */
  static void written(Vertx vertx, RoutingContext context, Writing writing) {
    bytes(
        vertx,
        context,
        () -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          try (JsonGenerator out = JSON.createGenerator(bytes)) {
            writing.to(out);
          }
          return bytes.toByteArray();
        });
  }

  private static void bytes(Vertx vertx, RoutingContext context, Callable<byte[]> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(
            bytes ->
                context
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(bytes)))
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
