package dev.tidemark.alerting.notify.webhook;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.Notifier;
import dev.tidemark.alerting.notify.http.HttpPost;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;

/** Posts {@link WebhookBody} to any HTTP endpoint. */
public final class WebhookNotifier implements Notifier {
  private final HttpPost post;

  /** Prepares one endpoint. */
  public WebhookNotifier(HttpClient client, Receiver.Webhook webhook) {
    Map<String, String> headers = new HashMap<>();
    for (Map.Entry<String, Secret> header : webhook.headers().entrySet()) {
      headers.put(header.getKey(), header.getValue().reveal());
    }
    String url = webhook.url().reveal();
    this.post = new HttpPost(client, URI.create(url), headers, webhook.timeout(), url);
  }

  @Override
  public Delivery deliver(Notification notification) {
    return post.post(AlertingJson.write(WebhookBody.of(notification)), notification.id());
  }
}
