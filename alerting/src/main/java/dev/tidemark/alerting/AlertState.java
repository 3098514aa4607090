package dev.tidemark.alerting;

/** Whether the condition of an alert holds now. */
public enum AlertState {
  FIRING,
  RESOLVED
}
