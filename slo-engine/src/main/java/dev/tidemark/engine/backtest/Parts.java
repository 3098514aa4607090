package dev.tidemark.engine.backtest;

import dev.tidemark.engine.alerts.AlertMaker;
import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.lineage.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Splits definitions into parts that cannot influence each other: whatever lineage connects stays
 * together, because the cause of an alert is sought along it.
 */
final class Parts {
  private final Map<String, String> parents = new HashMap<>();

  private Parts() {}

  /** Returns at most {@code wanted} parts of about the same number of objectives. */
  static List<Definitions> of(Definitions definitions, int wanted) {
    Parts parts = new Parts();
    for (DatasetDefinition dataset : definitions.datasets()) {
      String own = new Node(Node.Type.DATASET, dataset.name()).key();
      parts.join(own, own);
      dataset.dependsOn().forEach(up -> parts.join(own, new Node(Node.Type.DATASET, up).key()));
      dataset
          .connectors()
          .forEach(connector -> parts.join(own, new Node(Node.Type.CONNECTOR, connector).key()));
      if (!dataset.producedBy().isEmpty()) {
        parts.join(own, new Node(Node.Type.PIPELINE, dataset.producedBy()).key());
      }
    }
    Map<String, List<Objective>> groups = new LinkedHashMap<>();
    for (Objective objective : definitions.objectives()) {
      groups
          .computeIfAbsent(parts.root(AlertMaker.node(objective).key()), root -> new ArrayList<>())
          .add(objective);
    }
    List<List<Objective>> buckets = new ArrayList<>();
    for (int i = 0; i < Math.max(1, Math.min(wanted, groups.size())); i++) {
      buckets.add(new ArrayList<>());
    }
    groups.values().stream()
        .sorted(Comparator.comparingInt((List<Objective> group) -> group.size()).reversed())
        .forEach(
            group ->
                buckets.stream()
                    .min(Comparator.comparingInt(List::size))
                    .orElseThrow()
                    .addAll(group));
    return buckets.stream()
        .map(
            bucket ->
                new Definitions(
                    definitions.datasets(), bucket, definitions.maintenance(), definitions.other()))
        .toList();
  }

  private void join(String one, String other) {
    parents.put(root(one), root(other));
  }

  private String root(String node) {
    String at = node;
    @Nullable String parent = parents.get(at);
    while (parent != null && !parent.equals(at)) {
      at = parent;
      parent = parents.get(at);
    }
    return at;
  }
}
