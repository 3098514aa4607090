package dev.tidemark.alerting;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One condition of one objective that fires or has ceased to. Immutable.
 *
 * @param fingerprint identity over time, such as the objective's name and the condition's; two
 *     alerts with the same fingerprint are the same alert
 * @param labels for routing and silences; {@code dataset}, {@code objective} and {@code severity}
 *     are added by {@link #routingLabels()}
 * @param annotations texts for people; {@code summary}, when there, becomes the title
 * @param severity page or ticket
 * @param state firing or resolved
 * @param startsAt when it began to fire; a later value under the same fingerprint is a new firing
 * @param updatedAt when this was decided
 * @param since since when the data is bad, which is usually earlier than {@code startsAt}
 * @param dataset name of the dataset, or of whatever the objective is about
 * @param objective the objective's display name
 * @param burnRate for people, such as {@code 14.9× over 1 h, 15.2× over 5 min}; may be empty
 * @param budgetLeft share of the error budget that is left, 1 is all of it, negative is overspent;
 *     null when unknown
 * @param cause the probable cause upstream; null when none is known, then the dataset itself is it
 * @param blastRadius who is hurt downstream
 * @param runbook id of the runbook; null when there is none
 * @param suppressedBy planned work that covers it; null when none
 */
public record Alert(
    String fingerprint,
    Map<String, String> labels,
    Map<String, String> annotations,
    Severity severity,
    AlertState state,
    Instant startsAt,
    Instant updatedAt,
    Instant since,
    String dataset,
    String objective,
    String burnRate,
    @Nullable Double budgetLeft,
    @Nullable Cause cause,
    BlastRadius blastRadius,
    @Nullable String runbook,
    @Nullable SuppressedBy suppressedBy) {
  public Alert {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /**
   * Starts a firing alert; everything else has an empty default.
   *
   * @param at when it fires; also {@code since}, unless set otherwise
   */
  public static Builder firing(
      String fingerprint, String dataset, String objective, Severity severity, Instant at) {
    return new Builder(fingerprint, dataset, objective, severity, at);
  }

  /** Returns this alert as resolved at the given time. */
  public Alert resolvedAt(Instant at) {
    return new Builder(this).state(AlertState.RESOLVED).updatedAt(at).build();
  }

  /** Starts a changed copy. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Returns the key of the cause, or of the dataset when no cause is known. */
  public String causeKey() {
    return cause == null ? datasetKey() : cause.key();
  }

  /** Returns the key of the dataset as a node: {@code dataset:NAME}. */
  public String datasetKey() {
    return Cause.key("dataset", dataset);
  }

  /**
   * Returns the labels that routes and silences see: its own, and {@code dataset}, {@code
   * objective}, {@code alertname} and {@code severity} where it has none of that name. {@code
   * urgency} is always {@code page} or {@code ticket}.
   */
  public Map<String, String> routingLabels() {
    return Map.copyOf(newRoutingLabels());
  }

  /** Returns the same as a map of the caller's own. */
  Map<String, String> newRoutingLabels() {
    Map<String, String> all = new HashMap<>(labels);
    all.putIfAbsent("dataset", dataset);
    all.putIfAbsent("objective", objective);
    all.putIfAbsent("alertname", objective);
    all.putIfAbsent("severity", severity.label());
    all.put("urgency", severity.label());
    return all;
  }

  /** Whether both say the same, whenever that was decided. */
  public boolean saysTheSameAs(Alert other) {
    return updatedAt.equals(other.updatedAt)
        ? equals(other)
        : equals(other.toBuilder().updatedAt(updatedAt).build());
  }

  /** Whether the condition holds now. */
  public boolean firingNow() {
    return state == AlertState.FIRING;
  }

  /** Sets what is not the default. Not thread-safe. */
  public static final class Builder {
    private final String fingerprint;
    private final String dataset;
    private final String objective;
    private Severity severity;
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private AlertState state = AlertState.FIRING;
    private Instant startsAt;
    private Instant updatedAt;
    private Instant since;
    private String burnRate = "";
    private @Nullable Double budgetLeft;
    private @Nullable Cause cause;
    private BlastRadius blastRadius = BlastRadius.NONE;
    private @Nullable String runbook;
    private @Nullable SuppressedBy suppressedBy;

    private Builder(
        String fingerprint, String dataset, String objective, Severity severity, Instant at) {
      this.fingerprint = fingerprint;
      this.dataset = dataset;
      this.objective = objective;
      this.severity = severity;
      this.startsAt = at;
      this.updatedAt = at;
      this.since = at;
    }

    private Builder(Alert alert) {
      this(alert.fingerprint, alert.dataset, alert.objective, alert.severity, alert.startsAt);
      labels = alert.labels;
      annotations = alert.annotations;
      state = alert.state;
      updatedAt = alert.updatedAt;
      since = alert.since;
      burnRate = alert.burnRate;
      budgetLeft = alert.budgetLeft;
      cause = alert.cause;
      blastRadius = alert.blastRadius;
      runbook = alert.runbook;
      suppressedBy = alert.suppressedBy;
    }

    /** Sets the labels. */
    public Builder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    /** Sets the annotations. */
    public Builder annotations(Map<String, String> value) {
      annotations = value;
      return this;
    }

    /** Sets the severity. */
    public Builder severity(Severity value) {
      severity = value;
      return this;
    }

    /** Sets the state. */
    public Builder state(AlertState value) {
      state = value;
      return this;
    }

    /** Sets when it began to fire. */
    public Builder startsAt(Instant value) {
      startsAt = value;
      return this;
    }

    /** Sets when this was decided. */
    public Builder updatedAt(Instant value) {
      updatedAt = value;
      return this;
    }

    /** Sets since when the data is bad. */
    public Builder since(Instant value) {
      since = value;
      return this;
    }

    /** Sets the burn rates, as text for people. */
    public Builder burnRate(String value) {
      burnRate = value;
      return this;
    }

    /** Sets the share of the budget that is left. */
    public Builder budgetLeft(@Nullable Double value) {
      budgetLeft = value;
      return this;
    }

    /** Sets the probable cause. */
    public Builder cause(@Nullable Cause value) {
      cause = value;
      return this;
    }

    /** Sets who is hurt. */
    public Builder blastRadius(BlastRadius value) {
      blastRadius = value;
      return this;
    }

    /** Sets the runbook's id. */
    public Builder runbook(@Nullable String value) {
      runbook = value;
      return this;
    }

    /** Sets the planned work that covers it. */
    public Builder suppressedBy(@Nullable SuppressedBy value) {
      suppressedBy = value;
      return this;
    }

    /** Returns the alert. */
    public Alert build() {
      return new Alert(
          fingerprint,
          labels,
          annotations,
          severity,
          state,
          startsAt,
          updatedAt,
          since,
          dataset,
          objective,
          burnRate,
          budgetLeft,
          cause,
          blastRadius,
          runbook,
          suppressedBy);
    }
  }
}
