package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.backtest.Backtest;
import dev.tidemark.engine.backtest.BacktestDiff;
import dev.tidemark.engine.backtest.BacktestException;
import dev.tidemark.engine.backtest.BacktestJson;
import dev.tidemark.engine.backtest.BacktestResult;
import dev.tidemark.engine.backtest.BacktestTables;
import dev.tidemark.engine.backtest.BacktestText;
import dev.tidemark.engine.backtest.StoredHistory;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalReader;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * {@code POST /api/v1/backtests}: definitions against the stored signals; {@code GET} says how far
 * it has come. One at a time, so that judging the present never waits for judging the past.
 * Thread-safe.
 */
public final class BacktestRoutes {
  private static final long BODY_BYTES = 8L << 20;
  private static final Duration LONGEST = Duration.ofDays(400);

  private final Vertx vertx;
  private final EngineState state;
  private final Supplier<List<PlannedWork>> declared;
  private final Duration judgingDelay;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile double doneRatio;

  /**
   * Replays what this state has stored.
   *
   * @param declared planned work, which counts in a replay too
   * @param judgingDelay how long a slice waits for signals under way
   */
  public BacktestRoutes(
      Vertx vertx, EngineState state, Supplier<List<PlannedWork>> declared, Duration judgingDelay) {
    this.vertx = vertx;
    this.state = state;
    this.declared = declared;
    this.judgingDelay = judgingDelay;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    router.get("/api/v1/backtests").handler(this::progress);
    router
        .post("/api/v1/backtests")
        .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES))
        .handler(this::backtest);
  }

  private void progress(RoutingContext context) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    boolean running = busy.get();
    answer.put("running", running);
    if (running) {
      answer.put("doneRatio", doneRatio);
    }
    context.response().putHeader("Content-Type", "application/json").end(answer.toString());
  }

  private void backtest(RoutingContext context) {
    JsonNode request = Bodies.tree(context);
    Instant from = moment(request, "from");
    Instant to = moment(request, "to");
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw new HttpException(400, "at most " + LONGEST.toDays() + " days are replayed at once");
    }
    StoredHistory.Known known = known(request.path("known").asText("received"));
    Definitions definitions = Bodies.definitions(request, "definitions");
    Optional<Definitions> against =
        request.has("against")
            ? Optional.of(Bodies.definitions(request, "against"))
            : Optional.empty();
    double share = against.isPresent() ? 0.5 : 1;
    if (!busy.compareAndSet(false, true)) {
      throw new HttpException(429, "another backtest is running; try again when it is done");
    }
    vertx
        .executeBlocking(
            () -> {
              doneRatio = 0;
              BacktestResult after =
                  replay(definitions, known, from, to, done -> doneRatio = done * share);
              if (against.isEmpty()) {
                return answer(
                    BacktestJson.of(after), BacktestText.markdown(after), BacktestTables.of(after));
              }
              BacktestResult before =
                  replay(against.get(), known, from, to, done -> doneRatio = share + done * share);
              BacktestDiff diff = BacktestDiff.of(before, after);
              return answer(
                  BacktestJson.of(diff), BacktestText.markdown(diff), BacktestTables.of(diff));
            },
            false)
        .onComplete(
            result -> {
              busy.set(false);
              if (result.succeeded()) {
                context
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(result.result().toString());
              } else if (result.cause() instanceof BacktestException e) {
                context.fail(new HttpException(400, e.getMessage()));
              } else {
                context.fail(result.cause());
              }
            });
  }

  private static StoredHistory.Known known(String word) {
    return switch (word) {
      case "received" -> StoredHistory.Known.RECEIVED;
      case "event" -> StoredHistory.Known.EVENT;
      default -> throw new HttpException(400, "known is received or event, not '" + word + "'");
    };
  }

  private BacktestResult replay(
      Definitions definitions,
      StoredHistory.Known known,
      Instant from,
      Instant to,
      DoubleConsumer progress) {
    int workers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    return Backtest.run(
        definitions,
        declared.get(),
        new StoredHistory(new ClickHouseSignalReader(state.clickHouse()), known, judgingDelay),
        from,
        to,
        workers,
        progress);
  }

  private static ObjectNode answer(ObjectNode result, String markdown, String text) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("result", result);
    return answer.put("markdown", markdown).put("text", text);
  }

  private static Instant moment(JsonNode request, String name) {
    try {
      return Instant.parse(request.path(name).asText());
    } catch (DateTimeException e) {
      throw new HttpException(
          400, "'" + name + "' has to be a moment such as 2026-11-01T06:00:00Z", e);
    }
  }
}
