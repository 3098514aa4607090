package dev.tidemark.alerting.notify.http;

import dev.tidemark.alerting.Delivery;

/** One of several exchanges did not go well; {@link #delivery} is what the whole has come to. */
public final class UndeliveredException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Delivery delivery;
  private final int status;

  /** Ends a delivery without an answer that would be the reason. */
  public UndeliveredException(Delivery delivery) {
    this(delivery, 0);
  }

  UndeliveredException(Delivery delivery, int status) {
    super(delivery.toString());
    this.delivery = delivery;
    this.status = status;
  }

  /** Returns {@link Delivery.Retry} or {@link Delivery.Rejected}. */
  public Delivery delivery() {
    return delivery;
  }

  /** Returns the HTTP status of the answer; 0 when there was none. */
  public int status() {
    return status;
  }
}
