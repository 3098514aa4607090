package dev.tidemark.engine.ingest.openlineage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.engine.model.LineageEvent;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One event and what its facets say about its datasets. Immutable.
 *
 * @param event the event, edges (job, inputs, outputs), run and parent included
 * @param jobNamespace of the job; empty for dataset events
 * @param jobName of the job; empty for dataset events
 * @param rowsWritten rows per output dataset, as counted by the sender so far in this run
 * @param aliases other names of a dataset, from its symlinks facet
 * @param schemas datasets of which the event tells the schema
 * @param backfill whether the event says that its run fills in the past: Airflow's run type, or a
 *     tag {@code run.type} of that value
 * @param partitions what was cut off a dataset's name, such as {@code dt=2025-01-15}
 */
public record LineageFacts(
    LineageEvent event,
    String jobNamespace,
    String jobName,
    Map<String, Long> rowsWritten,
    Map<String, List<String>> aliases,
    Set<String> schemas,
    boolean backfill,
    Map<String, String> partitions) {

  /** Copies the collections. */
  public LineageFacts {
    rowsWritten = Map.copyOf(rowsWritten);
    aliases = Map.copyOf(aliases);
    schemas = Set.copyOf(schemas);
    partitions = Map.copyOf(partitions);
  }

  /**
   * Returns whether a run's facets say that it fills in the past.
   *
   * <p>Sources: {@code AirflowRunFacet.json} of Airflow's OpenLineage provider ({@code
   * dagRun.run_type}); {@code TagsRunFacet} of OpenLineage ({@code key} and {@code value}).
   */
  static boolean backfill(JsonNode runFacets) {
    for (String facet : List.of("airflow", "airflowDagRun")) {
      if (runFacets.path(facet).path("dagRun").path("run_type").asText("").equals("backfill")) {
        return true;
      }
    }
    for (JsonNode tag : runFacets.path("tags").path("tags")) {
      if (tag.path("key").asText("").equals("run.type")
          && tag.path("value").asText("").equals("backfill")) {
        return true;
      }
    }
    return false;
  }

  /** Returns the rows that an output dataset's facets tell, a newer facet before an older one. */
  static OptionalLong rows(JsonNode dataset, List<String> remarks) {
    JsonNode[] places = {
      dataset.path("outputFacets").path("outputStatistics"),
      dataset.path("facets").path("outputStatistics"),
      dataset.path("outputFacets").path("dataQualityMetrics"),
      dataset.path("facets").path("dataQualityMetrics")
    };
    for (JsonNode facet : places) {
      JsonNode rows = facet.path("rowCount");
      if (facet.path("_deleted").asBoolean(false) || rows.isMissingNode() || rows.isNull()) {
        continue;
      }
      double count = rows.asDouble(-1);
      if (count >= 0 && count < 1e15 && count == Math.rint(count)) {
        return OptionalLong.of((long) count);
      }
      remarks.add(Remarks.ODD_ROW_COUNT);
    }
    return OptionalLong.empty();
  }
}
