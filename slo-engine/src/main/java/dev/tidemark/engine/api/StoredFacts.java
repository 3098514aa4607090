package dev.tidemark.engine.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.runs.Run;
import dev.tidemark.engine.runs.RunHistory;
import dev.tidemark.engine.runs.SchemaHistory;
import dev.tidemark.engine.store.DatasetHistory;
import dev.tidemark.engine.store.PipelineHistory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the store knows of pipelines and datasets, as JSON. Thread-safe; blocks. */
record StoredFacts(PipelineHistory pipelines, DatasetHistory datasets) {
  private static final Duration RUNS = Duration.ofDays(14);
  private static final Duration WATERMARKS = Duration.ofDays(30);
  private static final Duration LAGS = Duration.ofDays(7);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int HOURS = 24;
  private static final int RUNS_AT_MOST = 25;
  private static final int EVENTS_AT_MOST = 2_000;

  /** Adds the newest record and the records per hour of the last day; not known is null. */
  ObjectNode addDataset(ObjectNode json, String dataset, Instant now) {
    Optional<Instant> newest = datasets.newestRecord(dataset, now.minus(WATERMARKS));
    json.put("newestRecord", text(newest.orElse(null)));
    json.put(
        "newestRecordAgeSeconds",
        newest.map(at -> Duration.between(at, now).toSeconds()).orElse(null));
    ArrayNode records = json.putArray("recordsPerHour");
    Instant since = now.truncatedTo(ChronoUnit.HOURS).minus(HOUR.multipliedBy(HOURS - 1L));
    for (DatasetHistory.Step step : datasets.records(dataset, since, HOUR)) {
      ObjectNode row = records.addObject().put("start", step.start().toString());
      step.records().forEach(row::put);
    }
    return json;
  }

  /** Adds the newest run to a pipeline in the list; null when none is known. */
  void addNewestRun(ObjectNode json, String pipeline, Instant now) {
    List<Run> runs = runs(pipeline, now, 5);
    if (runs.isEmpty()) {
      json.putNull("newestRun");
    } else {
      json.set("newestRun", run(runs.get(0)));
    }
  }

  /** Adds runs, partitions and changes of schemas. */
  void addPipeline(ObjectNode json, String pipeline, Instant now) {
    ArrayNode runs = json.putArray("runs");
    runs(pipeline, now, RUNS_AT_MOST).forEach(run -> runs.add(run(run)));
    ArrayNode partitions = json.putArray("partitions");
    pipelines
        .watermarks(pipeline, now.minus(LAGS))
        .forEach(
            (partition, at) ->
                partitions
                    .addObject()
                    .put("partition", partition)
                    .put("newestRecord", at.toString())
                    .put("lagSeconds", Duration.between(at, now).toSeconds()));
    ArrayNode changes = json.putArray("schemaChanges");
    SchemaHistory.of(pipelines.runEvents(pipeline, now.minus(RUNS), EVENTS_AT_MOST)).stream()
        .limit(RUNS_AT_MOST)
        .forEach(
            change ->
                changes
                    .addObject()
                    .put("at", change.at().toString())
                    .put("dataset", change.dataset())
                    .put("column", change.finding().column())
                    .put("change", change.finding().message())
                    .put("breaking", change.finding().breaking()));
  }

  private List<Run> runs(String pipeline, Instant now, int limit) {
    return RunHistory.of(
            pipelines.rootSpans(pipeline, now.minus(RUNS), limit),
            pipelines.runEvents(pipeline, now.minus(RUNS), 4 * limit))
        .stream()
        .limit(limit)
        .toList();
  }

  private static ObjectNode run(Run run) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", run.id())
            .put("outcome", run.outcome().name().toLowerCase(Locale.ROOT))
            .put("startedAt", text(run.started()))
            .put("endedAt", text(run.ended()))
            .put("rows", run.rows() < 0 ? null : Long.valueOf(run.rows()));
    return json.put("error", run.error()).put("traceId", run.traceId());
  }

  private static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : at.toString();
  }
}
