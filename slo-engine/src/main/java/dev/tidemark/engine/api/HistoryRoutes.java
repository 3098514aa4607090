package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.report.LedgerEntry;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.store.clickhouse.BudgetHistory;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was: {@code /api/v1/slos/NAME/history} and {@code /api/v1/audit}, both with {@code from} and
 * {@code to} as ISO 8601 moments. Thread-safe.
 */
public final class HistoryRoutes {
  private static final Duration SHOWN = Duration.ofDays(30);
  private static final int POINTS_AT_MOST = 50_000;
  private static final int ENTRIES_AT_MOST = 1_000;

  private final Vertx vertx;
  private final EngineState state;

  /** Answers from the records of this state. */
  public HistoryRoutes(Vertx vertx, EngineState state) {
    this.vertx = vertx;
    this.state = state;
  }

  private record Span(Instant from, Instant to) {}

  /** Adds the routes. */
  public void mount(Router router) {
    router
        .get("/api/v1/slos/:name/history")
        .handler(
            context -> answer(context, () -> budget(context.pathParam("name"), span(context))));
    router
        .get("/api/v1/slos/:name/ledger")
        .handler(
            context ->
                answer(
                    context,
                    () -> ledger(context.pathParam("name"), context.request().getParam("at"))));
    router.get("/api/v1/audit").handler(context -> answer(context, () -> audit(span(context))));
  }

  private void answer(RoutingContext context, Callable<JsonNode> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(
            json ->
                context
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(json.toString()))
        .onFailure(context::fail);
  }

  private Span span(RoutingContext context) {
    String from = context.request().getParam("from");
    String to = context.request().getParam("to");
    // What happens in this millisecond is part of the answer.
    Instant until = to == null ? state.clock().instant().plusMillis(1) : Times.instant("to", to);
    Instant since = from == null ? until.minus(SHOWN) : Times.instant("from", from);
    if (!since.isBefore(until)) {
      throw new HttpException(400, "from has to be before to");
    }
    return new Span(since, until);
  }

  private JsonNode budget(String name, Span span) {
    ObjectiveId id = new ObjectiveId(name);
    boolean known =
        state
            .judge()
            .ask(judge -> judge.snapshot(id, span.to()).isPresent())
            .toCompletableFuture()
            .orTimeout(10, TimeUnit.SECONDS)
            .join();
    if (!known) {
      throw new HttpException(404, "there is no objective '" + name + "'; /api/v1/slos lists them");
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("name", name).put("from", span.from().toString()).put("to", span.to().toString());
    ArrayNode budget = answer.putArray("budget");
    for (BudgetHistory.Point point :
        state.records().budgets().read(id, span.from(), span.to(), POINTS_AT_MOST)) {
      ObjectNode row = budget.addObject().put("at", point.at().toString());
      put(row, "budgetLeftRatio", point.leftRatio());
      put(row, "sliRatio", point.sliRatio());
      put(row, "fastBurnRate", point.fastBurn());
      put(row, "slowBurnRate", point.slowBurn());
    }
    ArrayNode slices = answer.putArray("slices");
    state
        .buckets()
        .read(
            id,
            span.from(),
            span.to(),
            bucket ->
                slices
                    .addObject()
                    .put("start", bucket.start().toString())
                    .put("good", bucket.counts().good())
                    .put("total", bucket.counts().total())
                    .put("unknown", bucket.unknown())
                    .put("restated", bucket.restated()));
    return answer;
  }

  /** The budget of a moment as it was known then and as it is known now. */
  private JsonNode ledger(String name, @Nullable String moment) {
    Instant at = moment == null ? state.clock().instant() : Times.instant("at", moment);
    Objective objective =
        state
            .judge()
            .ask(
                judge ->
                    judge.definitions().objectives().stream()
                        .filter(one -> one.id().value().equals(name))
                        .findFirst())
            .toCompletableFuture()
            .orTimeout(10, TimeUnit.SECONDS)
            .join()
            .orElseThrow(
                () ->
                    new HttpException(
                        404, "there is no objective '" + name + "'; /api/v1/slos lists them"));
    LedgerEntry entry = state.records().ledger().at(objective, at);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("name", name).put("at", at.toString()).put("until", entry.until().toString());
    put(answer, "knownThen", entry.leftThen().orElse(Double.NaN));
    put(answer, "knownNow", entry.leftNow().orElse(Double.NaN));
    answer.put("explanation", entry.explain());
    answer.put("goodAdded", entry.goodAdded()).put("totalAdded", entry.totalAdded());
    put(answer, "byLateSignals", entry.byLateSignals());
    put(answer, "byPlannedWork", entry.byPlannedWork());
    put(answer, "rest", entry.rest().orElse(Double.NaN));
    ArrayNode deeds = answer.putArray("deeds");
    entry
        .deeds()
        .forEach(
            deed ->
                deeds
                    .addObject()
                    .put("at", deed.at().toString())
                    .put("actor", deed.actor())
                    .put("action", deed.action())
                    .put("subject", deed.subject())
                    .put("detail", deed.detail()));
    ArrayNode restated = answer.putArray("restated");
    entry
        .restated()
        .forEach(
            one ->
                restated
                    .addObject()
                    .put("start", one.start().toString())
                    .put("at", one.at().toString())
                    .put("goodBefore", one.before().good())
                    .put("totalBefore", one.before().total())
                    .put("goodAfter", one.after().good())
                    .put("totalAfter", one.after().total()));
    return answer;
  }

  /** JSON has no NaN and no infinity: what is not known is null, what is infinite a text. */
  private static void put(ObjectNode row, String name, double value) {
    if (Double.isNaN(value)) {
      row.putNull(name);
    } else if (Double.isInfinite(value)) {
      row.put(name, value > 0 ? "Infinity" : "-Infinity");
    } else {
      row.put(name, value);
    }
  }

  private JsonNode audit(Span span) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode entries = answer.putArray("entries");
    for (AuditTrail.Entry entry :
        state.records().audit().read(span.from(), span.to(), ENTRIES_AT_MOST)) {
      entries
          .addObject()
          .put("at", entry.at().toString())
          .put("actor", entry.actor())
          .put("action", entry.action())
          .put("subject", entry.subject())
          .put("detail", entry.detail());
    }
    return answer;
  }
}
