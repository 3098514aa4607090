package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.definition.PlannedTimes;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.planned.PlannedWork.Kind;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/**
 * {@code /api/v1/backfills}: declares, lists, approves, rejects and ends planned work. Nobody is
 * told about what it covers while it lasts, and what it says leaves the budget does. What had
 * happened before it was declared leaves only after somebody else has approved. Every change goes
 * to the audit trail. Thread-safe; everything blocks, so it runs on worker threads.
 */
public final class BackfillRoutes {
  private static final Duration NEXT_WITHIN = Duration.ofDays(366);

  private final Vertx vertx;
  private final EngineState state;
  private final PlanBook plans;
  private final Declarations declarations;
  private final IncidentActions actions;
  private final BiConsumer<PlannedWork, Instant> ended;

  /**
   * Changes these plans.
   *
   * @param actions declares what is said to be because of an incident
   * @param ended hears of a backfill that was ended, and when
   */
  public BackfillRoutes(
      Vertx vertx,
      EngineState state,
      PlanBook plans,
      Declarations declarations,
      IncidentActions actions,
      BiConsumer<PlannedWork, Instant> ended) {
    this.vertx = vertx;
    this.state = state;
    this.plans = plans;
    this.declarations = declarations;
    this.actions = actions;
    this.ended = ended;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router
        .get("/api/v1/backfills")
        .handler(context -> answer(context, 200, () -> list(context.request().getParam("state"))));
    router
        .get("/api/v1/backfills/:id")
        .handler(context -> answer(context, 200, () -> json(find(context), now())));
    router
        .post("/api/v1/backfills")
        .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
        .handler(context -> answer(context, 201, () -> declare(context)));
    router
        .post("/api/v1/backfills/:id/approve")
        .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
        .handler(context -> answer(context, 200, () -> approve(context)));
    router
        .post("/api/v1/backfills/:id/reject")
        .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
        .handler(context -> answer(context, 200, () -> reject(context)));
    router
        .delete("/api/v1/backfills/:id")
        .handler(context -> answer(context, 200, () -> end(context)));
  }

  private void answer(RoutingContext context, int status, Callable<JsonNode> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(
            json ->
                context
                    .response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(json.toString()))
        .onFailure(context::fail);
  }

  private Instant now() {
    return state.clock().instant();
  }

