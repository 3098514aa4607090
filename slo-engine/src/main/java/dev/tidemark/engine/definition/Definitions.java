package dev.tidemark.engine.definition;

import java.util.List;
import java.util.Map;

/**
 * Everything that a folder of definitions says, checked and linked. Immutable.
 *
 * @param datasets by order of file and place
 * @param objectives of datasets, pipelines and OpenSLO documents
 * @param maintenance work that is planned
 * @param other documents that another part reads (Route, Receiver, Schedule, Escalation,
 *     TimeInterval, Inhibition, CheckSuite, Baseline): kind, name and body as plain maps and lists
 */
public record Definitions(
    List<DatasetDefinition> datasets,
    List<Objective> objectives,
    List<MaintenanceDefinition> maintenance,
    List<Document> other) {
  /** Nothing defined. */
  public static final Definitions EMPTY = new Definitions(List.of(), List.of(), List.of());

  /** Copies the lists. */
  public Definitions {
    datasets = List.copyOf(datasets);
    objectives = List.copyOf(objectives);
    maintenance = List.copyOf(maintenance);
    other = List.copyOf(other);
  }

  /** Nothing is planned. */
  public Definitions(
      List<DatasetDefinition> datasets, List<Objective> objectives, List<Document> other) {
    this(datasets, objectives, List.of(), other);
  }

  /**
   * A document for another part.
   *
   * @param kind such as {@code Route}
   * @param name of metadata
   * @param spec plain maps, lists, texts, numbers and truth values
   * @param place {@code file:line:column}
   * @param places the same of each field by its path, such as {@code spec.routes[0].receiver}
   */
  public record Document(
      String kind,
      String name,
      Map<String, Object> spec,
      String place,
      Map<String, String> places) {}
}
