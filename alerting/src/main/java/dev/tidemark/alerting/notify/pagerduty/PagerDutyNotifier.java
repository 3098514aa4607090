package dev.tidemark.alerting.notify.pagerduty;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.notify.text.NotificationText;
import dev.tidemark.alerting.notify.text.TemplateText;
import dev.tidemark.alerting.notify.text.Wording;
import dev.tidemark.alerting.route.Receiver;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to PagerDuty's Events API v2: {@code trigger}, {@code acknowledge} and {@code
 * resolve} under one dedup key, so that PagerDuty keeps one incident. Updates and repeats are
 * triggers too, which PagerDuty adds to the open incident without calling anybody again.
 */
public final class PagerDutyNotifier implements PreviewedNotifier {
  /** PagerDuty refuses longer ones. */
  private static final int SUMMARY_LENGTH = 1024;

  private static final int KEY_LENGTH = 255;

  private final Endpoint endpoint;
  private final String routingKey;
  private final @Nullable TemplateText image;

  /** Prepares one integration. */
  public PagerDutyNotifier(HttpSender sender, Receiver receiver, Receiver.PagerDuty pagerDuty) {
    this.routingKey = pagerDuty.routingKey().reveal();
    String source = pagerDuty.image();
    this.image =
        source == null
            ? null
            : TemplateText.compile(
                source,
                value -> URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    this.endpoint =
        new Endpoint(
            sender, receiver, pagerDuty.url(), Map.of(), pagerDuty.timeout(), List.of(routingKey));
  }

  @Override
  public Delivery deliver(Notification notification) {
    return endpoint.post(AlertingJson.write(event(notification)), notification.id(), Map.of());
  }

  @Override
  public String preview(Notification notification) {
    return endpoint.show("POST", "", event(notification));
  }

  private Map<String, Object> event(Notification notification) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("routing_key", routingKey);
    event.put("event_action", action(notification.kind()));
    event.put("dedup_key", Wording.cut(notification.dedupKey(), KEY_LENGTH));
    if (action(notification.kind()).equals("trigger")) {
      NotificationText text = NotificationText.of(notification);
      event.put("payload", payload(notification, text));
      String picture = image == null ? null : image.applyOrNull(notification);
      if (picture != null) {
        event.put(
            "images",
            List.of(
                Map.of(
                    "src",
                    picture,
                    "href",
                    text.incidentUrl(),
                    "alt",
                    Wording.cut(text.headline(), KEY_LENGTH))));
      }
      event.put("links", links(text));
      event.put("client", "Tidemark");
      event.put("client_url", text.incidentUrl());
    }
    return event;
  }

  private static String action(NotificationKind kind) {
    return switch (kind) {
      case TRIGGERED, ESCALATED, UPDATED, REPEATED -> "trigger";
      case ACKNOWLEDGED -> "acknowledge";
      case RESOLVED -> "resolve";
    };
  }

  private static Map<String, Object> payload(Notification notification, NotificationText text) {
    Incident incident = notification.incident();
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put(
        "summary", Wording.cut(text.headline() + " – cause: " + text.cause(), SUMMARY_LENGTH));
    payload.put("source", text.dataset());
    payload.put("severity", incident.severity() == Severity.PAGE ? "critical" : "warning");
    payload.put("timestamp", notification.at());
    payload.put("component", incident.causeKey());
    payload.put("group", incident.lead().labels().getOrDefault("domain", text.dataset()));
    payload.put("class", text.objective());
    payload.put("custom_details", details(text));
    return payload;
  }

  private static Map<String, Object> details(NotificationText text) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("incident", text.incidentId());
    details.put("note", text.note());
    details.putAll(text.facts());
    details.put("evidence", text.evidence());
    details.put("path", text.path());
    details.put("hurt", text.hurt());
    details.put("symptoms", text.symptoms());
    return details;
  }

  private static List<Map<String, String>> links(NotificationText text) {
    List<Map<String, String>> links = new ArrayList<>();
    links.add(Map.of("href", text.incidentUrl(), "text", text.link()));
    String runbook = text.runbookUrl();
    if (runbook != null) {
      links.add(Map.of("href", runbook, "text", "Runbook: " + text.runbookTitle()));
    }
    String acknowledge = text.acknowledgeUrl();
    String silence = text.silenceUrl();
    String backfill = text.backfillUrl();
    if (acknowledge != null && silence != null && backfill != null) {
      links.add(Map.of("href", acknowledge, "text", "Acknowledge in Tidemark"));
      links.add(Map.of("href", silence, "text", "Silence for 1 h in Tidemark"));
      links.add(Map.of("href", backfill, "text", "Declare a backfill in Tidemark"));
    }
    return links;
  }
}
