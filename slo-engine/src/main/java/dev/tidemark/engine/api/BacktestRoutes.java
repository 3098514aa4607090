package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.backtest.Backtest;
import dev.tidemark.engine.backtest.BacktestDiff;
import dev.tidemark.engine.backtest.BacktestException;
import dev.tidemark.engine.backtest.BacktestJson;
import dev.tidemark.engine.backtest.BacktestResult;
import dev.tidemark.engine.backtest.BacktestText;
import dev.tidemark.engine.backtest.StoredHistory;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.store.clickhouse.ClickHouseSignalReader;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code POST /api/v1/backtests}: definitions against the stored signals. One at a time, so that
 * judging the present never waits for judging the past. Thread-safe.
 */
public final class BacktestRoutes {
  private static final long BODY_BYTES = 8L << 20;
  private static final Duration LONGEST = Duration.ofDays(400);

  private final Vertx vertx;
  private final EngineState state;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** Replays what this state has stored. */
  public BacktestRoutes(Vertx vertx, EngineState state) {
    this.vertx = vertx;
    this.state = state;
  }

  /** Adds the route. */
  public void mount(Router router) {
    router
        .post("/api/v1/backtests")
        .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES))
        .handler(this::backtest);
  }

  private void backtest(RoutingContext context) {
    JsonNode request = Bodies.tree(context);
    Instant from = moment(request, "from");
    Instant to = moment(request, "to");
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw new HttpException(400, "at most " + LONGEST.toDays() + " days are replayed at once");
    }
    Definitions definitions = definitions(request, "definitions");
    if (!busy.compareAndSet(false, true)) {
      throw new HttpException(429, "another backtest is running; try again when it is done");
    }
    vertx
        .executeBlocking(
            () -> {
              BacktestResult after = replay(definitions, from, to);
              if (!request.has("against")) {
                return answer(BacktestJson.of(after), BacktestText.markdown(after));
              }
              BacktestDiff diff =
                  BacktestDiff.of(replay(definitions(request, "against"), from, to), after);
              return answer(BacktestJson.of(diff), BacktestText.markdown(diff));
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

  private BacktestResult replay(Definitions definitions, Instant from, Instant to) {
    int workers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    return Backtest.run(
        definitions,
        new StoredHistory(new ClickHouseSignalReader(state.clickHouse())),
        from,
        to,
        workers,
        done -> {});
  }

  private static ObjectNode answer(ObjectNode result, String markdown) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("result", result);
    return answer.put("markdown", markdown);
  }

  private static Definitions definitions(JsonNode request, String name) {
    List<SourceFile> files = new ArrayList<>();
    for (JsonNode file : request.path(name)) {
      files.add(new SourceFile(file.path("path").asText(name), file.path("text").asText()));
    }
    ParseResult parsed = DefinitionParser.parse(files);
    if (files.isEmpty() || parsed.hasErrors()) {
      throw new HttpException(
          400,
          files.isEmpty()
              ? "'" + name + "' has to be a list of {path, text}"
              : parsed.problems().stream()
                  .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                  .map(Problem::toString)
                  .reduce((one, other) -> one + "\n" + other)
                  .orElse(""));
    }
    return parsed.definitions();
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
