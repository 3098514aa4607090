package dev.tidemark.alerting;

/** Why a receiver is told. */
public enum NotificationKind {
  /** First time in this episode of the incident, also by a later step of an escalation. */
  TRIGGERED,
  /** It was a ticket and has become a page. */
  ESCALATED,
  /** More symptoms joined, or the cause turned out to be further upstream. */
  UPDATED,
  /** Nobody has taken it for the route's repeat interval, or an escalation calls again. */
  REPEATED,
  /** Somebody has taken it; the first word where it was taken before anybody was called. */
  ACKNOWLEDGED,
  /** It is over. */
  RESOLVED
}
