package dev.tidemark.engine.lineage;

import dev.tidemark.engine.definition.DatasetDefinition;
import dev.tidemark.engine.model.LineageEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Who is made of what: connectors feed datasets, pipelines turn datasets into datasets, consumers
 * read them. Built from definitions and from OpenLineage events; cycles do no harm. Searches are
 * breadth first and visit each node once. Immutable.
 */
public final class LineageGraph {
  private final Map<Node, Set<Node>> upstream;
  private final Map<Node, Set<Node>> downstream;

  private LineageGraph(Map<Node, Set<Node>> upstream, Map<Node, Set<Node>> downstream) {
    this.upstream = upstream;
    this.downstream = downstream;
  }

  /** Collects edges. Not thread-safe. */
  public static final class Builder {
    private final Map<Node, Set<Node>> upstream = new TreeMap<>();
    private final Map<Node, Set<Node>> downstream = new TreeMap<>();

    /** Adds what a definition says. */
    public void add(DatasetDefinition dataset) {
      Node node = new Node(Node.Type.DATASET, dataset.name());
      Node producer = node;
      if (!dataset.producedBy().isEmpty()) {
        producer = new Node(Node.Type.PIPELINE, dataset.producedBy());
        edge(producer, node);
      }
      for (String parent : dataset.dependsOn()) {
        edge(new Node(Node.Type.DATASET, parent), producer);
      }
      for (String connector : dataset.connectors()) {
        edge(new Node(Node.Type.CONNECTOR, connector), producer);
      }
      for (String consumer : dataset.consumers()) {
        edge(node, new Node(Node.Type.CONSUMER, consumer));
      }
    }

    /**
     * Adds what an event shows. Names with a namespace that end in a known dataset's name are that
     * dataset.
     */
    public void add(LineageEvent event, Predicate<String> knownDataset) {
      if (event.job().isEmpty()) {
        return;
      }
      Node job = Node.ofJob(event.job());
      for (String input : event.inputs()) {
        edge(Node.ofDataset(input, knownDataset), job);
      }
      for (String output : event.outputs()) {
        edge(job, Node.ofDataset(output, knownDataset));
      }
    }

    private void edge(Node from, Node to) {
      if (!from.equals(to)) {
        downstream.computeIfAbsent(from, node -> new TreeSet<>()).add(to);
        upstream.computeIfAbsent(to, node -> new TreeSet<>()).add(from);
      }
    }

    /** Returns the graph so far. */
    public LineageGraph build() {
      return new LineageGraph(copy(upstream), copy(downstream));
    }

    private static Map<Node, Set<Node>> copy(Map<Node, Set<Node>> edges) {
      Map<Node, Set<Node>> copy = new HashMap<>();
      edges.forEach((node, set) -> copy.put(node, Set.copyOf(set)));
      return copy;
    }
  }

  /**
   * Where trouble comes from.
   *
   * @param node the most upstream unhealthy node
   * @param path from it down to the one that suffers, both included
   * @param certain whether every node between is unhealthy too; otherwise the link is guessed
   */
  public record RootCause(Node node, List<Node> path, boolean certain) {
    /** Copies the path. */
    public RootCause {
      path = List.copyOf(path);
    }
  }

  /**
   * Finds the most upstream unhealthy node from which a suffering one can be reached. Nodes about
   * which nothing is known are passed through, and make the answer a guess.
   *
   * @param suffering where the alert is
   * @param unhealthy bad now
   * @param measured something is known of it
   */
  public RootCause rootCause(Node suffering, Predicate<Node> unhealthy, Predicate<Node> measured) {
    Map<Node, Node> towards = new LinkedHashMap<>();
    Deque<Node> queue = new ArrayDeque<>(List.of(suffering));
    Set<Node> seen = new LinkedHashSet<>(queue);
    Map<Node, Integer> steps = new HashMap<>();
    steps.put(suffering, 0);
    Node cause = suffering;
    int furthest = 0;
    while (!queue.isEmpty()) {
      Node node = queue.remove();
      for (Node parent : new TreeSet<>(upstream.getOrDefault(node, Set.of()))) {
        // A healthy parent ends this way up: trouble does not pass through what is well.
        if (seen.contains(parent) || (measured.test(parent) && !unhealthy.test(parent))) {
          continue;
        }
        seen.add(parent);
        towards.put(parent, node);
        queue.add(parent);
        int distance = steps.getOrDefault(node, 0) + 1;
        steps.put(parent, distance);
        // Of several equally far, the order of nodes decides: connectors first, then by name.
        if (unhealthy.test(parent)
            && (distance > furthest || (distance == furthest && parent.compareTo(cause) < 0))) {
          cause = parent;
          furthest = distance;
        }
      }
    }
    List<Node> path = new ArrayList<>();
    boolean certain = true;
    for (Node node = cause; node != null; node = towards.get(node)) {
      path.add(node);
      certain &=
          unhealthy.test(node) || node.type() == Node.Type.PIPELINE || node.equals(suffering);
      if (node.equals(suffering)) {
        break;
      }
    }
    return new RootCause(cause, path, certain);
  }

  /** Returns what takes directly from a node. */
  public Set<Node> directlyAfter(Node node) {
    return new TreeSet<>(downstream.getOrDefault(node, Set.of()));
  }

  /** Returns everything downstream of a node, nearest first. */
  public List<Node> blastRadius(Node node) {
    return reach(node, downstream);
  }

  /** Returns everything upstream of a node, nearest first. */
  public List<Node> upstreamOf(Node node) {
    return reach(node, upstream);
  }

  /** Returns all nodes. */
  public Set<Node> nodes() {
    Set<Node> nodes = new TreeSet<>(upstream.keySet());
    nodes.addAll(downstream.keySet());
    return nodes;
  }

  /** Whether anything is known of the node. */
  public boolean contains(Node node) {
    return upstream.containsKey(node) || downstream.containsKey(node);
  }

  /** Returns the node with this key ({@code type:name}), or empty. */
  public Optional<Node> find(String key) {
    return nodes().stream().filter(node -> node.key().equals(key)).findFirst();
  }

  private static List<Node> reach(Node start, Map<Node, Set<Node>> edges) {
    List<Node> reached = new ArrayList<>();
    Set<Node> seen = new LinkedHashSet<>(Collections.singleton(start));
    Deque<Node> queue = new ArrayDeque<>(seen);
    while (!queue.isEmpty()) {
      for (Node next : new TreeSet<>(edges.getOrDefault(queue.remove(), Set.of()))) {
        if (seen.add(next)) {
          reached.add(next);
          queue.add(next);
        }
      }
    }
    return reached;
  }
}
