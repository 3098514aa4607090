package dev.tidemark.engine.loop;

import dev.tidemark.engine.alerts.AlertMaker;
import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.lineage.Node;
import dev.tidemark.engine.lineage.Trouble;
import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.runs.UpstreamTroubles;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The lineage graph as definitions and events make it, and what else the events tell of its nodes.
 * Of each job the newest event with the same edges is enough, so memory is bounded by the jobs.
 * Thread-safe.
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
  private final UpstreamTroubles upstream = new UpstreamTroubles();
  private Definitions definitions;
  private volatile LineageGraph graph;
  private volatile Map<Node, Trouble> troubles = Map.of();
  private volatile Map<Node, List<String>> objectives;

  /** Begins with what the definitions say. */
  public LiveLineage(Definitions definitions) {
    this.definitions = definitions;
    this.graph = build(definitions, List.of());
    this.objectives = objectives(definitions);
  }

  /** The graph as it stands. */
  public LineageGraph graph() {
    return graph;
  }

  /** Runs that failed last and schemas that break readers, by the node that they are about. */
  public Map<Node, Trouble> troubles() {
    return troubles;
  }

  /** Names of the objectives about each node. */
  public Map<Node, List<String>> objectives() {
    return objectives;
  }

  /** Takes other definitions. */
  public synchronized void reload(Definitions changed) {
    definitions = changed;
    graph = build(definitions, List.copyOf(events.values()));
    troubles = findTroubles();
    objectives = objectives(definitions);
  }

  /** Takes events; the graph changes only when they show an edge not seen before. */
  public synchronized void add(List<LineageEvent> batch) {
    boolean fresh = false;
    boolean troubled = false;
    for (LineageEvent event : batch) {
      troubled |= upstream.add(event);
      if (!event.inputs().isEmpty() || !event.outputs().isEmpty()) {
        Edges edges = new Edges(event.job(), event.inputs(), event.outputs());
        fresh |= events.put(edges, event) == null;
      }
    }
    if (fresh) {
      graph = build(definitions, List.copyOf(events.values()));
    }
    if (troubled) {
      troubles = findTroubles();
    }
  }

  private Map<Node, Trouble> findTroubles() {
    Set<String> names = names(definitions);
    Map<Node, Trouble> found = new HashMap<>();
    upstream.datasets().forEach((name, t) -> found.put(Node.ofDataset(name, names::contains), t));
    upstream.jobs().forEach((job, t) -> found.put(Node.ofJob(job), t));
    return Map.copyOf(found);
  }

  private static Map<Node, List<String>> objectives(Definitions definitions) {
    return definitions.objectives().stream()
        .collect(
            Collectors.groupingBy(
                AlertMaker::node,
                Collectors.mapping(objective -> objective.id().value(), Collectors.toList())));
  }

  private static Set<String> names(Definitions definitions) {
    return definitions.datasets().stream()
        .map(DatasetDefinition::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static LineageGraph build(Definitions definitions, List<LineageEvent> events) {
    LineageGraph.Builder builder = new LineageGraph.Builder();
    Set<String> names = names(definitions);
    definitions.datasets().forEach(builder::add);
    for (LineageEvent event : events) {
      builder.add(event, names::contains);
    }
    return builder.build();
  }
}
