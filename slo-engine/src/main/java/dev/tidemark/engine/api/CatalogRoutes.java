package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.catalog.CatalogCoverage;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;

/** {@code /api/v1/catalog}: the datasets seen, and what is not known of them. Thread-safe. */
public final class CatalogRoutes {
  private final Vertx vertx;
  private final CatalogCoverage coverage;
  private final InstantSource clock;

  /** Answers from this coverage, in engine time. */
  public CatalogRoutes(Vertx vertx, CatalogCoverage coverage, InstantSource clock) {
    this.vertx = vertx;
    this.coverage = coverage;
    this.clock = clock;
  }

  /** Adds the route. */
  public void mount(Router router) {
    router.get("/api/v1/catalog").handler(this::answer);
  }

  private void answer(RoutingContext context) {
    vertx
        .executeBlocking(this::json, false)
        .onSuccess(
            json ->
                context
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(json.toString()))
        .onFailure(context::fail);
  }

  private ObjectNode json() {
    List<CatalogCoverage.Entry> entries = coverage.entries(clock.instant());
    long catalogued = entries.stream().filter(CatalogCoverage.Entry::isCatalogued).count();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("seen", entries.size()).put("catalogued", catalogued);
    if (entries.isEmpty()) {
      answer.putNull("coverageRatio");
    } else {
      answer.put("coverageRatio", (double) catalogued / entries.size());
    }
    ArrayNode datasets = answer.putArray("datasets");
    for (CatalogCoverage.Entry entry : entries) {
      ObjectNode dataset =
          datasets
              .addObject()
              .put("name", entry.name())
              .put("catalogued", entry.isCatalogued())
              .put("lastSeen", entry.lastSeen().toString());
      ArrayNode missing = dataset.putArray("missing");
      if (!entry.owner()) {
        missing.add("owner");
      }
      if (!entry.objective()) {
        missing.add("objective");
      }
      if (!entry.schema()) {
        missing.add("schema");
      }
    }
    return answer;
  }
}
