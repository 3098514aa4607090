package dev.tidemark.engine.server;

import dev.tidemark.engine.telemetry.EngineMetrics;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.NoSuchElementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers for requests that cannot be served: a status and a reason, never a stack trace. */
public final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  private Errors() {}

  /** Ends the response with a JSON body {@code {"error": reason}}. */
  public static void answer(RoutingContext context, int status, String reason) {
    if (context.response().ended() || context.response().headWritten()) {
      return;
    }
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("error", reason).toBuffer())
        .onFailure(gone -> LOG.debug("the client went away before its error arrived", gone));
  }

  /** Turns whatever failed into an answer, counts it, and logs what was our own fault. */
  static void handleFailure(RoutingContext context, EngineMetrics metrics) {
    Throwable failure = context.failure();
    int status = context.statusCode() > 0 ? context.statusCode() : 500;
    String reason;
    if (failure instanceof HttpException http) {
      status = http.getStatusCode();
      reason = http.getPayload() == null ? phrase(status) : http.getPayload();
    } else if (failure instanceof IllegalArgumentException || failure instanceof DecodeException) {
      status = 400;
      reason = String.valueOf(failure.getMessage());
    } else if (failure instanceof NoSuchElementException) {
      status = 404;
      reason = String.valueOf(failure.getMessage());
    } else if (failure != null) {
      status = 503;
      LOG.error("{} {} failed", context.request().method(), shown(context), failure);
      reason = "this could not be answered now; the reason is in the server's log";
      context.response().putHeader("Retry-After", "5");
    } else {
      reason = phrase(status);
    }
    metrics.requestRefused(status);
    answer(context, status, reason);
  }

  /** Tokens in paths are secrets. */
  private static String shown(RoutingContext context) {
    return context.normalizedPath().replaceFirst("^/(a|calendars)/.+", "/$1/…");
  }

  private static String phrase(int status) {
    return switch (status) {
      case 400 -> "the request cannot be understood";
      case 404 ->
          "there is nothing at this path; / leads to the pages and /openapi.yaml lists the API";
      case 405 -> "this path does not take this method";
      case 413 -> "the body is too large";
      case 415 -> "this content type is not taken here";
      default -> "the request was refused with status " + status;
    };
  }
}
