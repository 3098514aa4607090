package dev.tidemark.engine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;

/** Bodies of requests. Pure functions. */
final class Bodies {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  /** Reads a JSON object as a tree, or answers 400. */
  static JsonNode tree(RoutingContext context) {
    try {
      JsonNode tree = JSON.readTree(context.body().asString());
      if (tree.isObject()) {
        return tree;
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new HttpException(400, "the body is not JSON", e);
    }
    throw new HttpException(400, "the body has to be a JSON object");
  }
}
