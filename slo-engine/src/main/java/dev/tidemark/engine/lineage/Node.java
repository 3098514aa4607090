package dev.tidemark.engine.lineage;

import java.util.Locale;

/**
 * A node of the lineage graph.
 *
 * @param type what it is
 * @param name unique within the type
 */
public record Node(Type type, String name) implements Comparable<Node> {
  /** What a node is. */
  public enum Type {
    CONNECTOR,
    PIPELINE,
    DATASET,
    CONSUMER
  }

  /** Returns {@code type:name}, as alerts carry it. */
  public String key() {
    return type.name().toLowerCase(Locale.ROOT) + ":" + name;
  }

  /** Returns words for people, such as {@code connector orders-cdc}. */
  public String text() {
    return type.name().toLowerCase(Locale.ROOT) + " " + name;
  }

  @Override
  public int compareTo(Node other) {
    int byType = type.compareTo(other.type);
    return byType != 0 ? byType : name.compareTo(other.name);
  }
}
