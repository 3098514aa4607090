package dev.tidemark.alerting.notify;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.PreviewedNotifier;
import java.util.function.UnaryOperator;

/** Puts links into a notification at the moment when it goes out, so that no store has them. */
final class LinkedNotifier implements PreviewedNotifier {
  private final PreviewedNotifier notifier;
  private final UnaryOperator<Notification> links;

  LinkedNotifier(PreviewedNotifier notifier, UnaryOperator<Notification> links) {
    this.notifier = notifier;
    this.links = links;
  }

  @Override
  public Delivery deliver(Notification notification) {
    return notifier.deliver(links.apply(notification));
  }

  @Override
  public String preview(Notification notification) {
    return notifier.preview(links.apply(notification));
  }
}
