package dev.tidemark.engine.definition;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** How deeply YAML is nested; whoever reads it recursively needs an end. Stateless. */
final class Nesting {
  /** Ours need about ten. */
  static final int LIMIT = 100;

  private Nesting() {}

  /**
   * Whether there are more levels below each other than anything reasonable has, or endlessly many
   * because an alias leads back to where it stands.
   */
  static boolean isTooDeep(Node root) {
    Set<Node> level = identities();
    level.add(root);
    for (int depth = 0; !level.isEmpty(); depth++) {
      if (depth > LIMIT) {
        return true;
      }
      Set<Node> below = identities();
      for (Node node : level) {
        if (node instanceof MappingNode mapping) {
          for (NodeTuple tuple : mapping.getValue()) {
            below.add(tuple.getKeyNode());
            below.add(tuple.getValueNode());
          }
        } else if (node instanceof SequenceNode sequence) {
          below.addAll(sequence.getValue());
        }
      }
      level = below;
    }
    return false;
  }

  /** Nodes compare by their content otherwise, which would be recursive too. */
  private static Set<Node> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
