package dev.tidemark.alerting;

/**
 * Tells one receiver. {@link #deliver} blocks until the receiver has answered or its timeout has
 * passed, whichever is first, and does not throw for anything that the receiver does. Where it
 * takes several exchanges, as with tickets, the timeout bounds each of them. Safe for use by
 * several threads.
 */
public interface Notifier {
  /** Sends, and says how it went. */
  Delivery deliver(Notification notification);
}
