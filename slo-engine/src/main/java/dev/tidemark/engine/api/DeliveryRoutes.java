package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/** {@code /api/v1/deliveries}: what was given up, and another attempt or none. Thread-safe. */
public final class DeliveryRoutes {
  private static final int AT_MOST = 500;

  private final Vertx vertx;
  private final DeadLetters letters;

  /** Answers from these. */
  public DeliveryRoutes(Vertx vertx, DeadLetters letters) {
    this.vertx = vertx;
    this.letters = letters;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router
        .get("/api/v1/deliveries/dead")
        .handler(context -> Answers.json(vertx, context, this::dead));
    router
        .post("/api/v1/deliveries/:id/retry")
        .handler(
            context ->
                Answers.json(
                    vertx,
                    context,
                    () ->
                        DeliveryJson.of(
                            letters.retry(context.pathParam("id"), Answers.actor(context)))));
    router
        .post("/api/v1/deliveries/:id/dismiss")
        .handler(
            context ->
                Answers.json(
                    vertx,
                    context,
                    () ->
                        DeliveryJson.of(
                            letters.dismiss(context.pathParam("id"), Answers.actor(context)))));
  }

  private JsonNode dead() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode dead = answer.putArray("deliveries");
    letters.list(AT_MOST).forEach(entry -> dead.add(DeliveryJson.of(entry)));
    return answer;
  }
}
