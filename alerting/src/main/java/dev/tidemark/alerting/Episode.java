package dev.tidemark.alerting;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One time that an incident came and went. Immutable.
 *
 * @param badSince since when the data was bad, as far as its alerts know; after {@code openedAt}
 *     when it was good for a while in between
 * @param openedAt when it was opened or reopened
 * @param severity the highest of it
 * @param acknowledgedAt when somebody took it last, null when nobody did
 * @param acknowledgedBy who
 * @param recoveredAt when the last of its alerts ceased to fire; null while one does
 * @param resolvedAt when it was over, null while it lasts
 * @param resolvedBy who ended it by hand; null otherwise
 */
public record Episode(
    Instant badSince,
    Instant openedAt,
    Severity severity,
    @Nullable Instant acknowledgedAt,
    @Nullable String acknowledgedBy,
    @Nullable Instant recoveredAt,
    @Nullable Instant resolvedAt,
    @Nullable String resolvedBy) {
  /** How many past ones an incident keeps; of more, the oldest are forgotten. */
  static final int KEPT = 50;

  /** Returns the one that goes on, or was the last. */
  static Episode last(Incident incident) {
    List<Alert> own =
        incident.alerts().stream()
            .filter(alert -> alert.firingNow() || !alert.updatedAt().isBefore(incident.episodeAt()))
            .toList();
    List<Alert> alerts = own.isEmpty() ? incident.alerts() : own;
    return new Episode(
        incident.badSince(),
        incident.episodeAt(),
        incident.severity(),
        incident.acknowledgedAt(),
        incident.acknowledgedBy(),
        incident.firing()
            ? null
            : alerts.stream().map(Alert::updatedAt).max(Instant::compareTo).orElseThrow(),
        incident.resolvedAt(),
        incident.resolvedBy());
  }
}
