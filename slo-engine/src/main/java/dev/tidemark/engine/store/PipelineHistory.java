package dev.tidemark.engine.store;

import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.SpanRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What is stored of one pipeline, for who looks for a fault. Blocks; not for an event loop. */
public interface PipelineHistory {
  /** Returns the root spans of a pipeline that began since, newest first. */
  List<SpanRecord> rootSpans(String pipeline, Instant since, int limit);

  /** Returns the spans of a trace, of whatever pipeline, by their begin. */
  List<SpanRecord> trace(String traceId, Instant since, int limit);

  /** Returns the trace that spans of a run belong to, also while its root span is to come. */
  Optional<String> traceOf(String pipeline, String runId, Instant since);

  /**
   * Returns the OpenLineage run events of a job since, newest first. A job is the pipeline when its
   * name without namespace is.
   */
  List<LineageEvent> runEvents(String pipeline, Instant since, int limit);

  /**
   * Returns the log lines of a run, oldest first: those that carry its id or its trace's.
   *
   * @param traceId empty for none
   */
  List<LogRecord> logs(String pipeline, String runId, String traceId, Instant since, int limit);

  /** Returns the newest watermark of each partition. */
  SortedMap<String, Instant> watermarks(String pipeline, Instant since);

  /**
   * Records observed in one partition.
   *
   * @param partition its name
   * @param start of the step, event time
   * @param records in the step
   */
  record Amount(String partition, Instant start, double records) {}

  /** Returns the records of each partition in steps of event time, by partition and time. */
  List<Amount> records(String pipeline, Instant since, Duration step);
}
