package dev.tidemark.alerting;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one receiver knows about one incident.
 *
 * @param receiver the receiver's name
 * @param dedupKey the key under which it knows the incident: the incident's own, or that of an
 *     incident that was merged into it
 * @param at when it was told last
 * @param severity the highest severity it was told in this episode
 * @param content the incident's content number that it was told
 * @param active false after it was told that the incident is over
 * @param via {@code schedule:NAME} or {@code escalation:NAME} by which it came to be told; null
 *     when a route names the receiver itself
 * @param firstAt when it was told first in this episode; null in documents of older versions
 * @param digest dedup key of the digest by which it was told; null when it was told singly
 * @param risenAt when it was told last that a ticket is a page now; null when it never was
 */
public record Told(
    String receiver,
    String dedupKey,
    Instant at,
    Severity severity,
    long content,
    boolean active,
    @Nullable String via,
    @Nullable Instant firstAt,
    @Nullable String digest,
    @Nullable Instant risenAt) {
  /** Returns what it knows after it was told again, in the same way. */
  Told again(Instant now, Severity told, long number) {
    return new Told(receiver, dedupKey, now, told, number, true, via, firstAt, digest, risenAt);
  }

  /**
   * Returns what it knows after it was told that the ticket is a page now.
   *
   * @param key the key under which it was told
   * @param together dedup key of the digest by which it was told; null when it was told singly
   */
  Told risen(Instant now, Severity told, long number, String key, @Nullable String together) {
    return new Told(receiver, key, now, told, number, true, via, firstAt, together, now);
  }

  /** Returns the same as told at another time. */
  Told toldAt(Instant time) {
    return new Told(
        receiver, dedupKey, time, severity, content, active, via, firstAt, digest, risenAt);
  }

  /** Returns what it knows after it was told the end. */
  Told over(Instant now) {
    return new Told(
        receiver, dedupKey, now, severity, content, false, via, firstAt, digest, risenAt);
  }
}
