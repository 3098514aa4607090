package dev.tidemark.alerting.notify.slack;

import dev.tidemark.alerting.AlertingJson;
import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.notify.http.Endpoint;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.route.Receiver;
import java.util.List;
import java.util.Map;

/** Posts to a Slack incoming webhook: each notification is a message of its own. */
public final class SlackNotifier implements PreviewedNotifier {
  private final Endpoint endpoint;
  private final SlackMessage message;

  /** Prepares one webhook. */
  public SlackNotifier(HttpSender sender, Receiver receiver, Receiver.Slack slack) {
    String url = slack.url().reveal();
    this.message = new SlackMessage(receiver.templates());
    this.endpoint = new Endpoint(sender, receiver, url, Map.of(), slack.timeout(), List.of(url));
  }

  @Override
  public Delivery deliver(Notification notification) {
    return endpoint.post(AlertingJson.write(message.of(notification)), notification.id(), Map.of());
  }

  @Override
  public String preview(Notification notification) {
    return endpoint.show("POST", "", message.of(notification));
  }
}
