package dev.tidemark.engine.loop;

import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.model.LineageEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The lineage graph as definitions and events make it. Of each job the newest event with the same
 * edges is enough, so memory is bounded by the jobs. Thread-safe.
 */
public final class LiveLineage {
  private static final int EDGE_SETS_AT_MOST = 100_000;

  private record Edges(String job, List<String> inputs, List<String> outputs) {}

  private final Map<Edges, LineageEvent> events =
      new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Edges, LineageEvent> eldest) {
          return size() > EDGE_SETS_AT_MOST;
        }
      };
  private Definitions definitions;
  private volatile LineageGraph graph;

  /** Begins with what the definitions say. */
  public LiveLineage(Definitions definitions) {
    this.definitions = definitions;
    this.graph = build(definitions, List.of());
  }

  /** The graph as it stands. */
  public LineageGraph graph() {
    return graph;
  }

  /** Takes other definitions. */
  public synchronized void reload(Definitions changed) {
    definitions = changed;
    graph = build(definitions, List.copyOf(events.values()));
  }

  /** Takes events; the graph changes only when they show an edge not seen before. */
  public synchronized void add(List<LineageEvent> batch) {
    boolean fresh = false;
    for (LineageEvent event : batch) {
      if (!event.inputs().isEmpty() || !event.outputs().isEmpty()) {
        Edges edges = new Edges(event.job(), event.inputs(), event.outputs());
        fresh |= events.put(edges, event) == null;
      }
    }
    if (fresh) {
      graph = build(definitions, List.copyOf(events.values()));
    }
  }

  private static LineageGraph build(Definitions definitions, List<LineageEvent> events) {
    LineageGraph.Builder builder = new LineageGraph.Builder();
    Set<String> names = new TreeSet<>();
    for (DatasetDefinition dataset : definitions.datasets()) {
      builder.add(dataset);
      names.add(dataset.name());
    }
    for (LineageEvent event : events) {
      builder.add(event, names::contains);
    }
    return builder.build();
  }
}
