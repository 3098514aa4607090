package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.BlastRadius;
import dev.tidemark.alerting.Cause;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.lineage.LineageGraph.RootCause;
import dev.tidemark.engine.lineage.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Says what lineage knows of an alert, whoever raised it: where the trouble comes from, with
 * evidence, and who is hurt. Made for one moment; not thread-safe.
 */
public final class CauseTracer {
  /** What is known of nodes at the moment. */
  public interface Health {
    /** Whether anything would tell if the node were bad. */
    boolean measured(Node node);

    /** Whether it is bad. */
    boolean bad(Node node);

    /** A sentence for people; asked of nodes that are bad. */
    String evidence(Node node);
  }

  /**
   * What lineage says.
   *
   * @param node where the trouble comes from, the suffering node itself when nothing upstream is
   *     known to be bad
   * @param cause the same in words, with evidence
   * @param hurt everything downstream of the cause
   */
  public record Traced(Node node, Cause cause, BlastRadius hurt) {}

  private final LineageGraph lineage;
  private final Health health;
  private final Map<Node, BlastRadius> hurt = new HashMap<>();

  /** Looks in this graph. */
  public CauseTracer(LineageGraph lineage, Health health) {
    this.lineage = lineage;
    this.health = health;
  }

  /** Looks for the cause of what a node suffers from. */
  public Traced trace(Node suffering) {
    RootCause root = lineage.rootCause(suffering, health::bad, health::measured);
    List<String> evidence = new ArrayList<>();
    for (Node node : root.path()) {
      if (health.bad(node)) {
        evidence.add(health.evidence(node));
      }
    }
    String key = root.node().key();
    return new Traced(
        root.node(),
        new Cause(
            key.substring(0, key.indexOf(':')),
            root.node().name(),
            root.certain(),
            evidence,
            root.path().stream().map(Node::key).toList()),
        hurt.computeIfAbsent(root.node(), this::downstream));
  }

  private BlastRadius downstream(Node cause) {
    List<Node> reached = lineage.blastRadius(cause);
    return new BlastRadius(names(reached, Node.Type.DATASET), names(reached, Node.Type.CONSUMER));
  }

  private static List<String> names(List<Node> nodes, Node.Type type) {
    return nodes.stream().filter(node -> node.type() == type).map(Node::name).toList();
  }
}
