package dev.tidemark.alerting.notify.http;

import dev.tidemark.alerting.Delivery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON and says what the answer means. The timeout covers everything from connecting to the
 * last byte looked at; of the answer at most 2 KiB are read. Redirects are not followed, or a page
 * could end up where nobody meant it to go. Thread-safe.
 *
 * <table>
 * <caption>What answers mean</caption>
 * <tr><td>2xx</td><td>delivered</td></tr>
 * <tr><td>408, 425, 429, 5xx, no answer, a broken answer</td><td>again later; Retry-After is honoured</td></tr>
 * <tr><td>any other</td><td>rejected for good</td></tr>
 * </table>
 */
public final class HttpPost {
  private static final int SHOWN = 200;

  private final HttpClient client;
  private final URI uri;
  private final Map<String, String> headers;
  private final Duration timeout;
  private final String secret;

  /**
   * Prepares posts to one endpoint.
   *
   * @param headers besides {@code Content-Type} and {@code User-Agent}
   * @param secret removed from every reason; empty when there is none
   */
  public HttpPost(
      HttpClient client, URI uri, Map<String, String> headers, Duration timeout, String secret) {
    this.client = client;
    this.uri = uri;
    this.headers = Map.copyOf(headers);
    this.timeout = timeout;
    this.secret = secret;
  }

  /**
   * Posts one document.
   *
   * @param idempotencyKey sent as {@code Idempotency-Key}
   */
  public Delivery post(String json, String idempotencyKey) {
    CompletableFuture<HttpResponse<String>> answer;
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .timeout(timeout)
              .header("Content-Type", "application/json; charset=utf-8")
              .header("User-Agent", "Tidemark")
              .header("Idempotency-Key", idempotencyKey)
              .POST(HttpRequest.BodyPublishers.ofString(json));
      headers.forEach(request::setHeader);
      answer = client.sendAsync(request.build(), response -> new LimitedBody());
    } catch (IllegalArgumentException e) {
      return new Delivery.Rejected(clean("the request cannot be made: " + e.getMessage()));
    }
    try {
      return judge(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return new Delivery.Retry("no complete answer within " + timeout.toMillis() + " ms", null);
    } catch (ExecutionException e) {
      return new Delivery.Retry(clean(reason(e.getCause())), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Delivery.Retry("interrupted while sending", null);
    } finally {
      boolean unused = answer.cancel(true);
    }
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause instanceof IOException) {
      String message = cause.getMessage();
      return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }
    return String.valueOf(cause);
  }

  private Delivery judge(HttpResponse<String> response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return new Delivery.Delivered();
    }
    String said = "the receiver answered " + status + shown(response.body());
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      return new Delivery.Retry(said, retryAfter(response));
    }
    return new Delivery.Rejected(said);
  }

  private String shown(String body) {
    String line = body.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    if (line.isEmpty()) {
      return "";
    }
    return ": " + clean(line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line);
  }

  private String clean(String text) {
    return secret.isEmpty() ? text : text.replace(secret, "[secret]");
  }

  /** Seconds, or a date; a date is compared with the receiver's own, so that no clock is needed. */
  private static @Nullable Duration retryAfter(HttpResponse<String> response) {
    Optional<String> written = response.headers().firstValue("Retry-After").map(String::strip);
    if (written.isEmpty()) {
      return null;
    }
    try {
      if (written.get().matches("\\d{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(written.get()));
      }
      Optional<String> date = response.headers().firstValue("Date");
      if (date.isEmpty()) {
        return null;
      }
      Duration wait = Duration.between(httpDate(date.get()), httpDate(written.get()));
      return wait.isNegative() ? null : wait;
    } catch (DateTimeException e) {
      // An unreadable header is no header: the backoff is used.
      return null;
    }
  }

  private static ZonedDateTime httpDate(String text) {
    return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
  }
}
