package dev.tidemark.engine.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of a pipeline.
 *
 * @param id as its sender calls it; the trace's id when nobody gave it one
 * @param traceId W3C trace id, or empty
 * @param outcome as far as it is known
 * @param started or null when nobody said
 * @param ended or null while it runs, or when nobody said
 * @param rows written, or -1 when nobody counted
 * @param error what went wrong, or empty
 */
public record Run(
    String id,
    String traceId,
    Outcome outcome,
    @Nullable Instant started,
    @Nullable Instant ended,
    long rows,
    String error) {
  /** How a run went. */
  public enum Outcome {
    /** It has begun and nobody has told of its end. */
    RUNNING,
    /** It did what it should. */
    SUCCESS,
    /** It failed or was broken off. */
    FAILURE
  }

  /** Returns how long it took, once begin and end are known. */
  public Optional<Duration> took() {
    return started == null || ended == null
        ? Optional.empty()
        : Optional.of(Duration.between(started, ended));
  }

  /** The newest moment that is known of it. */
  Instant newest() {
    return ended != null ? ended : started != null ? started : Instant.MIN;
  }
}
