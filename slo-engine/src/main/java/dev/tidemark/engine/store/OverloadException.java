package dev.tidemark.engine.store;

import java.time.Duration;

/** There is no room for more signals now; the sender has to come back later. */
public final class OverloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * Creates one.
   *
   * @param reason what is full, for the sender
   * @param retryAfter when to come back
   */
  public OverloadException(String reason, Duration retryAfter) {
    super(reason);
    this.retryAfter = retryAfter;
  }

  /** Returns when to come back. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
