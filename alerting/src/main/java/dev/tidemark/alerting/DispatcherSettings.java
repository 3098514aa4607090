package dev.tidemark.alerting;

import java.time.Duration;

/**
 * How delivery is tried.
 *
 * @param firstBackoff pause after the first failure; doubles with each further one
 * @param maxBackoff longest pause, unless the receiver asks for a longer one (up to 1 h)
 * @param maxAge how old a notification may get before it is given up
 * @param concurrency how many receivers are spoken to at the same time
 * @param batch how many entries one step takes at most
 */
public record DispatcherSettings(
    Duration firstBackoff, Duration maxBackoff, Duration maxAge, int concurrency, int batch) {
  /** 2 s doubling to 5 min, for a day, four at a time, 100 in a step. */
  public static final DispatcherSettings DEFAULT =
      new DispatcherSettings(
          Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofDays(1), 4, 100);
}
