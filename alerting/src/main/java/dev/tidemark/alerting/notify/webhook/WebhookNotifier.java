package dev.tidemark.alerting.notify.webhook;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.notify.text.Wording;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Posts {@link WebhookBody} or {@link AlertmanagerBody} to any HTTP endpoint, signed when there is
 * a key: see {@link Signature} for how to verify it.
 */
public final class WebhookNotifier implements PreviewedNotifier {
  private final Endpoint endpoint;
  private final Receiver.Webhook webhook;
  private final Wording wording;
  private final Clock clock;

  /** Prepares one endpoint. */
  public WebhookNotifier(
      HttpSender sender, Receiver receiver, Receiver.Webhook webhook, Clock clock) {
    this.webhook = webhook;
    this.wording = new Wording(receiver.templates());
    this.clock = clock;
    Map<String, String> headers = new HashMap<>();
    String url = webhook.url().reveal();
    List<String> secrets = new ArrayList<>(List.of(url));
    for (Map.Entry<String, Secret> header : webhook.headers().entrySet()) {
      headers.put(header.getKey(), header.getValue().reveal());
      secrets.add(header.getValue().reveal());
    }
    this.endpoint = new Endpoint(sender, receiver, url, headers, webhook.timeout(), secrets);
  }

  @Override
  public Delivery deliver(Notification notification) {
    String json = AlertingJson.write(body(notification));
    Secret key = webhook.signingSecret();
    Map<String, String> signature =
        key == null
            ? Map.of()
            : Map.of(Signature.HEADER, Signature.of(key.reveal(), clock.instant(), json));
    return endpoint.post(json, notification.id(), signature);
  }

  @Override
  public String preview(Notification notification) {
    return endpoint.show("POST", "", body(notification));
  }

  private Object body(Notification notification) {
    return switch (webhook.format()) {
      case TIDEMARK -> WebhookBody.of(notification, wording);
      case ALERTMANAGER -> AlertmanagerBody.of(notification, wording);
    };
  }
}