  private JsonNode list(@org.jspecify.annotations.Nullable String wanted) {
    List<String> states = List.of("pending", "active", "over", "all");
    if (wanted != null && !states.contains(wanted)) {
      throw new HttpException(400, "state is pending, active, over or all, not '" + wanted + "'");
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode backfills = answer.putArray("backfills");
    for (PlannedWork work : plans.list()) {
      if (wanted == null || wanted.equals("all") || wanted.equals(work.state(now()))) {
        backfills.add(json(work, now()));
      }
    }
    return answer;
  }

  private JsonNode declare(RoutingContext context) {
    JsonNode body = Bodies.tree(context);
    Instant now = now();
    Instant starts = body.has("startsAt") ? instant(body, "startsAt") : now;
    String author = body.path("author").asText("");
    String incident = body.path("incident").asText("").strip();
    List<String> covers = covers(body, !incident.isEmpty());
    String reason = needed(body, "reason", "say why, for whoever finds the budget changed");
    String ticket = needed(body, "ticket", "name the ticket that the work belongs to");
    Optional<PlannedTimes> recurs = recurs(body, starts);
    Declarations.Request request =
        new Declarations.Request(
            kind(body),
            covers,
            starts,
            recurs.isPresent() ? instant(body, "endsAt") : end(body, starts),
            Declarations.budget(body.path("budget").asText("keep")),
            reason,
            ticket,
            author.isBlank() ? actor(context) : author,
            now,
            recurs.orElse(null));
    Declarations.Declared declared =
        incident.isEmpty()
            ? declarations.declare(request, actor(context))
            : actions.declare(incident, request, actor(context));
    ObjectNode answer = json(declared.work(), now);
    if (!incident.isEmpty()) {
      answer.put("incident", incident);
    }
    declared.objectives().forEach(answer.putArray("objectives")::add);
    return answer;
  }

  private JsonNode approve(RoutingContext context) {
    PlannedWork work = waiting(context);
    String approver = by(context, Bodies.tree(context));
    if (!work.mayBeApprovedBy(actor(context), approver)) {
      throw new HttpException(
          403,
          work.id()
              + " was declared by "
              + (work.author().isEmpty() ? work.declaredBy() : work.author())
              + (work.author().equals(approver) ? "" : ", with the token of " + actor(context))
              + "; somebody else has to approve it");
    }
    Instant now = now();
    PlannedWork approved = work.approvedBy(approver, now);
    plans.put(approved);
    declarations.audit(now, actor(context), "planned work approved", approved, "by " + approver);
    return json(approved, now);
  }

  /** Anybody may: what happened stays as it was. Who declared it may withdraw it so. */
  private JsonNode reject(RoutingContext context) {
    PlannedWork work = waiting(context);
    JsonNode body = Bodies.tree(context);
    String by = by(context, body);
    String reason = needed(body, "reason", "say why, for whoever declared it");
    Instant now = now();
    PlannedWork rejected = work.rejectedBy(by, now);
    plans.put(rejected);
    declarations.audit(
        now, actor(context), "planned work rejected", rejected, "by " + by + ": " + reason);
    return json(rejected, now);
  }

  private PlannedWork waiting(RoutingContext context) {
    PlannedWork work = find(context);
    if (!work.needsApproval()) {
      String decided =
          !work.approvedBy().isEmpty()
              ? "; " + work.approvedBy() + " approved it"
              : work.rejectedBy().isEmpty() ? "" : "; " + work.rejectedBy() + " rejected it";
      throw new HttpException(409, work.id() + " needs no approval" + decided);
    }
    return work;
  }

  private static String by(RoutingContext context, JsonNode body) {
    String by = body.path("by").asText("");
    return by.isBlank() ? actor(context) : by;
  }

  private JsonNode end(RoutingContext context) {
    PlannedWork work = find(context);
    Instant now = now();
    PlannedWork over =
        plans
            .end(work.id(), now)
            .orElseThrow(
                () ->
                    new HttpException(409, work.id() + " ended at " + work.endsAt() + " already"));
    if (over.kind() == Kind.BACKFILL && work.active(now)) {
      ended.accept(over, now);
    }
    declarations.audit(now, actor(context), "planned work ended", over, "");
    return json(over, now);
  }

  private PlannedWork find(RoutingContext context) {
    String id = context.pathParam("id");
    return plans
        .find(id)
        .orElseThrow(
            () ->
                new HttpException(
                    404, "there is no backfill '" + id + "'; /api/v1/backfills lists them"));
  }

  private static List<String> covers(JsonNode body, boolean optional) {
    List<String> covers = new ArrayList<>();
    body.path("covers").forEach(name -> covers.add(name.asText()));
    if (body.hasNonNull("dataset")) {
      covers.add(body.path("dataset").asText());
    }
    covers.removeIf(String::isBlank);
    if (covers.isEmpty() && !optional) {
      throw new HttpException(
          400,
          "covers is missing; give names of datasets, pipelines or objectives, or \"*\", or the"
              + " incident that it is because of");
    }
    return covers;
  }

  private static Kind kind(JsonNode body) {
    return switch (body.path("kind").asText("backfill")) {
      case "backfill" -> Kind.BACKFILL;
      case "maintenance" -> Kind.MAINTENANCE;
      default -> throw new HttpException(400, "kind is backfill or maintenance");
    };
  }

  private static String needed(JsonNode body, String name, String why) {
    String text = body.path(name).asText("");
    if (text.isBlank()) {
      throw new HttpException(400, name + " is missing; " + why);
    }
    return text;
  }

  /** The times of work that takes place more than once. */
  private static Optional<PlannedTimes> recurs(JsonNode body, Instant starts) {
    String rule = body.path("repeat").asText("");
    if (rule.isBlank()) {
      return Optional.empty();
    }
    if (!body.has("duration") || !body.has("endsAt")) {
      throw new HttpException(
          400,
          "with repeat give both duration, how long each time lasts, such as PT2H, and endsAt, when"
              + " the last one is over");
    }
    try {
      return Optional.of(
          new PlannedTimes(
              starts,
              Duration.parse(body.path("duration").asText()),
              rule,
              ZoneId.of(body.path("timeZone").asText("UTC"))));
    } catch (IllegalArgumentException e) {
      throw new HttpException(400, "repeat: " + e.getMessage(), e);
    } catch (DateTimeException e) {
      throw new HttpException(
          400,
          "duration is an ISO 8601 duration such as PT2H, and timeZone one such as Europe/Warsaw",
          e);
    }
  }

  private static Instant end(JsonNode body, Instant starts) {
    if (body.has("endsAt") == body.has("duration")) {
      throw new HttpException(
          400, "give either duration, such as PT2H, or endsAt, such as 2026-03-01T12:00:00Z");
    }
    if (body.has("endsAt")) {
      return instant(body, "endsAt");
    }
    try {
      return starts.plus(Duration.parse(body.path("duration").asText()));
    } catch (DateTimeException | ArithmeticException e) {
      throw new HttpException(400, "duration is an ISO 8601 duration such as PT2H", e);
    }
  }

  private static Instant instant(JsonNode body, String name) {
    return Times.instant(name, body.path(name).asText());
  }

  private static String actor(RoutingContext context) {
    return String.valueOf(context.<Object>get("tidemark.actor"));
  }

  private static ObjectNode json(PlannedWork work, Instant now) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", work.id())
        .put("kind", work.kind().name().toLowerCase(Locale.ROOT))
        .put("state", work.state(now))
        .put("startsAt", work.startsAt().toString())
        .put("endsAt", work.endsAt().toString())
        .put("budget", Declarations.word(work.budget()))
        .put("reason", work.reason())
        .put("ticket", work.ticket())
        .put("author", work.author())
        .put("declaredAt", work.declaredAt().toString())
        .put("approvedBy", work.approvedBy())
        .put("rejectedBy", work.rejectedBy())
        .put("needsApproval", work.needsApproval());
    Instant decided = work.decidedAt();
    if (decided != null) {
      json.put(work.approvedBy().isEmpty() ? "rejectedAt" : "approvedAt", decided.toString());
    }
    PlannedTimes recurs = work.recurs();
    if (recurs != null) {
      json.put("repeat", recurs.rule())
          .put("duration", recurs.duration().toString())
          .put("timeZone", recurs.zone().getId());
      work.times(now, now.plus(NEXT_WITHIN)).stream()
          .filter(time -> time.from().isAfter(now))
          .findFirst()
          .ifPresent(next -> json.put("nextStartsAt", next.from().toString()));
    }
    work.covers().forEach(json.putArray("covers")::add);
    return json;
  }
}
