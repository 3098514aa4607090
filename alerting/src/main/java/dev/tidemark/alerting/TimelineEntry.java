package dev.tidemark.alerting;

import java.time.Instant;

/**
 * One thing that happened to an incident.
 *
 * @param at when
 * @param what a short word: {@code opened}, {@code joined}, {@code cause}, {@code severity}, {@code
 *     notified}, {@code acknowledged}, {@code untaken}, {@code suppressed}, {@code escalated},
 *     {@code merged}, {@code split}, {@code recovered} of one alert, {@code refired} of one alert,
 *     {@code recovering}, {@code resolved}, {@code reopened}, {@code flapping}, {@code silenced},
 *     {@code backfill}, {@code step} of the runbook that was done, {@code left_out} for what made
 *     room
 * @param actor who did it; {@code tidemark} when nobody did
 * @param reason one sentence
 */
public record TimelineEntry(Instant at, String what, String actor, String reason) {
  /** The actor of what happens by itself. */
  public static final String TIDEMARK = "tidemark";
}
