package dev.tidemark.engine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.ArrayList;
import java.util.List;

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

  /** Reads definitions, sent as a list of files, or answers 400 with everything wrong in them. */
  static Definitions definitions(JsonNode request, String name) {
    List<SourceFile> files = new ArrayList<>();
    for (JsonNode file : request.path(name)) {
      files.add(new SourceFile(file.path("path").asText(name), file.path("text").asText()));
    }
    ParseResult parsed = DefinitionParser.parse(files);
    if (files.isEmpty() || parsed.hasErrors()) {
      throw new HttpException(
          400,
          files.isEmpty()
              ? "'" + name + "' has to be a list of {path, text}"
              : parsed.problems().stream()
                  .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                  .map(Problem::toString)
                  .reduce((one, other) -> one + "\n" + other)
                  .orElse(""));
    }
    return parsed.definitions();
  }
}
