package dev.tidemark.alerting.notify.slack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.notify.http.Recent;
import dev.tidemark.alerting.notify.http.UndeliveredException;
import dev.tidemark.alerting.route.Receiver;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one message per incident in a Slack channel: posted once, then updated, with the news in
 * its thread; a rise to a page and a reopening are shown in the channel too. Which message it is
 * stands in the message's own metadata, and is read from the channel's history after a restart,
 * from the incident's opening on. A message that was posted although the answer was lost is found
 * the same way. A reply whose answer was lost is said twice.
 */
public final class SlackBotNotifier implements PreviewedNotifier {
  private static final String EVENT = "tidemark_incident";

  /** The clocks of Slack and ours differ, and the first message may have waited in the outbox. */
  private static final Duration CLOCK_MARGIN = Duration.ofMinutes(5);

  private static final int PAGES = 20;

  /** What Slack calls its own troubles; anything else will not go away by itself. */
  private static final Set<String> PASSING =
      Set.of(
          "ratelimited",
          "rate_limited",
          "internal_error",
          "fatal_error",
          "service_unavailable",
          "request_timeout",
          "team_added_to_org",
          "message_limit_exceeded");

  private static final Set<String> GONE =
      Set.of("message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed");

  private final Endpoint endpoint;
  private final SlackMessage message;
  private final String channel;
  private final Recent<Posted> recent = new Recent<>();

  /** A message and the notification that it was posted for. */
  private record Posted(String ts, String notificationId) {}

  /** Prepares one channel. */
  public SlackBotNotifier(HttpSender sender, Receiver receiver, Receiver.SlackBot slack) {
    this.channel = slack.channel();
    this.message = new SlackMessage(receiver.templates());
    String token = slack.token().reveal();
    this.endpoint =
        new Endpoint(
            sender,
            receiver,
            slack.url(),
            Map.of("Authorization", "Bearer " + token),
            slack.timeout(),
            List.of(token),
            "");
  }

  @Override
  public Delivery deliver(Notification notification) {
    try {
      Posted posted = recent.get(notification.dedupKey());
      if (posted == null) {
        posted = find(notification);
      }
      if (posted == null) {
        post(notification);
      } else if (!posted.notificationId().equals(notification.id())) {
        change(notification, posted);
      }
      return new Delivery.Delivered();
    } catch (UndeliveredException e) {
      return e.delivery();
    }
  }

  @Override
  public String preview(Notification notification) {
    return endpoint.show("POST", "/chat.postMessage", first(notification));
  }

  private Map<String, Object> first(Notification notification) {
    Map<String, Object> body = content(notification, notification.id());
    body.put("unfurl_links", false);
    body.put("unfurl_media", false);
    return body;
  }

  private Map<String, Object> content(Notification notification, String postedFor) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("channel", channel);
    body.putAll(message.of(notification));
    body.put(
        "metadata",
        Map.of(
            "event_type",
            EVENT,
            "event_payload",
            Map.of(
                "dedup_key",
                notification.dedupKey(),
                "notification_id",
                postedFor,
                "incident_id",
                notification.incident().id())));
    return body;
  }

  private void post(Notification notification) throws UndeliveredException {
    JsonNode answer = call("/chat.postMessage", first(notification));
    String ts = answer.path("ts").asText();
    if (ts.isEmpty()) {
      throw new UndeliveredException(
          new Delivery.Retry("Slack answered ok without saying which message it is", null));
    }
    recent.put(notification.dedupKey(), new Posted(ts, notification.id()));
  }

  private void change(Notification notification, Posted posted) throws UndeliveredException {
    Map<String, Object> update = content(notification, posted.notificationId());
    update.put("ts", posted.ts());
    String gone = tell("/chat.update", update);
    if ("message_not_found".equals(gone)) {
      // Somebody has deleted it; the incident gets a new one.
      recent.forget(notification.dedupKey());
      post(notification);
      return;
    }
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("channel", channel);
    reply.put("thread_ts", posted.ts());
    reply.put("text", message.news(notification));
    reply.put("unfurl_links", false);
    reply.put("unfurl_media", false);
    if (notification.kind() == NotificationKind.ESCALATED
        || notification.kind() == NotificationKind.TRIGGERED) {
      reply.put("reply_broadcast", true);
    }
    String refused = tell("/chat.postMessage", reply);
    if (refused != null) {
      recent.forget(notification.dedupKey());
      post(notification);
      return;
    }
    recent.put(notification.dedupKey(), posted);
  }

  /** Returns null when all is well, or why the message cannot be changed any more. */
  private @Nullable String tell(String method, Map<String, Object> body)
      throws UndeliveredException {
    JsonNode answer = endpoint.call("POST", method, body);
    String error = answer.path("error").asText();
    if (GONE.contains(error)) {
      return error;
    }
    check(method, answer);
    return null;
  }

  private JsonNode call(String method, Map<String, Object> body) throws UndeliveredException {
    JsonNode answer = endpoint.call("POST", method, body);
    check(method, answer);
    return answer;
  }

  /** Slack says 200 and {@code ok: false}. */
  private static void check(String method, JsonNode answer) throws UndeliveredException {
    if (answer.path("ok").asBoolean()) {
      return;
    }
    String error = answer.path("error").asText();
    String reason =
        "Slack answered "
            + (error.isEmpty() ? "neither ok nor an error" : error.replaceAll("[^a-z0-9_]", ""))
            + " to "
            + method.substring(1);
    throw new UndeliveredException(
        error.isEmpty() || PASSING.contains(error)
            ? new Delivery.Retry(reason, null)
            : new Delivery.Rejected(reason + advice(error)));
  }

  private static String advice(String error) {
    return switch (error) {
      case "not_in_channel", "channel_not_found" -> "; invite the app to the channel";
      case "missing_scope" ->
          "; the app needs the scopes chat:write and channels:history (groups:history for a"
              + " private channel)";
      case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive" ->
          "; check the token";
      default -> "";
    };
  }

  private @Nullable Posted find(Notification notification) throws UndeliveredException {
    Instant oldest = notification.incident().openedAt().minus(CLOCK_MARGIN);
    String query =
        "/conversations.history?channel="
            + channel
            + "&include_all_metadata=true&limit=200&oldest="
            + oldest.getEpochSecond()
            + ".000000";
    String cursor = "";
    for (int page = 0; page < PAGES; page++) {
      JsonNode answer =
          endpoint.call(
              "GET",
              cursor.isEmpty()
                  ? query
                  : query + "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8),
              null);
      check("/conversations.history", answer);
      for (JsonNode found : answer.path("messages")) {
        JsonNode metadata = found.path("metadata");
        JsonNode payload = metadata.path("event_payload");
        if (metadata.path("event_type").asText().equals(EVENT)
            && payload.path("dedup_key").asText().equals(notification.dedupKey())) {
          Posted posted =
              new Posted(found.path("ts").asText(), payload.path("notification_id").asText());
          recent.put(notification.dedupKey(), posted);
          return posted;
        }
      }
      cursor = answer.path("response_metadata").path("next_cursor").asText();
      if (cursor.isEmpty()) {
        break;
      }
    }
    return null;
  }
}
