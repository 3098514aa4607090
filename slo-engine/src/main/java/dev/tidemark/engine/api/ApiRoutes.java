package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.route.Suggestion;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.lineage.Node;
import dev.tidemark.engine.store.clickhouse.ClickHouseDatasetHistory;
import dev.tidemark.engine.store.clickhouse.ClickHousePipelineHistory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code /api/v1}: the state as JSON. Thread-safe. */
public final class ApiRoutes {

  private final Vertx vertx;
  private final EngineState state;
  private final EventStream stream;
  private final StoredFacts facts;
  private final Buffer openApi;

  /** Answers from this state. */
  public ApiRoutes(Vertx vertx, EngineState state, EventStream stream) {
    this.vertx = vertx;
    this.state = state;
    this.stream = stream;
    this.facts =
        new StoredFacts(
            new ClickHousePipelineHistory(state.clickHouse()),
            new ClickHouseDatasetHistory(state.clickHouse()));
    try (InputStream in = ApiRoutes.class.getResourceAsStream("/openapi.yaml")) {
      this.openApi = Buffer.buffer(in == null ? new byte[0] : in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router
        .get("/openapi.yaml")
        .handler(
            context ->
                context.response().putHeader("Content-Type", "application/yaml").end(openApi));
    router.get("/api/v1/stream").handler(stream::open);
    router.get("/api/v1/slos").handler(context -> ask(context, this::slos));
    router
        .get("/api/v1/slos/:name")
        .handler(context -> ask(context, judge -> slo(judge, context.pathParam("name"))));
    router.get("/api/v1/datasets").handler(context -> ask(context, this::datasets));
    router
        .get("/api/v1/datasets/:name")
        .handler(
            context -> {
              String name = context.pathParam("name");
              ask(
                  context,
                  judge -> dataset(judge, name),
                  json -> facts.addDataset(json, name, state.clock().instant()));
            });
    router
        .get("/api/v1/pipelines")
        .handler(context -> ask(context, this::pipelines, this::withNewestRuns));
    router
        .get("/api/v1/pipelines/:name")
        .handler(
            context -> {
              String name = context.pathParam("name");
              ask(
                  context,
                  judge -> pipeline(judge, name),
                  json -> {
                    facts.addPipeline(json, name, state.clock().instant());
                    return json;
                  });
            });
    router
        .get("/api/v1/gates/:name")
        .handler(context -> ask(context, judge -> gate(judge, context.pathParam("name"))));
    router
        .get("/api/v1/definitions/problems")
        .handler(context -> ask(context, judge -> problems()));
  }

  private void ask(RoutingContext context, Function<Judge, JsonNode> question) {
    Future.fromCompletionStage(state.judge().ask(question), vertx.getOrCreateContext())
        .onSuccess(answer -> Answers.json(vertx, context, () -> answer))
        .onFailure(context::fail);
  }

  /** Asks the judge, then a worker what the store adds to it. */
  private void ask(
      RoutingContext context,
      Function<Judge, ObjectNode> question,
      Function<ObjectNode, ObjectNode> addition) {
    Future.fromCompletionStage(state.judge().ask(question), vertx.getOrCreateContext())
        .onSuccess(answer -> Answers.json(vertx, context, () -> addition.apply(answer)))
        .onFailure(context::fail);
  }

  private JsonNode slos(Judge judge) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode slos = answer.putArray("slos");
    Instant now = state.clock().instant();
    judge.definitions().objectives().forEach(o -> slos.add(SloJson.of(judge, o, now)));
    return answer;
  }

  private JsonNode slo(Judge judge, String name) {
    return SloJson.of(judge, objective(judge, name), state.clock().instant());
  }

  private static Objective objective(Judge judge, String name) {
    return judge.definitions().objectives().stream()
        .filter(o -> o.id().value().equals(name))
        .findFirst()
        .orElseThrow(() -> missing("objective", name, objectives(judge), "/api/v1/slos"));
  }

  private static HttpException missing(
      String what, String name, Collection<String> known, String list) {
    return new HttpException(
        404,
        "there is no "
            + what
            + " '"
            + name
            + "'"
            + Suggestion.nearest(name, known)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("; " + list + " lists them"));
  }

  private static Set<String> objectives(Judge judge) {
    return judge.definitions().objectives().stream()
        .map(objective -> objective.id().value())
        .collect(Collectors.toSet());
  }

  private static Set<String> names(Judge judge) {
    return judge.definitions().datasets().stream()
        .map(DatasetDefinition::name)
        .collect(Collectors.toSet());
  }

  private JsonNode datasets(Judge judge) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode datasets = answer.putArray("datasets");
    judge.definitions().datasets().forEach(d -> datasets.add(dataset(d)));
    return answer;
  }

