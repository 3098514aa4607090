package dev.tidemark.engine.model;

import java.util.List;

/**
 * One OpenLineage event, kept whole beside what was understood of it.
 *
 * @param kind {@code RUN}, {@code DATASET} or {@code JOB}
 * @param eventType {@code START}, {@code RUNNING}, {@code COMPLETE}, {@code FAIL}, {@code ABORT},
 *     {@code OTHER}, or empty
 * @param eventTimeNanos ns since the epoch
 * @param runId as sent, UUID or not; empty for dataset and job events
 * @param job {@code namespace/name}; empty for dataset events
 * @param parentRunId empty when there is none
 * @param inputs normalised dataset names
 * @param outputs normalised dataset names
 * @param remarks what was odd and how it was read, such as a missing schemaURL
 * @param json the event as it came, all facets kept
 */
public record LineageEvent(
    String kind,
    String eventType,
    long eventTimeNanos,
    String runId,
    String job,
    String parentRunId,
    List<String> inputs,
    List<String> outputs,
    List<String> remarks,
    String json) {
  /** Copies the lists. */
  public LineageEvent {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    remarks = List.copyOf(remarks);
  }
}
