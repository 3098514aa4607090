package dev.tidemark.alerting.notify.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.route.Receiver;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One receiver's HTTP endpoint: sends JSON and says what the answer means. The timeout covers
 * everything from connecting to the last byte looked at. Redirects are not followed, or a page
 * could end up where nobody meant it to go. No reason contains a secret. Thread-safe.
 *
 * <table>
 * <caption>What answers mean</caption>
 * <tr><td>2xx</td><td>delivered</td></tr>
 * <tr><td>408, 425, 429, 5xx, no answer, a broken answer, 403 that is a rate limit</td><td>again
 * later; Retry-After is honoured</td></tr>
 * <tr><td>any other, an address that is refused</td><td>rejected for good</td></tr>
 * </table>
 */
public final class Endpoint {
  /** The longest document that is read: a page of issues with their texts. */
  private static final int DOCUMENT_BYTES = 8 * 1024 * 1024;

  private static final int REASON_BYTES = 2048;
  private static final int SHOWN = 200;

  private final HttpSender sender;
  private final String base;
  private final Map<String, String> headers;
  private final Duration timeout;
  private final boolean privateAllowed;
  private final Redaction redaction;

  /**
   * Prepares an endpoint below a root.
   *
   * @param path appended to the root
   */
  public Endpoint(
      HttpSender sender,
      Receiver receiver,
      String root,
      Map<String, String> headers,
      Duration timeout,
      List<String> secrets,
      String path) {
    this(sender, receiver, withoutSlash(root) + path, headers, timeout, secrets);
  }

  /**
   * Prepares one endpoint.
   *
   * @param base what paths are appended to
   * @param headers besides {@code Content-Type} and {@code User-Agent}
   * @param secrets removed from every reason and preview, the address too when it is one of them
   */
  public Endpoint(
      HttpSender sender,
      Receiver receiver,
      String base,
      Map<String, String> headers,
      Duration timeout,
      List<String> secrets) {
    this.sender = sender;
    this.base = base;
    this.headers = Map.copyOf(headers);
    this.timeout = timeout;
    this.privateAllowed = receiver.allowPrivate();
    this.redaction = new Redaction(secrets);
  }

  /**
   * Prepares the root of an API that speaks JSON and wants whoever asks to sign in.
   *
   * @param username of the password; null for a bearer token
   * @param secret the password or token; removed from every reason and preview
   */
  public static Endpoint signedIn(
      HttpSender sender,
      Receiver receiver,
      String root,
      @Nullable String username,
      String secret,
      Duration timeout) {
    String authorization = Authorization.of(username, secret);
    return new Endpoint(
        sender,
        receiver,
        root,
        Map.of("Authorization", authorization, "Accept", "application/json"),
        timeout,
        List.of(secret, authorization),
        "");
  }

  private static String withoutSlash(String root) {
    return root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
  }

  /**
   * Posts one document to the address itself.
   *
   * @param idempotencyKey sent as {@code Idempotency-Key}
   * @param more headers of this request
   */
  public Delivery post(String json, String idempotencyKey, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.put("Idempotency-Key", idempotencyKey);
    try {
      Answer unused = exchange("POST", "", json, all, REASON_BYTES);
      return new Delivery.Delivered();
    } catch (UndeliveredException e) {
      return e.delivery();
    }
  }

  /**
   * Sends one request and returns the document that comes back.
   *
   * @param path appended to the address, with its query
   * @param body written as JSON; null for none
   * @throws UndeliveredException when the answer is not 2xx with JSON
   */
  public JsonNode call(String method, String path, @Nullable Object body)
      throws UndeliveredException {
    Answer answer =
        exchange(
            method, path, body == null ? null : AlertingJson.write(body), Map.of(), DOCUMENT_BYTES);
    try {
      return AlertingJson.read(answer.body(), JsonNode.class);
    } catch (IllegalArgumentException e) {
      throw new UndeliveredException(
          new Delivery.Retry(
              "the receiver answered "
                  + answer.status()
                  + " with something that is no JSON"
                  + colon(answer.body()),
              null),
          answer.status());
    }
  }

  /**
   * Sends one request of which only the status matters.
   *
   * @throws UndeliveredException when the answer is not 2xx
   */
  public void send(String method, String path, @Nullable Object body) throws UndeliveredException {
    Answer unused =
        exchange(
            method, path, body == null ? null : AlertingJson.write(body), Map.of(), REASON_BYTES);
  }

