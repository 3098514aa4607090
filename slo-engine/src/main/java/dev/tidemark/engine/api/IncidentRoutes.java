package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Incident;
import dev.tidemark.engine.report.Postmortem;
import dev.tidemark.engine.report.RunbookStep;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code /api/v1/incidents}: the incidents, and what a person does about one. Thread-safe. */
public final class IncidentRoutes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int INCIDENTS_AT_MOST = 500;

  private final Vertx vertx;
  private final EngineState state;
  private final IncidentActions actions;

  /** Answers from this state. */
  public IncidentRoutes(Vertx vertx, EngineState state, IncidentActions actions) {
    this.vertx = vertx;
    this.state = state;
    this.actions = actions;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router.get("/api/v1/incidents").handler(this::incidents);
    router.get("/api/v1/incidents/:id").handler(this::incident);
    router
        .get("/api/v1/incidents/:id/postmortem")
        .handler(context -> Answers.json(vertx, context, () -> postmortem(context)));
    post(router, "acknowledge").handler(context -> byHand(context, actions::acknowledge));
    post(router, "resolve").handler(context -> byHand(context, actions::resolve));
    post(router, "split").handler(context -> Answers.json(vertx, context, () -> split(context)));
    post(router, "merge").handler(context -> Answers.json(vertx, context, () -> merge(context)));
    post(router, "steps/:number")
        .handler(context -> Answers.json(vertx, context, () -> tick(context)));
    router
        .delete("/api/v1/incidents/:id/steps/:number")
        .handler(context -> Answers.json(vertx, context, () -> undo(context)));
    post(router, "silence")
        .handler(context -> Answers.json(vertx, context, () -> silence(context)));
  }

  private static Route post(Router router, String step) {
    return router
        .post("/api/v1/incidents/:id/" + step)
        .handler(BodyHandler.create(false).setBodyLimit(64 * 1024));
  }

  private void incidents(RoutingContext context) {
    String wanted = context.request().getParam("state", "all");
    if (!List.of("open", "resolved", "all").contains(wanted)) {
      throw new HttpException(400, "state is open, resolved or all, not '" + wanted + "'");
    }
    Answers.written(
        vertx,
        context,
        out -> {
          List<Incident> found =
              wanted.equals("open")
                  ? state.alerting().openIncidents()
                  : state.alerting().recent(INCIDENTS_AT_MOST).stream()
                      .filter(one -> wanted.equals("all") || !one.open())
                      .toList();
          out.writeStartObject();
          out.writeArrayFieldStart("incidents");
          for (Incident incident : found) {
            out.writeTree(json(incident));
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private void incident(RoutingContext context) {
    String id = context.pathParam("id");
    Answers.json(
        vertx,
        context,
        () -> {
          Incident incident = find(id);
          ObjectNode answer = withSteps(incident);
          deliveries(answer, incident);
          return answer;
        });
  }

  private Incident find(String id) {
    return state
        .alerting()
        .find(id)
        .orElseThrow(
            () ->
                new HttpException(
                    404, "there is no incident '" + id + "'; /api/v1/incidents lists them"));
  }

  private void deliveries(ObjectNode answer, Incident incident) {
    ArrayNode deliveries = answer.putArray("deliveries");
    state
        .records()
        .deliveries()
        .of(incident)
        .forEach(entry -> deliveries.add(DeliveryJson.of(entry)));
  }

  private JsonNode postmortem(RoutingContext context) throws IOException {
    Incident incident = find(context.pathParam("id"));
    ObjectNode answer = PostmortemJson.of(Postmortem.of(incident));
    answer.set("actions", FollowUpRoutes.array(state.records().followUps().of(incident.id())));
    steps(answer, incident);
    deliveries(answer, incident);
    return answer;
  }

  private interface ByHand {
    Incident change(String id, String actor, String reason);
  }

  private void byHand(RoutingContext context, ByHand action) {
    String id = context.pathParam("id");
    String reason = String.valueOf(Bodies.object(context).getValue("reason", ""));
    String actor = Answers.actor(context);
    Answers.json(vertx, context, () -> json(action.change(id, actor, reason)));
  }

  private JsonNode tick(RoutingContext context) throws IOException {
    return withSteps(
        actions.steps(
            context.pathParam("id"),
            List.of(context.pathParam("number")),
            Answers.actor(context),
            text(Bodies.object(context), "note")));
  }

  private JsonNode undo(RoutingContext context) throws IOException {
    return withSteps(
        actions.undoStep(
            context.pathParam("id"),
            context.pathParam("number"),
            Answers.actor(context),
            context.request().getParam("note", "").strip()));
  }

  private ObjectNode withSteps(Incident incident) throws IOException {
    ObjectNode answer = json(incident);
    steps(answer, incident);
    return answer;
  }

  private void steps(ObjectNode answer, Incident incident) {
    ArrayNode steps = answer.putArray("steps");
    for (RunbookStep step :
        IncidentRunbook.of(state.runbooks(), incident)
            .map(IncidentRunbook::steps)
            .orElse(List.of())) {
      ObjectNode one =
          steps
              .addObject()
              .put("number", step.number())
              .put("text", step.text())
              .put("done", step.doneNow());
      step.code().forEach(one.putArray("code")::add);
      ArrayNode done = one.putArray("doneBy");
      step.done()
          .forEach(
              entry ->
                  done.addObject().put("at", entry.at().toString()).put("actor", entry.actor()));
    }
  }

  private JsonNode split(RoutingContext context) throws IOException {
    JsonObject body = Bodies.object(context);
    return json(
        actions.split(
            context.pathParam("id"),
            new Regrouping(
                fingerprints(body),
                body.getValue("into") == null ? null : text(body, "into"),
                text(body, "reason")),
            Answers.actor(context)));
  }

  private JsonNode merge(RoutingContext context) throws IOException {
    JsonObject body = Bodies.object(context);
    return json(
        actions.merge(
            context.pathParam("id"),
            text(body, "into"),
            Answers.actor(context),
            text(body, "reason")));
  }

  private static List<String> fingerprints(JsonObject body) {
    Object given = body.getValue("fingerprints", new JsonArray());
    List<String> fingerprints = new ArrayList<>();
    if (given instanceof JsonArray several && several.stream().allMatch(String.class::isInstance)) {
      several.forEach(one -> fingerprints.add((String) one));
      return fingerprints;
    }
    throw new HttpException(
        400, "fingerprints is a list of texts, such as [\"orders-freshness\"], not " + given);
  }

  /** Returns a member that has to be a text, empty when it is not there. */
  private static String text(JsonObject body, String name) {
    Object given = body.getValue(name, "");
    if (given instanceof String text) {
      return text.strip();
    }
    throw new HttpException(400, name + " is a text, not " + given);
  }

  private JsonNode silence(RoutingContext context) {
    JsonObject body = Bodies.object(context);
    String reach = String.valueOf(body.getValue("reach", "firing"));
    if (!List.of("firing", "downstream").contains(reach)) {
      throw new HttpException(400, "reach is firing or downstream, not '" + reach + "'");
    }
    return SilenceRoutes.json(
        actions.silence(
            context.pathParam("id"),
            IncidentActions.Reach.valueOf(reach.toUpperCase(Locale.ROOT)),
            length(String.valueOf(body.getValue("duration", ""))),
            Answers.actor(context),
            String.valueOf(body.getValue("reason", ""))),
        state.clock().instant());
  }

  private static Duration length(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new HttpException(
          400, "duration '" + text + "' is not an ISO 8601 duration such as PT2H", e);
    }
  }

  private static ObjectNode json(Incident incident) throws IOException {
    return (ObjectNode) JSON.readTree(AlertingJson.write(incident));
  }
}
