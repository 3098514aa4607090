package dev.tidemark.engine.alerts;

import dev.tidemark.alerting.BlastRadius;
import dev.tidemark.alerting.Cause;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.lineage.LineageGraph.RootCause;
import dev.tidemark.engine.lineage.Node;
import dev.tidemark.engine.lineage.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
   * @param trouble what OpenLineage told of that node; empty when it told nothing, or when
   *     something that is measured says by itself that the node is bad
   */
  public record Traced(Node node, Cause cause, BlastRadius hurt, Optional<Trouble> trouble) {}

  private final LineageGraph lineage;
  private final Map<Node, Trouble> troubles;
  private final Function<Node, List<String>> atRisk;
  private final Health health;
  private final Map<Node, BlastRadius> hurt = new HashMap<>();

  /**
   * Looks in this graph.
   *
   * @param troubles what OpenLineage tells of nodes, measured or not
   * @param atRisk names of the objectives about a node that do not alert
   */
  public CauseTracer(
      LineageGraph lineage,
      Map<Node, Trouble> troubles,
      Function<Node, List<String>> atRisk,
      Health health) {
    this.lineage = lineage;
    this.troubles = troubles;
    this.atRisk = atRisk;
    this.health = health;
  }

  /**
   * Looks for the cause of what a node suffers from. A cause that only OpenLineage told of is
   * guessed: that a run failed is no proof that this is why data are bad.
   *
   * @param since since when it suffers
   */
  public Traced trace(Node suffering, Instant since) {
    RootCause root =
        lineage.rootCause(
            suffering,
            node -> health.bad(node) || trouble(node, since).isPresent(),
            health::measured);
    List<String> evidence = new ArrayList<>();
    for (Node node : root.path()) {
      if (health.bad(node)) {
        evidence.add(health.evidence(node));
      }
      trouble(node, since).map(Trouble::evidence).ifPresent(evidence::add);
    }
    boolean isMeasured = health.bad(root.node()) || root.node().equals(suffering);
    String key = root.node().key();
    return new Traced(
        root.node(),
        new Cause(
            key.substring(0, key.indexOf(':')),
            root.node().name(),
            root.certain() && isMeasured,
            evidence,
            root.path().stream().map(Node::key).toList()),
        hurt.computeIfAbsent(root.node(), this::downstream),
        isMeasured ? Optional.empty() : trouble(root.node(), since));
  }

  private Optional<Trouble> trouble(Node node, Instant since) {
    return Optional.ofNullable(troubles.get(node)).filter(known -> known.mayExplain(since));
  }

  private BlastRadius downstream(Node cause) {
    List<Node> reached = lineage.blastRadius(cause);
    return new BlastRadius(
        names(reached, Node.Type.DATASET),
        names(reached, Node.Type.CONSUMER),
        reached.stream().flatMap(node -> atRisk.apply(node).stream()).toList());
  }

  private static List<String> names(List<Node> nodes, Node.Type type) {
    return nodes.stream().filter(node -> node.type() == type).map(Node::name).toList();
  }
}
