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
import java.util.function.BooleanSupplier;
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
  private final Handler<HttpServerRequest> whileShut;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Handler<HttpServerRequest>> router =
      new AtomicReference<>();
  private final AtomicReference<@Nullable Handler<HttpServerRequest>> grpc =
      new AtomicReference<>();
  private boolean grpcTaken;

  /**
   * Names what listens where.
   *
   * @param whileShut answers requests while the doors are not open
   */
  HttpDoors(Listen listen, Access access, Clock clock, Handler<HttpServerRequest> whileShut) {
    this.listen = listen;
    this.access = access;
    this.sessions = new Sessions(clock);
    this.whileShut = whileShut;
  }

  /** Answers that Tidemark is about to start. */
  static void starting(HttpServerRequest request) {
    request
        .response()
        .setStatusCode(503)
        .putHeader("Retry-After", "2")
        .putHeader("Content-Type", "application/json")
        .end("{\"error\":\"Tidemark is starting; come back in a moment\"}");
  }

  /** Takes the HTTP ports and returns the main one's address. */
  URI reserve(Vertx vertx) throws StartupException {
    int port = listen(vertx, "--port", listen.port(), this::route);
    if (listen.otlpHttpPort() >= 0) {
      listen(vertx, "--otlp-http-port", listen.otlpHttpPort(), this::route);
    }
    return URI.create("http://" + listen.host() + ":" + port);
  }

  /** Takes the gRPC port too, although nobody is let in yet. */
  void reserveGrpc(Vertx vertx) throws StartupException {
    if (listen.otlpGrpcPort() >= 0 && !grpcTaken) {
      listen(vertx, "--otlp-grpc-port", listen.otlpGrpcPort(), this::routeGrpc);
      grpcTaken = true;
    }
  }

  /**
   * Builds the routes and lets requests in.
   *
   * @param metrics counts what is refused, and is what {@code /metrics} shows
   * @param held whether somebody may be let in now; asked for each request
   * @param signInAudit takes an action and its actor; returns at once
   */
  void open(
      Vertx vertx,
      Consumer<Router> routes,
      Handler<HttpServerRequest> grpcHandler,
      EngineMetrics metrics,
      BooleanSupplier held,
      BiConsumer<String, String> signInAudit)
      throws StartupException {
    Router all = Router.router(vertx);
    all.route().handler(new AccessHandler(access, sessions, metrics));
    all.get("/healthz").handler(context -> text(context, "ok\n"));
    all.get("/readyz").handler(context -> text(context, "ready\n"));
    all.get("/metrics").blockingHandler(context -> exposition(context, metrics), false);
    all.post("/signin")
        .handler(BodyHandler.create(false).setBodyLimit(4_096))
        .handler(context -> signIn(context, metrics, signInAudit));
    all.post("/signout").handler(this::signOut);
    routes.accept(all);
    for (int status : new int[] {400, 403, 404, 405, 409, 413, 415, 429, 500, 503}) {
      all.errorHandler(status, context -> Errors.handleFailure(context, metrics));
    }
    grpc.set(
        request -> {
          if (held.getAsBoolean()) {
            grpc(request, metrics, grpcHandler);
          } else {
            unavailable(request);
          }
        });
    router.set(request -> (held.getAsBoolean() ? all : whileShut).handle(request));
    reserveGrpc(vertx);
  }

  /** Lets nobody in any more; the ports stay taken. */
  void shut() {
    router.set(null);
    grpc.set(null);
  }

  static void exposition(RoutingContext context, EngineMetrics metrics) {
    context
        .response()
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .end(metrics.exposition());
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
    Handler<HttpServerRequest> open = router.get();
    (open != null ? open : whileShut).handle(request);
  }

  private void routeGrpc(HttpServerRequest request) {
    Handler<HttpServerRequest> open = grpc.get();
    if (open != null) {
      open.handle(request);
    } else {
      unavailable(request);
    }
  }

  private static void unavailable(HttpServerRequest request) {
    // 14 is UNAVAILABLE, upon which every OTLP sender tries again.
    request
        .response()
        .putHeader("content-type", "application/grpc")
        .putTrailer("grpc-status", "14")
        .putTrailer("grpc-message", "this server does not lead")
        .end();
  }

  private void grpc(
      HttpServerRequest request, EngineMetrics metrics, Handler<HttpServerRequest> handler) {
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

  private void signIn(
      RoutingContext context, EngineMetrics metrics, BiConsumer<String, String> audit) {
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
