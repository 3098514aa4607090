package dev.tidemark.engine.lineage;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that OpenLineage told of a node and that may hurt what is downstream, whether an
 * objective watches it or not. Immutable.
 *
 * @param kind what happened
 * @param since event time
 * @param evidence a sentence for people
 */
public record Trouble(Kind kind, Instant since, String evidence) {
  /** For so long a changed schema is suspected; whoever read it until then can live with it. */
  public static final Duration SCHEMA_SUSPECTED = Duration.ofHours(24);

  /** What happened. */
  public enum Kind {
    /** Of a pipeline: the last run that ended failed, and none has succeeded since. */
    RUN_FAILED,
    /** Of a dataset: it lost a column, or one grew narrower. */
    SCHEMA_BROKEN
  }

  /**
   * Whether it may be why something downstream is bad. A pipeline whose runs fail may be, whenever
   * the run ended: what it should have made is missing since before. A changed schema hurts only
   * afterwards.
   *
   * @param bad since when that is bad
   */
  public boolean mayExplain(Instant bad) {
    return kind == Kind.RUN_FAILED
        || (!since.isAfter(bad) && bad.isBefore(since.plus(SCHEMA_SUSPECTED)));
  }
}
