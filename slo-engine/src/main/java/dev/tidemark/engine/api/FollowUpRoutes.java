package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.report.FollowUp;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/actions} and {@code /api/v1/incidents/ID/actions}: what is to be done after
 * incidents, by whom and until when. Thread-safe; everything blocks, so it runs on worker threads.
 */
public final class FollowUpRoutes {
  private static final List<String> EDITABLE = List.of("text", "owner", "due", "ticket", "state");

  private final Vertx vertx;
  private final EngineState state;
  private final FollowUps followUps;

  /** Answers from this state. */
  public FollowUpRoutes(Vertx vertx, EngineState state, FollowUps followUps) {
    this.vertx = vertx;
    this.state = state;
    this.followUps = followUps;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router
        .get("/api/v1/actions")
        .handler(context -> Answers.json(vertx, context, () -> list(context)));
    router
        .get("/api/v1/incidents/:id/actions")
        .handler(
            context ->
                Answers.json(
                    vertx,
                    context,
                    () -> json(state.records().followUps().of(context.pathParam("id")))));
    router
        .post("/api/v1/incidents/:id/actions")
        .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
        .handler(context -> Answers.json(vertx, context, () -> add(context)));
    router
        .patch("/api/v1/incidents/:id/actions/:number")
        .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
        .handler(context -> Answers.json(vertx, context, () -> edit(context)));
    router
        .post("/api/v1/incidents/:id/actions/:number/done")
        .handler(
            context ->
                Answers.json(
                    vertx,
                    context,
                    () ->
                        json(
                            followUps.done(
                                context.pathParam("id"),
                                context.pathParam("number"),
                                Answers.actor(context)))));
  }

  private JsonNode list(RoutingContext context) {
    String wanted = context.request().getParam("state", "open");
    String owner = context.request().getParam("owner", "");
    if (!List.of("open", "done", "all").contains(wanted)) {
      throw new HttpException(400, "state is open, done or all, not '" + wanted + "'");
    }
    return json(
        state.records().followUps().all(wanted.equals("open")).stream()
            .filter(one -> !wanted.equals("done") || !one.open())
            .filter(one -> owner.isEmpty() || one.owner().equals(owner))
            .toList());
  }

  private JsonNode add(RoutingContext context) {
    JsonNode body = Bodies.tree(context);
    return json(
        followUps.add(
            context.pathParam("id"),
            text(body, "text"),
            text(body, "owner"),
            text(body, "due"),
            text(body, "ticket"),
            Answers.actor(context)));
  }

  private JsonNode edit(RoutingContext context) {
    JsonNode body = Bodies.tree(context);
    Set<String> unknown = new TreeSet<>();
    body.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(EDITABLE);
    if (!unknown.isEmpty()) {
      throw new HttpException(
          400,
          String.join(", ", unknown)
              + " cannot be changed; what can is "
              + String.join(", ", EDITABLE));
    }
    return json(
        followUps.edit(
            context.pathParam("id"),
            context.pathParam("number"),
            new FollowUps.Edit(
                given(body, "text"),
                given(body, "owner"),
                given(body, "due"),
                given(body, "ticket"),
                given(body, "state")),
            Answers.actor(context)));
  }

  /** Returns null for what is not there, so that it stays; a JSON null empties. */
  private static @Nullable String given(JsonNode body, String name) {
    return body.has(name) ? text(body, name) : null;
  }

  private static String text(JsonNode body, String name) {
    JsonNode given = body.path(name);
    if (given.isTextual() || given.isMissingNode() || given.isNull()) {
      return given.isTextual() ? given.asText().strip() : "";
    }
    throw new HttpException(400, name + " is a text, not " + given);
  }

  private static ObjectNode json(List<FollowUp> all) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("actions", array(all));
    return answer;
  }

  static ArrayNode array(List<FollowUp> all) {
    ArrayNode actions = JsonNodeFactory.instance.arrayNode();
    all.forEach(one -> actions.add(json(one)));
    return actions;
  }

  private static ObjectNode json(FollowUp one) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("incident", one.incident())
            .put("number", one.number())
            .put("state", one.open() ? "open" : "done")
            .put("text", one.text())
            .put("owner", one.owner())
            .put("ticket", one.ticket())
            .put("author", one.author())
            .put("createdAt", one.createdAt().toString());
    if (one.due() != null) {
      json.put("due", one.due().toString());
    }
    if (one.doneAt() != null) {
      json.put("doneAt", one.doneAt().toString()).put("doneBy", one.doneBy());
    }
    return json;
  }
}
