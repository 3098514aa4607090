package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.alerting.Silence;
import dev.tidemark.alerting.route.Matcher;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * {@code /api/v1/silences}: quiet with an author, a reason and an end. Every change is in the audit
 * trail. What is asked for again while it is in force or to come is not made again. Thread-safe.
 */
public final class SilenceRoutes {
  private static final Duration LONGEST = Duration.ofDays(30);

  private final Vertx vertx;
  private final EngineState state;

  /** Lists and changes the silences of this state. */
  public SilenceRoutes(Vertx vertx, EngineState state) {
    this.vertx = vertx;
    this.state = state;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router
        .get("/api/v1/silences")
        .handler(
            context ->
                Answers.json(vertx, context, () -> list(context.request().getParam("state"))));
    router
        .post("/api/v1/silences")
        .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
        .handler(context -> answer(context, () -> create(context)));
    router
        .delete("/api/v1/silences/:id")
        .handler(context -> Answers.json(vertx, context, () -> expire(context)));
  }

  private record Answer(int status, JsonNode json) {}

  private void answer(RoutingContext context, Callable<Answer> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(
            answer ->
                context
                    .response()
                    .setStatusCode(answer.status())
                    .putHeader("Content-Type", "application/json")
                    .end(answer.json().toString()))
        .onFailure(context::fail);
  }

  private JsonNode list(@org.jspecify.annotations.Nullable String wanted) {
    if (wanted != null && !List.of("active", "all").contains(wanted)) {
      throw new HttpException(400, "state is active or all, not '" + wanted + "'");
    }
    Instant now = state.clock().instant();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode silences = answer.putArray("silences");
    for (Silence silence : state.alerting().silences().list(now)) {
      if (!"active".equals(wanted) || silence.active(now)) {
        silences.add(json(silence, now));
      }
    }
    return answer;
  }

  private Answer create(RoutingContext context) {
    JsonObject body = Bodies.object(context);
    Instant now = state.clock().instant();
    String actor = Answers.actor(context);
    String reason = text(body, "reason");
    if (reason.isBlank()) {
      throw new HttpException(400, "reason is missing; say why, for whoever finds it quiet");
    }
    String ticket = text(body, "ticket");
    String author = text(body, "author");
    Instant starts = body.containsKey("startsAt") ? instant(body, "startsAt") : now;
    Instant ends = end(body, starts);
    if (!ends.isAfter(now)) {
      throw new HttpException(400, "the silence would end at " + ends + ", which is over");
    }
    if (Duration.between(starts, ends).compareTo(LONGEST) > 0) {
      throw new HttpException(
          400, "a silence lasts 30 days at most; what is quiet for longer wants another objective");
    }
    Silence silence =
        new Silence(
            UUID.randomUUID().toString(),
            matchers(body),
            author.isBlank() ? actor : author,
            ticket.isBlank() ? reason : reason + " (" + ticket + ")",
            starts,
            ends);
    return put(silence, body.containsKey("duration"), actor, now);
  }

  /**
   * Puts it in force, unless it is there; asked for again by its length, it ends that much later.
   */
  private synchronized Answer put(Silence wanted, boolean byLength, String actor, Instant now) {
    Optional<Silence> known =
        state.alerting().silences().list(now).stream()
            .filter(one -> one.endsAt().isAfter(now) && sameBut(one, wanted, byLength, now))
            .max(Comparator.comparing(Silence::endsAt));
    if (known.isEmpty()) {
      state.alerting().silences().put(wanted);
      audit(now, actor, "silence created", wanted);
      return new Answer(201, json(wanted, now));
    }
    Silence before = known.get();
    Instant last = before.startsAt().plus(LONGEST);
    Instant end = wanted.endsAt().isBefore(last) ? wanted.endsAt() : last;
    if (!end.isAfter(before.endsAt())) {
      return new Answer(200, json(before, now));
    }
    Silence longer = before.endingAt(end);
    state.alerting().silences().put(longer);
    audit(now, actor, "silence extended", longer);
    return new Answer(200, json(longer, now));
  }

  /** Whether a request for the one is a request for the other, made at another time. */
  private static boolean sameBut(Silence one, Silence wanted, boolean byLength, Instant now) {
    boolean sameTimes =
        byLength
            ? one.startsAt().equals(wanted.startsAt()) || (one.active(now) && wanted.active(now))
            : one.endsAt().equals(wanted.endsAt());
    return sameTimes
        && Set.copyOf(one.matchers()).equals(Set.copyOf(wanted.matchers()))
        && one.author().equals(wanted.author())
        && one.reason().equals(wanted.reason());
  }

  private void audit(Instant at, String actor, String action, Silence silence) {
    state
        .records()
        .audit()
        .write(
            new AuditTrail.Entry(
                at,
                actor,
                action,
                silence.id(),
                words(silence) + " until " + silence.endsAt() + ": " + silence.reason()));
  }

  private JsonNode expire(RoutingContext context) {
    String id = context.pathParam("id");
    Instant now = state.clock().instant();
    Silence ended =
        state
            .alerting()
            .silences()
            .expire(id, now)
            .orElseThrow(
                () ->
                    new HttpException(
                        404,
                        "there is no silence '"
                            + id
                            + "' that is in force or to come; /api/v1/silences lists them"));
    state
        .records()
        .audit()
        .write(
            new AuditTrail.Entry(now, Answers.actor(context), "silence expired", id, words(ended)));
    return json(ended, now);
  }

  private static Instant end(JsonObject body, Instant starts) {
    if (body.containsKey("endsAt") == body.containsKey("duration")) {
      throw new HttpException(
          400, "give either duration, such as PT2H, or endsAt, such as 2026-03-01T12:00:00Z");
    }
    if (body.containsKey("endsAt")) {
      return instant(body, "endsAt");
    }
    String duration = text(body, "duration");
    try {
      return starts.plus(Duration.parse(duration));
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new HttpException(
          400, "duration '" + duration + "' is not an ISO 8601 duration such as PT2H", e);
    }
  }

  private static Instant instant(JsonObject body, String name) {
    return Times.instant(name, text(body, name));
  }

  private static String text(JsonObject body, String name) {
    Object value = body.getValue(name);
    if (value == null) {
      return "";
    }
    if (value instanceof String text) {
      return text;
    }
    throw new HttpException(400, name + " has to be a text");
  }

  private static List<Matcher> matchers(JsonObject body) {
    if (!(body.getValue("matchers") instanceof JsonArray texts) || texts.isEmpty()) {
      throw new HttpException(
          400,
          "matchers are missing; give at least one such as \"dataset=orders\", or everything would be silenced");
    }
    List<Matcher> matchers = new ArrayList<>();
    for (Object text : texts) {
      if (!(text instanceof String matcher)) {
        throw new HttpException(400, "a matcher is a text such as \"dataset=orders\"");
      }
      matchers.add(Matcher.parse(matcher));
    }
    return matchers;
  }

  /** Returns the matchers of a silence as one text. */
  public static String words(Silence silence) {
    return String.join(", ", silence.matchers().stream().map(Matcher::toString).toList());
  }

  static ObjectNode json(Silence silence, Instant now) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", silence.id());
    ArrayNode matchers = json.putArray("matchers");
    silence.matchers().forEach(matcher -> matchers.add(matcher.toString()));
    return json.put("author", silence.author())
        .put("reason", silence.reason())
        .put("startsAt", silence.startsAt().toString())
        .put("endsAt", silence.endsAt().toString())
        .put(
            "state",
            silence.active(now)
                ? "active"
                : now.isBefore(silence.startsAt()) ? "pending" : "expired");
  }
}
