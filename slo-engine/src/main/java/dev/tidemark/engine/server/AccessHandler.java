package dev.tidemark.engine.server;

import dev.tidemark.engine.planned.PlannedWork;
import dev.tidemark.engine.server.Access.Scope;
import dev.tidemark.engine.server.Access.Token;
import dev.tidemark.engine.telemetry.EngineMetrics;
import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through when its bearer token, or the session of a signed-in person, has the scope
 * that the path asks for. Runs on event loops; holds no state of its own.
 *
 * <p>Without tokens everybody on this machine may do everything. Two checks then keep web pages of
 * other sites from acting through a browser that runs here: the Host has to be a loopback name (DNS
 * rebinding), and a request that changes something must not carry a foreign Origin.
 */
final class AccessHandler implements Handler<RoutingContext> {
  /** Under this key a handler finds who asks, for the audit trail. */
  static final String ACTOR = "tidemark.actor";

  /** Under this key a page finds who signed in; absent for everybody else. */
  static final String PERSON = "tidemark.person";

  /** The token in the path is the permission; below it is nothing. */
  private static final Pattern SIGNED_LINK = Pattern.compile("/a/[^/]+|/calendars/[^/]+\\.ics");

  private static final Pattern LOOPBACK_IPV4 = Pattern.compile("127(?:\\.\\d{1,3}){3}");

  private final Access access;
  private final Sessions sessions;
  private final EngineMetrics metrics;

  AccessHandler(Access access, Sessions sessions, EngineMetrics metrics) {
    this.access = access;
    this.sessions = sessions;
    this.metrics = metrics;
  }

  @Override
  public void handle(RoutingContext context) {
    Scope wanted = scopeOf(context.request().method(), context.normalizedPath());
    if (wanted == null) {
      context.next();
      return;
    }
    if (changes(context.request().method()) && isForeignOrigin(context)) {
      refuse(
          context,
          403,
          "this request comes from a page of another site, so it may not change anything here");
      return;
    }
    if (access.isOpen()) {
      if (!isLoopbackName(context.request().authority())) {
        refuse(
            context,
            403,
            "without tokens Tidemark answers only to localhost and 127.0.0.1; configure tokens to reach it by another name");
        return;
      }
      context.put(ACTOR, PlannedWork.ANYBODY);
      context.next();
      return;
    }
    Optional<Token> bearer = bearer(context);
    if (bearer.isEmpty()) {
      if (isPage(context)) {
        context.redirect(
            "/signin?next=" + URLEncoder.encode(context.request().uri(), StandardCharsets.UTF_8));
        return;
      }
      context.response().putHeader("WWW-Authenticate", "Bearer realm=\"tidemark\"");
      refuse(context, 401, "send a token as 'Authorization: Bearer …'");
    } else if (!Access.allows(bearer.get(), wanted)) {
      refuse(
          context,
          403,
          "the token '"
              + bearer.get().name()
              + "' lacks the scope "
              + wanted.name().toLowerCase(Locale.ROOT));
    } else {
      context.put(ACTOR, bearer.get().name());
      context.next();
    }
  }

  private void refuse(RoutingContext context, int status, String reason) {
    metrics.requestRefused(status);
    Errors.answer(context, status, reason);
  }

  private Optional<Token> bearer(RoutingContext context) {
    String header = context.request().getHeader("Authorization");
    if (header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return access.bearer(header.substring(7).trim());
    }
    Cookie cookie = context.request().getCookie(Sessions.COOKIE);
    if (cookie == null) {
      return Optional.empty();
    }
    Optional<Token> person = sessions.find(cookie.getValue());
    person.ifPresent(token -> context.put(PERSON, token.name()));
    return person;
  }

  /** Returns the scope that a path asks for, or null where anybody may look. */
  static @Nullable Scope scopeOf(HttpMethod method, String path) {
    if (path.equals("/healthz")
        || path.equals("/readyz")
        || path.equals("/signin")
        || path.equals("/signout")
        || path.equals("/openapi.yaml")
        || path.startsWith("/assets/")
        || SIGNED_LINK.matcher(path).matches()) {
      return null;
    }
    if (path.startsWith("/v1/")
        || (path.startsWith("/api/v1/lineage") && changes(method))
        || (path.equals("/api/v2/alerts") && changes(method))
        || path.startsWith("/ping/")) {
      return Scope.INGEST;
    }
    if (path.equals("/api/v1/audit")) {
      return Scope.ADMIN;
    }
    // Both send definitions, and change nothing.
    if (path.equals("/api/v1/backtests") || path.equals("/api/v1/definitions/unmatched")) {
      return Scope.READ;
    }
    return changes(method) ? Scope.OPERATE : Scope.READ;
  }

  private static boolean changes(HttpMethod method) {
    return !(method.equals(HttpMethod.GET)
        || method.equals(HttpMethod.HEAD)
        || method.equals(HttpMethod.OPTIONS));
  }

  private static boolean isPage(RoutingContext context) {
    String accept = context.request().getHeader("Accept");
    return accept != null && accept.contains("text/html");
  }

  private static boolean isForeignOrigin(RoutingContext context) {
    String origin = context.request().getHeader("Origin");
    if (origin == null) {
      return false;
    }
    HostAndPort own = context.request().authority();
    try {
      URI uri = new URI(origin);
      return own == null
          || uri.getHost() == null
          || !uri.getHost().equalsIgnoreCase(own.host())
          || (effectivePort(uri) != own.port() && own.port() > 0);
    } catch (URISyntaxException e) {
      return true;
    }
  }

  private static int effectivePort(URI uri) {
    return uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private static boolean isLoopbackName(@Nullable HostAndPort authority) {
    if (authority == null) {
      return true;
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || LOOPBACK_IPV4.matcher(host).matches()
        || host.equals("::1")
        || host.equals("[::1]");
  }
}
