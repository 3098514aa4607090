package dev.tidemark.engine.definition;

import java.util.List;
import java.util.Map;

/**
 * {@code kind: Dataset} without its objectives: who owns it, what it hangs on, who uses it.
 *
 * @param name unique
 * @param displayName for people
 * @param domain may be empty
 * @param owner may be empty
 * @param tier the label {@code tier}, may be empty
 * @param producedBy pipeline, may be empty
 * @param dependsOn names of datasets
 * @param consumers whoever reads it, by any name
 * @param connectors that feed it: those of its heartbeat objectives
 * @param labels of metadata
 * @param runbook id, may be empty
 * @param place {@code file:line:column}
 */
public record DatasetDefinition(
    String name,
    String displayName,
    String domain,
    String owner,
    String tier,
    String producedBy,
    List<String> dependsOn,
    List<String> consumers,
    List<String> connectors,
    Map<String, String> labels,
    String runbook,
    String place) {
  /** Copies the collections. */
  public DatasetDefinition {
    dependsOn = List.copyOf(dependsOn);
    consumers = List.copyOf(consumers);
    connectors = List.copyOf(connectors);
    labels = Map.copyOf(labels);
  }
}