  private ObjectNode dataset(Judge judge, String name) {
    DatasetDefinition definition =
        judge.definitions().datasets().stream()
            .filter(d -> d.name().equals(name))
            .findFirst()
            .orElseThrow(() -> missing("dataset", name, names(judge), "/api/v1/datasets"));
    ObjectNode json = dataset(definition);
    Node node = new Node(Node.Type.DATASET, name);
    ArrayNode upstream = json.putArray("upstream");
    state.lineage().get().upstreamOf(node).forEach(n -> upstream.add(n.key()));
    ArrayNode downstream = json.putArray("downstream");
    state.lineage().get().blastRadius(node).forEach(n -> downstream.add(n.key()));
    ArrayNode slos = json.putArray("slos");
    Instant now = state.clock().instant();
    judge.definitions().objectives().stream()
        .filter(o -> name.equals(o.labels().get("dataset")))
        .forEach(o -> slos.add(SloJson.of(judge, o, now)));
    return json;
  }

  private static ObjectNode dataset(DatasetDefinition definition) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", definition.name())
        .put("displayName", definition.displayName())
        .put("domain", definition.domain())
        .put("owner", definition.owner())
        .put("tier", definition.tier())
        .put("producedBy", definition.producedBy())
        .put("runbook", definition.runbook())
        .put("place", definition.place());
    ArrayNode dependsOn = json.putArray("dependsOn");
    definition.dependsOn().forEach(dependsOn::add);
    ArrayNode consumers = json.putArray("consumers");
    definition.consumers().forEach(consumers::add);
    return json;
  }

  private ObjectNode pipelines(Judge judge) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode pipelines = answer.putArray("pipelines");
    for (Node node : state.lineage().get().nodes()) {
      if (node.type() == Node.Type.PIPELINE) {
        pipelines.add(pipeline(judge, node));
      }
    }
    return answer;
  }

  private ObjectNode withNewestRuns(ObjectNode answer) {
    for (JsonNode pipeline : answer.path("pipelines")) {
      facts.addNewestRun(
          (ObjectNode) pipeline, pipeline.path("name").asText(), state.clock().instant());
    }
    return answer;
  }

  private Set<String> pipelines() {
    return state.lineage().get().nodes().stream()
        .filter(node -> node.type() == Node.Type.PIPELINE)
        .map(Node::name)
        .collect(Collectors.toSet());
  }

  private ObjectNode pipeline(Judge judge, String name) {
    Node node = new Node(Node.Type.PIPELINE, name);
    if (!state.lineage().get().nodes().contains(node)) {
      throw missing("pipeline", name, pipelines(), "/api/v1/pipelines");
    }
    return pipeline(judge, node);
  }

  private ObjectNode pipeline(Judge judge, Node node) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", node.name());
    json.put(
        "owner",
        judge.definitions().datasets().stream()
            .filter(dataset -> dataset.producedBy().equals(node.name()))
            .map(DatasetDefinition::owner)
            .findFirst()
            .orElse(""));
    ArrayNode writes = json.putArray("datasets");
    state.lineage().get().directlyAfter(node).stream()
        .filter(n -> n.type() == Node.Type.DATASET)
        .forEach(n -> writes.add(n.name()));
    return json;
  }

  private Set<String> gated(Judge judge) {
    Set<String> all = new HashSet<>(objectives(judge));
    all.addAll(names(judge));
    all.addAll(pipelines());
    return all;
  }

  private JsonNode gate(Judge judge, String name) {
    var decision =
        judge
            .gate(name)
            .orElseThrow(
                () ->
                    missing("objective, dataset or pipeline", name, gated(judge), "/api/v1/slos"));
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("gate", name)
            .put("open", decision.open())
            .put("reason", decision.reason());
    decision.until().ifPresent(until -> answer.put("until", until.toString()));
    ArrayNode unknown = answer.putArray("unknown");
    decision.unknown().forEach(id -> unknown.add(id.value()));
    return answer;
  }

  private JsonNode problems() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode problems = answer.putArray("problems");
    state
        .problems()
        .get()
        .forEach(
            p ->
                problems
                    .addObject()
                    .put("file", p.file())
                    .put("line", p.line())
                    .put("column", p.column())
                    .put("severity", p.severity().name().toLowerCase(Locale.ROOT))
                    .put("message", p.message()));
    return answer;
  }
}