  /**
   * Sends one request whose answer may say more.
   *
   * @return the document that came back; missing when it was none
   * @throws UndeliveredException when the answer is not 2xx
   */
  public JsonNode ask(String method, String path, @Nullable Object body)
      throws UndeliveredException {
    Answer answer =
        exchange(
            method, path, body == null ? null : AlertingJson.write(body), Map.of(), REASON_BYTES);
    try {
      return AlertingJson.read(answer.body(), JsonNode.class);
    } catch (IllegalArgumentException e) {
      return MissingNode.getInstance();
    }
  }

  /** Returns what a receiver said on one line, cut and without secrets; may be empty. */
  public String shown(String said) {
    String line = redaction.clean(said).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
  }

  /** Returns the request as text, as it would be sent, without its secrets. */
  public String show(String method, String path, @Nullable Object body) {
    StringBuilder text = new StringBuilder(method + " " + redaction.clean(base + path));
    new TreeMap<>(headers)
        .forEach(
            (name, value) ->
                text.append('\n').append(name).append(": ").append(redaction.clean(value)));
    if (body != null) {
      text.append("\n\n").append(redaction.clean(AlertingJson.pretty(body)));
    }
    return text.toString();
  }

  private Answer exchange(
      String method, String path, @Nullable String json, Map<String, String> more, int bytes)
      throws UndeliveredException {
    Answer answer;
    try {
      Map<String, String> all = new HashMap<>(headers);
      all.putAll(more);
      answer =
          sender.send(
              new HttpSender.Request(
                  method, URI.create(base + path), all, json, bytes, privateAllowed),
              timeout);
    } catch (IllegalArgumentException e) {
      throw new UndeliveredException(
          new Delivery.Rejected(redaction.clean("the request cannot be made: " + e.getMessage())));
    } catch (RefusedAddressException e) {
      throw new UndeliveredException(new Delivery.Rejected(String.valueOf(e.getMessage())));
    } catch (TimeoutException e) {
      throw new UndeliveredException(
          new Delivery.Retry("no complete answer within " + timeout.toMillis() + " ms", null));
    } catch (IOException e) {
      String message = e.getMessage();
      throw new UndeliveredException(
          new Delivery.Retry(
              redaction.clean(
                  e.getClass().getSimpleName() + (message == null ? "" : ": " + message)),
              null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UndeliveredException(new Delivery.Retry("interrupted while sending", null));
    }
    if (answer.status() < 200 || answer.status() >= 300) {
      throw new UndeliveredException(judge(answer), answer.status());
    }
    return answer;
  }

  private Delivery judge(Answer answer) {
    int status = answer.status();
    String said = "the receiver answered " + status + colon(answer.body());
    if (status == 408 || status == 425 || status == 429 || status >= 500 || limited(answer)) {
      return new Delivery.Retry(said, retryAfter(answer));
    }
    return new Delivery.Rejected(said);
  }

  /** GitHub says 403 for its rate limits; a refusal carries neither of these headers. */
  private static boolean limited(Answer answer) {
    return answer.status() == 403
        && (answer.header("retry-after").isPresent()
            || answer.header("x-ratelimit-remaining").equals(Optional.of("0")));
  }

  private String colon(String body) {
    String line = shown(body);
    return line.isEmpty() ? "" : ": " + line;
  }

  /** Seconds, or a date; a date is compared with the receiver's own, so that no clock is needed. */
  private static @Nullable Duration retryAfter(Answer answer) {
    Optional<String> written = answer.header("retry-after").map(String::strip);
    Optional<String> reset = answer.header("x-ratelimit-reset").map(String::strip);
    try {
      if (written.isPresent() && written.get().matches("\\d{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(written.get()));
      }
      Optional<String> date = answer.header("date");
      if (date.isEmpty()) {
        return null;
      }
      Instant there = httpDate(date.get());
      Duration wait;
      if (written.isPresent()) {
        wait = Duration.between(there, httpDate(written.get()));
      } else if (reset.isPresent() && reset.get().matches("\\d{1,11}")) {
        wait = Duration.between(there, Instant.ofEpochSecond(Long.parseLong(reset.get())));
      } else {
        return null;
      }
      return wait.isNegative() ? null : wait;
    } catch (DateTimeException e) {
      // An unreadable header is no header: the backoff is used.
      return null;
    }
  }

  private static Instant httpDate(String text) {
    return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }
}
