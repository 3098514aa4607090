package dev.tidemark.engine.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;

/** Bodies of requests. Pure functions. */
final class Bodies {
  private Bodies() {}

  /** Reads a JSON object, empty without a body, or answers 400. */
  static JsonObject object(RoutingContext context) {
    Buffer body = context.body().buffer();
    if (body == null || body.length() == 0) {
      return new JsonObject();
    }
    if (Json.decodeValue(body) instanceof JsonObject object) {
      return object;
    }
    throw new HttpException(400, "the body has to be a JSON object");
  }
}
