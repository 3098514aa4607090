package dev.tidemark.alerting.notify.alertmanager;

import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.AlertState;
import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.NotificationKind;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.Severity;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts alerts to other Alertmanagers, {@code POST /api/v2/alerts}. Each member of a cluster is
 * sent everything, because they do not pass alerts on to each other; it is delivered when one of
 * them has taken it, as with Prometheus.
 *
 * <p>Alertmanager forgets an alert at its {@code endsAt}. We do not resend every minute as
 * Prometheus does, but when there is news and at the route's repeat interval. Therefore a firing
 * alert ends one repeat interval and a quarter from the moment of sending; one that somebody has
 * taken, which is not repeated, a week from then. What is over ends when it ended. An alert whose
 * resolution could not be delivered for a day disappears by itself at these times at the latest.
 */
public final class AlertmanagerNotifier implements PreviewedNotifier {
  private static final Logger LOG = LoggerFactory.getLogger(AlertmanagerNotifier.class);
  private static final Duration LEAST_MARGIN = Duration.ofMinutes(15);
  private static final Duration WHEN_TAKEN = Duration.ofDays(7);
  private static final String PATH = "/api/v2/alerts";

  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Duration repeat;
  private final Clock clock;

  /**
   * Prepares one cluster.
   *
   * @param repeat longest time until an incident that nobody has taken is said again
   */
  public AlertmanagerNotifier(
      HttpSender sender,
      Receiver receiver,
      Receiver.Alertmanager alertmanager,
      Duration repeat,
      Clock clock) {
    this.repeat = repeat;
    this.clock = clock;
    Map<String, String> headers = new HashMap<>();
    alertmanager.headers().forEach((name, value) -> headers.put(name, value.reveal()));
    List<String> secrets = alertmanager.headers().values().stream().map(Secret::reveal).toList();
    for (String url : alertmanager.urls()) {
      endpoints.add(
          new Endpoint(sender, receiver, url, headers, alertmanager.timeout(), secrets, PATH));
    }
  }

  @Override
  public Delivery deliver(Notification notification) {
    String json = AlertingJson.write(alerts(notification));
    Delivery worst = new Delivery.Delivered();
    boolean taken = false;
    for (Endpoint endpoint : endpoints) {
      Delivery delivery = endpoint.post(json, notification.id(), Map.of());
      if (delivery instanceof Delivery.Delivered) {
        taken = true;
      } else if (!(worst instanceof Delivery.Retry)) {
        // While one of them may still take it, it is worth trying again.
        worst = delivery;
      }
    }
    if (taken && !(worst instanceof Delivery.Delivered)) {
      LOG.warn(
          "not all Alertmanagers of {} took {}: {}",
          notification.receiver(),
          notification.id(),
          worst);
      return new Delivery.Delivered();
    }
    return worst;
  }

  @Override
  public String preview(Notification notification) {
    return endpoints.get(0).show("POST", "", alerts(notification));
  }

  private List<Map<String, Object>> alerts(Notification notification) {
    List<Map<String, Object>> alerts = new ArrayList<>();
    for (Alert alert : notification.incident().alerts()) {
      boolean over =
          notification.kind() == NotificationKind.RESOLVED || alert.state() == AlertState.RESOLVED;
      alerts.add(
          alert(
              notification,
              alert,
              over ? AlertWords.endedAt(notification, alert) : lasts(notification)));
      if (notification.kind() == NotificationKind.ESCALATED && alert.severity() == Severity.PAGE) {
        // Labels are identity there: what was a ticket is another alert, and ends.
        Alert ticket = alert.toBuilder().severity(Severity.TICKET).build();
        alerts.add(alert(notification, ticket, AlertWords.endedAt(notification, ticket)));
      }
    }
    return alerts;
  }

  private Instant lasts(Notification notification) {
    Instant now = clock.instant();
    Instant from = now.isAfter(notification.at()) ? now : notification.at();
    if (notification.incident().acknowledgedAt() != null) {
      return from.plus(WHEN_TAKEN);
    }
    Duration quarter = repeat.dividedBy(4);
    return from.plus(repeat).plus(quarter.compareTo(LEAST_MARGIN) > 0 ? quarter : LEAST_MARGIN);
  }

  private static Map<String, Object> alert(Notification notification, Alert alert, Instant endsAt) {
    Map<String, Object> posted = new LinkedHashMap<>();
    posted.put("labels", AlertWords.labels(alert));
    posted.put("annotations", AlertWords.annotations(notification, alert));
    posted.put("startsAt", alert.startsAt());
    posted.put("endsAt", endsAt);
    posted.put("generatorURL", notification.incidentUrl());
    return posted;
  }
}
