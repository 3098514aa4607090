package dev.tidemark.alerting.notify.opsgenie;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.UndeliveredException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks Opsgenie what became of a request that it answered with 202, which says no more than that it
 * will look at it ("Get Request Status" of its Alert API). Until it has, it answers 404.
 * Thread-safe.
 */
final class RequestResults {
  private static final int NOT_PROCESSED = 404;

  private final Endpoint endpoint;
  private final List<Duration> pauses;

  /**
   * Prepares to ask.
   *
   * @param pauses before each time that it is asked; after the last one it is left alone
   */
  RequestResults(Endpoint endpoint, List<Duration> pauses) {
    this.endpoint = endpoint;
    this.pauses = List.copyOf(pauses);
  }

  /**
   * Returns why a request failed; empty when it went well, and when that cannot be learnt: what was
   * accepted counts then, because a key may be allowed to write and not to read.
   *
   * @param accepted the answer to the request
   */
  Optional<String> failure(JsonNode accepted) {
    String id = accepted.path("requestId").asText();
    if (id.isEmpty()) {
      return Optional.empty();
    }
    String path =
        "/v2/alerts/requests/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    for (Duration pause : pauses) {
      try {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        JsonNode result = endpoint.call("GET", path, null).path("data");
        boolean failed =
            result.path("isSuccess").isBoolean() && !result.get("isSuccess").asBoolean();
        return failed ? Optional.of(reason(result)) : Optional.empty();
      } catch (UndeliveredException e) {
        if (e.status() != NOT_PROCESSED) {
          return Optional.empty();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private String reason(JsonNode result) {
    String status = endpoint.shown(result.path("status").asText());
    return status.isEmpty() ? "no reason given" : status;
  }
}
