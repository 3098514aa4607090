package dev.tidemark.engine.server;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.engine.server.Access.Scope;
import dev.tidemark.engine.server.Access.Token;
import dev.tidemark.engine.server.ServerConfig.Listen;
import dev.tidemark.engine.telemetry.EngineMetrics;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ports: pages, API and OTLP/HTTP on one, OTLP/HTTP and OTLP/gRPC on their usual ones beside
 * it. A port is taken before anything else starts, so that a busy one is said at once; requests
 * that come before the doors open are told to come back.
 */
final class HttpDoors {
  // A second slash or a backslash would make a browser read a host name.
  private static final Pattern LOCAL_PATH = Pattern.compile("/(?![/\\\\])[^\\p{Cntrl}\\\\]*");

  private final Listen listen;
  private final Access access;
  private final Sessions sessions;
  private final EngineMetrics metrics;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Router> router = new AtomicReference<>();

  HttpDoors(Listen listen, Access access, Clock clock, EngineMetrics metrics) {
    this.listen = listen;
    this.access = access;
    this.sessions = new Sessions(clock);
    this.metrics = metrics;
  }

  /** Takes the HTTP ports and returns the main one's address. */
  URI reserve(Vertx vertx) throws StartupException {
    int port = listen(vertx, "--port", listen.port(), this::route);
    if (listen.otlpHttpPort() >= 0) {
      listen(vertx, "--otlp-http-port", listen.otlpHttpPort(), this::route);
    }
    return URI.create("http://" + listen.host() + ":" + port);
  }

  /**
   * Builds the routes and lets requests in.
   *
   * @param signInAudit takes an action and its actor; returns at once
   */
  void open(
      Vertx vertx,
      Consumer<Router> routes,
      Handler<HttpServerRequest> grpc,
      BiConsumer<String, String> signInAudit)
      throws StartupException {
    Router all = Router.router(vertx);
    all.route().handler(new AccessHandler(access, sessions, metrics));
    all.get("/healthz").handler(context -> text(context, "ok\n"));
    all.get("/readyz").handler(context -> text(context, "ready\n"));
    all.get("/metrics")
        .blockingHandler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(metrics.exposition()),
            false);
    all.post("/signin")
        .handler(BodyHandler.create(false).setBodyLimit(4_096))
        .handler(context -> signIn(context, signInAudit));
    all.post("/signout").handler(this::signOut);
    routes.accept(all);
    for (int status : new int[] {400, 403, 404, 405, 409, 413, 415, 429, 500, 503}) {
      all.errorHandler(status, context -> Errors.handleFailure(context, metrics));
    }
    router.set(all);
    if (listen.otlpGrpcPort() >= 0) {
      listen(vertx, "--otlp-grpc-port", listen.otlpGrpcPort(), request -> grpc(request, grpc));
    }
  }

  @CanIgnoreReturnValue
  private int listen(Vertx vertx, String option, int port, Handler<HttpServerRequest> handler)
      throws StartupException {
    try {
      HttpServer server =
          vertx
              .createHttpServer(
                  new HttpServerOptions()
                      .setHost(listen.host())
                      .setPort(port)
                      .setTcpNoDelay(true)
                      .setCompressionSupported(false)
                      .setHandle100ContinueAutomatically(true)
                      .setMaxFormAttributeSize(64 * 1024))
              .requestHandler(handler)
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .orTimeout(10, TimeUnit.SECONDS)
              .join();
      servers.add(server);
      return server.actualPort();
    } catch (CompletionException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new StartupException(
          "port "
              + port
              + " cannot be had ("
              + reason.getMessage()
              + "); stop who holds it, or choose another with "
              + option,
          e);
    }
  }

  private void route(HttpServerRequest request) {
    Router open = router.get();
    if (open != null) {
      open.handle(request);
    } else {
      request
          .response()
          .setStatusCode(503)
          .putHeader("Retry-After", "2")
          .putHeader("Content-Type", "application/json")
          .end("{\"error\":\"Tidemark is starting; come back in a moment\"}");
    }
  }

  private void grpc(HttpServerRequest request, Handler<HttpServerRequest> handler) {
    if (access.isOpen()) {
      handler.handle(request);
      return;
    }
    String header = request.getHeader("authorization");
    Optional<Token> token =
        header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
            ? access.bearer(header.substring(7).trim())
            : Optional.empty();
    if (token.isPresent() && Access.allows(token.get(), Scope.INGEST)) {
      handler.handle(request);
    } else {
      metrics.requestRefused(token.isPresent() ? 403 : 401);
      // 16 is UNAUTHENTICATED, 7 PERMISSION_DENIED in gRPC's status codes.
      request
          .response()
          .putHeader("content-type", "application/grpc")
          .putTrailer("grpc-status", token.isPresent() ? "7" : "16")
          .putTrailer("grpc-message", "send a token with scope ingest as metadata authorization")
          .end();
    }
  }

  private void signIn(RoutingContext context, BiConsumer<String, String> audit) {
    String secret = context.request().getFormAttribute("token");
    Optional<Token> token = secret == null ? Optional.empty() : access.bearer(secret.trim());
    String next = localPath(context.request().getFormAttribute("next"));
    if (token.isEmpty()) {
      metrics.requestRefused(401);
      audit.accept("sign-in refused", "unknown");
      context.redirect("/signin?problem=1&next=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
      return;
    }
    audit.accept("signed in", token.get().name());
    context
        .response()
        .addCookie(
            Cookie.cookie(Sessions.COOKIE, sessions.open(token.get()))
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setPath("/")
                .setMaxAge(Sessions.LIFE.toSeconds()));
    context.response().setStatusCode(303).putHeader("Location", next).end();
  }

  /** Returns the path, or {@code /} for what could lead a browser to another site. */
  private static String localPath(@Nullable String path) {
    return path != null && LOCAL_PATH.matcher(path).matches() ? path : "/";
  }

  private void signOut(RoutingContext context) {
    Cookie cookie = context.request().getCookie(Sessions.COOKIE);
    if (cookie != null) {
      sessions.close(cookie.getValue());
    }
    context
        .response()
        .addCookie(Cookie.cookie(Sessions.COOKIE, "").setPath("/").setMaxAge(0))
        .setStatusCode(303)
        .putHeader("Location", "/signin")
        .end();
  }

  private static void text(RoutingContext context, String text) {
    context.response().putHeader("Content-Type", "text/plain; charset=utf-8").end(text);
  }

  /** Takes nothing more; what is under way is finished. */
  void close() {
    for (HttpServer server : servers) {
      server
          .shutdown(5, TimeUnit.SECONDS)
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    }
  }
}
