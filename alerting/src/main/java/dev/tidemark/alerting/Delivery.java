package dev.tidemark.alerting;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an attempt went. Reasons contain no secrets. */
public sealed interface Delivery {
  /** The receiver has it. */
  record Delivered() implements Delivery {}

  /**
   * It may work later.
   *
   * @param reason one sentence
   * @param after how long the receiver asked to be left alone; null when it did not
   */
  record Retry(String reason, @Nullable Duration after) implements Delivery {}

  /**
   * It will never work like this.
   *
   * @param reason one sentence that says what to change
   */
  record Rejected(String reason) implements Delivery {}
}
