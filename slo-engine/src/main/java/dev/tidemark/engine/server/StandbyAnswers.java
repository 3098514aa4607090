package dev.tidemark.engine.server;

import dev.tidemark.engine.telemetry.EngineMetrics;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a server answers while another one leads: that it lives, that it is not the one to ask, and
 * who is.
 */
final class StandbyAnswers implements Handler<HttpServerRequest> {
  private static final String LATER_SECONDS = "5";

  private final Supplier<Optional<String>> leader;
  private final Router router;

  StandbyAnswers(Vertx vertx, Access access, Clock clock, Supplier<Optional<String>> leader) {
    this.leader = leader;
    EngineMetrics metrics = new EngineMetrics();
    metrics.gauge(TidemarkServer.LEADS, TidemarkServer.LEADS_HELP, () -> 0);
    router = Router.router(vertx);
    router.get("/healthz").handler(context -> text(context, 200));
    router.get("/readyz").handler(context -> text(context, 503));
    router
        .get("/metrics")
        .handler(new AccessHandler(access, new Sessions(clock), metrics))
        .blockingHandler(context -> HttpDoors.exposition(context, metrics), false);
    router.route().handler(this::elsewhere);
  }

  @Override
  public void handle(HttpServerRequest request) {
    router.handle(request);
  }

  private static void text(RoutingContext context, int status) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end("standby\n");
  }

  private void elsewhere(RoutingContext context) {
    Optional<String> known = leader.get();
    JsonObject answer =
        new JsonObject()
            .put(
                "error",
                known
                    .map(url -> "this server stands by; " + url + " leads")
                    .orElse("this server stands by; a leader is being found"));
    known.ifPresent(url -> answer.put("leader", url));
    context
        .response()
        .setStatusCode(503)
        .putHeader("Retry-After", LATER_SECONDS)
        .putHeader("Content-Type", "application/json")
        .end(answer.encode());
  }
}
