package dev.tidemark.engine.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.checks.schema.Column;
import dev.tidemark.checks.schema.ColumnType;
import dev.tidemark.checks.schema.Compatibility;
import dev.tidemark.checks.schema.TableSchema;
import dev.tidemark.engine.model.LineageEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes of schemas, as the schema facets of a job's inputs and outputs show them. Stateless. */
public final class SchemaHistory {
  private SchemaHistory() {}

  /**
   * One change.
   *
   * @param at event time of the event that shows it
   * @param dataset name without namespace
   * @param finding what changed, judged for who reads the dataset
   */
  public record Change(Instant at, String dataset, Compatibility.Finding finding) {}

  /** Returns the changes between consecutive events, newest first. */
  public static List<Change> of(List<LineageEvent> events) {
    Map<String, TableSchema> known = new HashMap<>();
    List<Change> changes = new ArrayList<>();
    events.stream()
        .sorted(Comparator.comparingLong(LineageEvent::eventTimeNanos))
        .forEach(
            event -> {
              JsonNode json = RunHistory.json(event);
              for (String side : List.of("inputs", "outputs")) {
                for (JsonNode dataset : json.path(side)) {
                  compare(event, dataset, known, changes);
                }
              }
            });
    changes.sort(Comparator.comparing(Change::at).reversed());
    return changes;
  }

  /**
   * Returns the columns of a dataset as the newest event shows them, each as name and type.
   *
   * @param dataset name, with or without the namespace
   * @return none when no event has a schema facet of it
   */
  public static List<String> newest(List<LineageEvent> events, String dataset) {
    List<LineageEvent> newestFirst = new ArrayList<>(events);
    newestFirst.sort(Comparator.comparingLong(LineageEvent::eventTimeNanos).reversed());
    for (LineageEvent event : newestFirst) {
      for (JsonNode output : RunHistory.json(event).path("outputs")) {
        String name = output.path("name").asText("");
        JsonNode fields = output.path("facets").path("schema").path("fields");
        if (fields.isArray()
            && !fields.isEmpty()
            && (name.equals(dataset)
                || dataset.equals(output.path("namespace").asText("") + "/" + name))) {
          List<String> columns = new ArrayList<>();
          fields.forEach(
              field ->
                  columns.add(
                      (field.path("name").asText("") + " " + field.path("type").asText(""))
                          .strip()));
          return columns;
        }
      }
    }
    return List.of();
  }

  private static void compare(
      LineageEvent event, JsonNode dataset, Map<String, TableSchema> known, List<Change> changes) {
    String name = dataset.path("name").asText("");
    Optional<TableSchema> schema = schema(dataset);
    if (name.isEmpty() || schema.isEmpty()) {
      return;
    }
    TableSchema now = schema.get();
    TableSchema before = known.put(dataset.path("namespace").asText("") + "/" + name, now);
    if (before != null) {
      Instant at = RunHistory.instant(event.eventTimeNanos());
      Compatibility.BACKWARD
          .compare(before, now)
          .forEach(finding -> changes.add(new Change(at, name, finding)));
    }
  }

  /** The schema facet of a dataset, or empty. */
  static Optional<TableSchema> schema(JsonNode dataset) {
    JsonNode fields = dataset.path("facets").path("schema").path("fields");
    if (!fields.isArray() || fields.isEmpty()) {
      return Optional.empty();
    }
    List<Column> columns = new ArrayList<>();
    for (JsonNode field : fields) {
      // The facet does not say whether a value may be missing.
      columns.add(
          new Column(
              field.path("name").asText(""),
              ColumnType.parse(field.path("type").asText("unknown")),
              true));
    }
    return Optional.of(new TableSchema(columns));
  }
}
