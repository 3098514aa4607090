package dev.tidemark.alerting;

import java.time.Duration;

/**
 * How delivery is tried.
 *
 * @param firstBackoff pause after the first failure; doubles with each further one
 * @param maxBackoff longest pause, unless the receiver asks for a longer one (up to 1 h)
 * @param maxAge how old a notification may get before it is given up
 * @param concurrency how many notifications are sent at the same time
 * @param perReceiver how many of them to one receiver
 */
public record DispatcherSettings(
    Duration firstBackoff, Duration maxBackoff, Duration maxAge, int concurrency, int perReceiver) {
  /** 2 s doubling to 5 min, for a day, 48 at a time, 16 to one receiver. */
  public static final DispatcherSettings DEFAULT =
      new DispatcherSettings(
          Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofDays(1), 48, 16);
}
