package dev.tidemark.alerting.notify.opsgenie;

import static dev.tidemark.alerting.notify.text.Wording.cut;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.notify.http.UndeliveredException;
import dev.tidemark.alerting.notify.text.Messages;
import dev.tidemark.alerting.notify.text.NotificationText;
import dev.tidemark.alerting.notify.text.Wording;
import dev.tidemark.alerting.route.Receiver;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Keeps one Opsgenie alert per incident, under the dedup key as its alias: created, noted,
 * acknowledged, closed. Opsgenie joins a second creation under an alias that is open, so repeating
 * one does no harm; when somebody has closed it there although the incident lasts, a repeat opens
 * it again. Opsgenie answers 202 and works later, therefore nothing is asked back.
 */
public final class OpsgenieNotifier implements PreviewedNotifier {
  private static final int MESSAGE_LENGTH = 130;
  private static final int DESCRIPTION_LENGTH = 15_000;
  private static final int ALIAS_LENGTH = 512;
  private static final int NOTE_LENGTH = 25_000;
  private static final int DETAIL_LENGTH = 1000;
  private static final String ALERTS = "/v2/alerts";

  private final Receiver.Opsgenie opsgenie;
  private final Endpoint endpoint;
  private final Messages messages;
  private final Wording wording;

  /** Prepares one integration. */
  public OpsgenieNotifier(
      HttpSender sender, Messages messages, Receiver receiver, Receiver.Opsgenie opsgenie) {
    this.opsgenie = opsgenie;
    this.messages = messages;
    this.wording = new Wording(receiver.templates());
    String key = opsgenie.apiKey().reveal();
    this.endpoint =
        new Endpoint(
            sender,
            receiver,
            opsgenie.url(),
            Map.of("Authorization", "GenieKey " + key),
            opsgenie.timeout(),
            List.of(key),
            "");
  }

  @Override
  public Delivery deliver(Notification notification) {
    String alias = alias(notification);
    try {
      switch (notification.kind()) {
        case TRIGGERED, REPEATED -> endpoint.send("POST", ALERTS, creation(notification));
        case ESCALATED -> {
          // Creating again leaves the priority of an open alert as it was.
          endpoint.send("POST", ALERTS, creation(notification));
          endpoint.send("PUT", on(alias, "priority"), Map.of("priority", priority(notification)));
        }
        case UPDATED -> endpoint.send("POST", on(alias, "notes"), note(notification));
        case ACKNOWLEDGED -> endpoint.send("POST", on(alias, "acknowledge"), note(notification));
        case RESOLVED -> endpoint.send("POST", on(alias, "close"), note(notification));
      }
      return new Delivery.Delivered();
    } catch (UndeliveredException e) {
      return e.delivery();
    }
  }

  @Override
  public String preview(Notification notification) {
    return endpoint.show("POST", ALERTS, creation(notification));
  }

  private static String on(String alias, String action) {
    String encoded = URLEncoder.encode(alias, StandardCharsets.UTF_8).replace("+", "%20");
    return ALERTS + "/" + encoded + "/" + action + "?identifierType=alias";
  }

  private static String alias(Notification notification) {
    return cut(notification.dedupKey(), ALIAS_LENGTH);
  }

  private String priority(Notification notification) {
    return Objects.requireNonNullElse(
        opsgenie.priority(), notification.incident().severity() == Severity.PAGE ? "P1" : "P3");
  }

  private Map<String, Object> creation(Notification notification) {
    NotificationText text = NotificationText.of(notification);
    String body = wording.body(notification);
    Map<String, Object> alert = new LinkedHashMap<>();
    alert.put("message", cut(wording.title(notification), MESSAGE_LENGTH));
    alert.put("alias", alias(notification));
    alert.put(
        "description",
        cut(
            Objects.requireNonNullElseGet(body, () -> messages.text(text)).strip(),
            DESCRIPTION_LENGTH));
    if (!opsgenie.responders().isEmpty()) {
      alert.put(
          "responders", opsgenie.responders().stream().map(OpsgenieNotifier::responder).toList());
    }
    alert.put("tags", List.of("tidemark", notification.incident().severity().label()));
    alert.put("details", details(text));
    alert.put("entity", cut(text.dataset(), ALIAS_LENGTH));
    alert.put("source", "Tidemark");
    alert.put("priority", priority(notification));
    return alert;
  }

  private static Map<String, String> responder(Receiver.Responder responder) {
    String by = responder.type().equals("user") ? "username" : "name";
    return Map.of("type", responder.type(), by, responder.name());
  }

  private static Map<String, String> details(NotificationText text) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("incident", text.incidentUrl());
    details.put("dataset", text.dataset());
    details.put("objective", text.objective());
    details.put("promise", text.promise());
    details.put("owner", text.owner());
    details.put("since", text.since());
    details.put("burn_rate", text.burnRate());
    details.put("budget_left", text.budgetLeft());
    details.put("cause", text.cause());
    details.put("hurt", text.hurt());
    String runbook = text.runbookUrl();
    if (runbook != null) {
      details.put("runbook", runbook);
    }
    details.values().removeIf(String::isEmpty);
    details.replaceAll((name, value) -> cut(value, DETAIL_LENGTH));
    return details;
  }

  private Map<String, Object> note(Notification notification) {
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("user", "Tidemark");
    note.put("source", "Tidemark");
    note.put("note", cut(wording.title(notification) + ": " + notification.note(), NOTE_LENGTH));
    return note;
  }
}
