package dev.tidemark.alerting;

/** Where an incident is in its life. */
public enum IncidentState {
  /** Nobody has been told yet: group wait, a reopening held back, or suppressed. */
  PENDING,
  /** At least one receiver was told, nobody has taken it. */
  OPEN,
  /** Somebody has taken it: no repeats. */
  ACKNOWLEDGED,
  /** Over, by itself, by hand, or because it was merged into another one. */
  RESOLVED
}
