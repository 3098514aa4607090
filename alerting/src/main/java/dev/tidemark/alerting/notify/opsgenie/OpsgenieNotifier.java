package dev.tidemark.alerting.notify.opsgenie;

import static dev.tidemark.alerting.notify.text.Wording.cut;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps one Opsgenie alert per incident, under the dedup key as its alias: created, noted,
 * acknowledged, closed. Opsgenie joins a second creation under an alias that is open, so repeating
 * one does no harm; when somebody has closed it there although the incident lasts, a repeat opens
 * it again.
 *
 * <p>Opsgenie answers 202 and works later, so it is asked a few times within seconds what became of
 * it. What failed by then and nobody would be called for is tried again; news of an alert that is
 * not there, or is as it should be already, is not.
 */
public final class OpsgenieNotifier implements PreviewedNotifier {
  private static final int MESSAGE_LENGTH = 130;
  private static final int DESCRIPTION_LENGTH = 15_000;
  private static final int ALIAS_LENGTH = 512;
  private static final int NOTE_LENGTH = 25_000;
  private static final int DETAIL_LENGTH = 1000;
  private static final String ALERTS = "/v2/alerts";

  /** Most requests are processed within a second. */
  private static final List<Duration> PAUSES =
      Stream.of(100, 300, 800, 1500).map(Duration::ofMillis).toList();

  private final Receiver.Opsgenie opsgenie;
  private final Endpoint endpoint;
  private final RequestResults results;
  private final Messages messages;
  private final Wording wording;

  /** Prepares one integration. */
  public OpsgenieNotifier(
      HttpSender sender, Messages messages, Receiver receiver, Receiver.Opsgenie opsgenie) {
    this(sender, messages, receiver, opsgenie, PAUSES);
  }

  /**
   * Prepares one integration.
   *
   * @param pauses before each time that Opsgenie is asked what became of a request
   */
  public OpsgenieNotifier(
      HttpSender sender,
      Messages messages,
      Receiver receiver,
      Receiver.Opsgenie opsgenie,
      List<Duration> pauses) {
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
    this.results = new RequestResults(endpoint, pauses);
  }

  @Override
  public Delivery deliver(Notification notification) {
    String alias = alias(notification);
    try {
      return switch (notification.kind()) {
        case TRIGGERED, REPEATED -> create(notification);
        case ESCALATED -> {
          Delivery created = create(notification);
          yield created instanceof Delivery.Delivered
              // Creating again leaves the priority of an open alert as it was.
              ? call("PUT", on(alias, "priority"), Map.of("priority", priority(notification)))
              : created;
        }
        case UPDATED -> news(on(alias, "notes"), notification);
        case ACKNOWLEDGED -> news(on(alias, "acknowledge"), notification);
        case RESOLVED -> news(on(alias, "close"), notification);
      };
    } catch (UndeliveredException e) {
      return e.delivery();
    }
  }

  private Delivery create(Notification notification) throws UndeliveredException {
    return call("POST", ALERTS, creation(notification));
  }

  /** Without it somebody would not be called, and to repeat it does no harm. */
  private Delivery call(String method, String path, Object body) throws UndeliveredException {
    Optional<String> failure = results.failure(endpoint.ask(method, path, body));
    return failure.isPresent()
        ? new Delivery.Retry(failed(failure.get()), null)
        : new Delivery.Delivered();
  }

  private Delivery news(String path, Notification notification) throws UndeliveredException {
    Optional<String> failure = results.failure(endpoint.ask("POST", path, note(notification)));
    if (failure.isEmpty() || asWanted(notification.kind(), failure.get())) {
      return new Delivery.Delivered();
    }
    return new Delivery.Rejected(failed(failure.get()));
  }

  /**
   * Whether an alert is taken or closed already, or closed by not being there any more. Opsgenie's
   * documentation shows "Alert does not exist" and lists no other texts.
   */
  private static boolean asWanted(NotificationKind kind, String failure) {
    String said = failure.toLowerCase(Locale.ROOT);
    return switch (kind) {
      case RESOLVED -> said.contains("already") || said.contains("does not exist");
      case ACKNOWLEDGED -> said.contains("already");
      default -> false;
    };
  }

  private static String failed(String reason) {
    return "Opsgenie accepted the request and then failed to process it: " + reason;
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
    details.putAll(text.facts());
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
