package dev.tidemark.engine.report;

import dev.tidemark.alerting.Episode;
import dev.tidemark.alerting.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long the parts of one episode of an incident took. Immutable.
 *
 * @param episode when it came and went
 */
public record EpisodeTimes(Episode episode) {
  /** Returns those of an incident, oldest first; the last one may go on. */
  public static List<EpisodeTimes> of(Incident incident) {
    return Stream.concat(incident.episodes().stream(), Stream.of(incident.episode()))
        .map(EpisodeTimes::new)
        .toList();
  }

  /**
   * Returns how long it took from the data going bad until the incident was opened; empty when the
   * data was good for a while in between, so that nobody knows.
   */
  public Optional<Duration> toDetect() {
    return span(episode.badSince(), episode.openedAt());
  }

  /** Returns how long it took from there until somebody took it; empty when nobody has. */
  public Optional<Duration> toAcknowledge() {
    return span(episode.openedAt(), episode.acknowledgedAt());
  }

  /**
   * Returns how long it took from the data going bad until nothing fired any more, or until
   * somebody ended what still fires; empty while it goes on.
   */
  public Optional<Duration> toRecover() {
    return span(begin(), end());
  }

  /** Returns what the time to recover counts from: no later than the opening. */
  public Instant begin() {
    boolean later = episode.badSince().isAfter(episode.openedAt());
    return later ? episode.openedAt() : episode.badSince();
  }

  /** Returns what the time to recover counts to; null while it goes on. */
  public @Nullable Instant end() {
    Instant recovered = episode.recoveredAt();
    Instant over = episode.resolvedAt();
    // What a person ended may fire on; what has merely recovered may come back.
    return over == null ? null : Objects.requireNonNullElse(recovered, over);
  }

  private static Optional<Duration> span(Instant from, @Nullable Instant to) {
    return to == null || to.isBefore(from)
        ? Optional.empty()
        : Optional.of(Duration.between(from, to));
  }
}
