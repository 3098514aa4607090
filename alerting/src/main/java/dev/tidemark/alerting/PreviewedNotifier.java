package dev.tidemark.alerting;

/** A notifier that can show what it would send. */
public interface PreviewedNotifier extends Notifier {
  /**
   * Returns the message as it would go out, without its secrets and without asking anybody: the
   * first line says where to, such as {@code POST https://…}. Where the message depends on what the
   * receiver already has, it is the first one.
   */
  String preview(Notification notification);
}
