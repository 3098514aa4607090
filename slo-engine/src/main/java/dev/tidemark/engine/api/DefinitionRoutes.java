package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.evaluate.UnmatchedSelectors;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.store.clickhouse.SeenSeries;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code POST /api/v1/definitions/unmatched}: which selectors of definitions that are not in force
 * yet nothing has ever matched of all that is stored. Thread-safe.
 */
public final class DefinitionRoutes {
  private static final long BODY_BYTES = 8L << 20;

  private final Vertx vertx;
  private final SeenSeries seen;

  /** Compares with these. */
  public DefinitionRoutes(Vertx vertx, SeenSeries seen) {
    this.vertx = vertx;
    this.seen = seen;
  }

  /** Adds the route. */
  public void mount(Router router) {
    router
        .post("/api/v1/definitions/unmatched")
        .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES))
        .handler(this::unmatched);
  }

  private void unmatched(RoutingContext context) {
    Definitions definitions = Bodies.definitions(Bodies.tree(context), "definitions");
    Answers.json(vertx, context, () -> compare(definitions));
  }

  private ObjectNode compare(Definitions definitions) {
    Set<String> wanted =
        definitions.objectives().stream()
            .flatMap(objective -> objective.sli().selectors().stream())
            .map(Selector::metric)
            .collect(Collectors.toSet());
    List<Series> series = new ArrayList<>();
    seen.series(wanted, series::add);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode problems = answer.putArray("problems");
    for (Problem problem : UnmatchedSelectors.of(definitions, seen.metrics(), series)) {
      problems
          .addObject()
          .put("file", problem.file())
          .put("line", problem.line())
          .put("column", problem.column())
          .put("message", problem.message());
    }
    return answer;
  }
}
