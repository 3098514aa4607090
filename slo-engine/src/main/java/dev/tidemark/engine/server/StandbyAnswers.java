package dev.tidemark.engine.server;

import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.dashboards.view.ErrorView;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.engine.telemetry.EngineMetrics;
import dev.tidemark.engine.web.AssetRoutes;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a server answers while another one leads: that it lives, that it is not the one to ask, and
 * who is. A page that somebody opens leads on to the leader's. While nobody leads nobody may tell,
 * not even of that: so each server says it to whoever asks, and the watchdog falls silent.
 */
final class StandbyAnswers implements Handler<HttpServerRequest> {
  private static final String LATER_SECONDS = "5";

  /** Hosts by which a server listens everywhere and is reached nowhere. */
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "[::]", "[0:0:0:0:0:0:0:0]");

  private final Supplier<Optional<String>> leader;
  private final Supplier<Duration> leaderless;
  private final Clock clock;
  private final PageRenderer renderer = new PageRenderer();
  private final Router router;

  /**
   * Answers for a server that stands by.
   *
   * @param leader where the leader is reached, as far as that is known
   * @param leaderless true time for which nobody has led
   */
  StandbyAnswers(
      Vertx vertx,
      Access access,
      Clock clock,
      Supplier<Optional<String>> leader,
      Supplier<Duration> leaderless) {
    this.leader = leader;
    this.leaderless = leaderless;
    this.clock = clock;
    EngineMetrics metrics = new EngineMetrics();
    LeadMetrics.register(metrics, () -> false, leaderless);
    router = Router.router(vertx);
    router.get("/healthz").handler(context -> text(context, 200, "standby"));
    router.get("/readyz").handler(context -> text(context, 503, state()));
    router
        .get("/metrics")
        .handler(new AccessHandler(access, new Sessions(clock), metrics))
        .blockingHandler(context -> HttpDoors.exposition(context, metrics), false);
    AssetRoutes.mount(router);
    router.route().handler(this::elsewhere);
  }

  @Override
  public void handle(HttpServerRequest request) {
    router.handle(request);
  }

  private static void text(RoutingContext context, int status, String text) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(text + "\n");
  }

  private String state() {
    return leader.get().isPresent()
        ? "standby"
        : "no server leads, for " + leaderless.get().toSeconds() + " s";
  }

  private void elsewhere(RoutingContext context) {
    Optional<String> known = leader.get();
    // What answers differs from one moment to the next.
    context.response().putHeader("Cache-Control", "no-store");
    if (!wantsPage(context)) {
      json(context, known);
    } else if (reads(context) && known.filter(StandbyAnswers::reachable).isPresent()) {
      context
          .response()
          .setStatusCode(307)
          .putHeader("Location", known.get() + path(context))
          .end();
    } else {
      page(context, known);
    }
  }

  private static boolean wantsPage(RoutingContext context) {
    String accept = context.request().getHeader("Accept");
    return accept != null && accept.contains("text/html");
  }

  /** A form that changes something is not sent on: its session is this server's. */
  private static boolean reads(RoutingContext context) {
    HttpMethod method = context.request().method();
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private static boolean reachable(String leader) {
    String host = URI.create(leader).getHost();
    return host != null && !EVERYWHERE.contains(host);
  }

  /** Path and query; a request line may also name a host, which is not where to go. */
  private static String path(RoutingContext context) {
    String uri = context.request().uri();
    return uri.startsWith("/") ? uri : "/";
  }

  private void json(RoutingContext context, Optional<String> known) {
    JsonObject answer =
        new JsonObject()
            .put(
                "error",
                known
                    .map(url -> "this server stands by; " + url + " leads")
                    .orElse("this server stands by; a leader is being found"));
    known.ifPresentOrElse(
        url -> answer.put("leader", url),
        () -> answer.put("leaderlessSeconds", leaderless.get().toSeconds()));
    context
        .response()
        .setStatusCode(503)
        .putHeader("Retry-After", LATER_SECONDS)
        .putHeader("Content-Type", "application/json")
        .end(answer.encode());
  }

  private void page(RoutingContext context, Optional<String> known) {
    context
        .response()
        .setStatusCode(503)
        .putHeader("Retry-After", LATER_SECONDS)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .end(
            renderer.error(
                new Frame(clock.instant(), null, null, 0, false),
                known
                    .map(url -> standsBy(url, reads(context) ? path(context) : "/"))
                    .orElseGet(this::nobodyLeads)));
  }

  private static ErrorView standsBy(String leader, String path) {
    return new ErrorView(
        503,
        "This server stands by",
        "The server at " + leader + " leads; nothing was done here.",
        "Open the page there.",
        new Link(leader + path, leader + path));
  }

  private ErrorView nobodyLeads() {
    return new ErrorView(
        503,
        "No server leads",
        "Nothing has been judged and nobody told for "
            + Formats.duration(leaderless.get())
            + ", as far as this server sees. What was told before is kept.",
        "A successor is found within half a minute. When it takes longer, see whether the other"
            + " servers and ClickHouse are there and reach each other.",
        new Link("Metrics of this server", "/metrics"));
  }
}
