package dev.tidemark.alerting;

import dev.tidemark.alerting.escalation.EscalationProgress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person handles: everything that fires for one cause. An immutable document, saved as a
 * whole; changed only by {@link IncidentLogic}.
 *
 * @param id short and readable, such as {@code INC-20260301-7K3FQ}; never changes
 * @param dedupKey the key by which receivers recognise the incident; never changes
 * @param causeKey {@code type:name} of the node that is taken for the cause
 * @param cause the cause with its evidence; null when only the dataset itself is known
 * @param title one line
 * @param severity the highest severity seen in this episode
 * @param state where it is
 * @param alerts the alerts that joined, in the order in which they did
 * @param openedAt when it was opened first
 * @param episodeAt when it was reopened last, or when its first alert was decided: group wait
 *     counts from here
 * @param updatedAt when it was changed last
 * @param acknowledgedAt when somebody took it, null when nobody did
 * @param acknowledgedBy who
 * @param recoveringSince since when none of its alerts fires while the hold runs; null otherwise
 * @param resolvedAt when it ended, null while it lasts
 * @param resolvedBy who ended it by hand; null otherwise
 * @param mergedInto id of the incident that took it in; null otherwise
 * @param suppressedBy why nobody is told now; null when somebody is
 * @param timeline what happened, oldest first; when there is much, what came and went by itself is
 *     left out, and an entry {@code left_out} says how much
 * @param told what each receiver knows
 * @param escalations how far its escalations have come in this episode
 * @param owed notifications decided by the last transitions; see {@link Owed}
 * @param revision number of the transition that made this document, from 1
 * @param content grows when alerts join or the cause changes
 * @param apart ids of incidents that a person has parted it from; they are never merged again
 * @param flapping how often it has come back lately; null when it has not
 * @param taken what it was when somebody took it; null when nobody has it
 * @param episodes earlier ones than that of {@code episodeAt}, oldest first; bounded
 * @param leftOut how many entries were left out of the timeline
 * @param digests dedup keys of the digests by which receivers were told of it, oldest first;
 *     bounded
 * @param badSince since when the data is bad: the earliest {@link Alert#since()} that any of its
 *     alerts has had in this episode. This is what people read as "since", beside {@code openedAt}.
 *     An alert's own moves on when the data was good in between, and when signals that come late
 *     show that its first minutes were good after all; this one never moves on by itself, because
 *     people act by the time they were told (whom to warn, from where to load again), and asking
 *     for too much is the lesser harm. It moves back when late signals show that it began earlier,
 *     and on only when a person takes the alert out that it came from, which the timeline says
 */
public record Incident(
    String id,
    String dedupKey,
    String causeKey,
    @Nullable Cause cause,
    String title,
    Severity severity,
    IncidentState state,
    List<Alert> alerts,
    Instant openedAt,
    Instant episodeAt,
    Instant updatedAt,
    @Nullable Instant acknowledgedAt,
    @Nullable String acknowledgedBy,
    @Nullable Instant recoveringSince,
    @Nullable Instant resolvedAt,
    @Nullable String resolvedBy,
    @Nullable String mergedInto,
    @Nullable SuppressedBy suppressedBy,
    List<TimelineEntry> timeline,
    List<Told> told,
    List<EscalationProgress> escalations,
    List<Owed> owed,
    long revision,
    long content,
    List<String> apart,
    @Nullable Flapping flapping,
    @Nullable Taken taken,
    List<Episode> episodes,
    int leftOut,
    List<String> digests,
    Instant badSince) {
  private static final String KEY_PREFIX = "tidemark/";

  public Incident {
    alerts = List.copyOf(alerts);
    timeline = List.copyOf(timeline);
    told = List.copyOf(told);
    // Documents of older versions know neither escalations, what is kept apart, nor what follows.
    escalations = escalations == null ? List.of() : List.copyOf(escalations);
    apart = apart == null ? List.of() : List.copyOf(apart);
    episodes = episodes == null ? List.of() : List.copyOf(episodes);
    owed = List.copyOf(owed);
    digests = digests == null ? List.of() : List.copyOf(digests);
    badSince = badSince == null ? earliest(alerts, openedAt) : badSince;
  }

  private static Instant earliest(List<Alert> alerts, Instant otherwise) {
    return alerts.stream().map(Alert::since).min(Instant::compareTo).orElse(otherwise);
  }

  /** Returns the key of the incident with this id. */
  public static String dedupKeyOf(String id) {
    return KEY_PREFIX + id;
  }

  /**
   * Returns the id of the incident with this key; empty when it is no incident's, as a digest's.
   */
  public static Optional<String> idOfDedupKey(String key) {
    return Optional.of(key)
        .filter(one -> one.startsWith(KEY_PREFIX))
        .map(one -> one.substring(KEY_PREFIX.length()))
        .filter(id -> id.indexOf('/') < 0);
  }

  /** Whether it is not over. */
  public boolean open() {
    return state != IncidentState.RESOLVED;
  }

  /** Returns the episode that goes on, or was the last. */
  public Episode episode() {
    return Episode.last(this);
  }

  /** Returns the alert that the incident is routed and titled by. */
  public Alert lead() {
    return LeadAlert.of(alerts, causeKey);
  }

  /** Whether any of its alerts fires. */
  public boolean firing() {
    return alerts.stream().anyMatch(Alert::firingNow);
  }
}
