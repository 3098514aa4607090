package dev.tidemark.engine.lineage;

import java.util.Locale;
import java.util.function.Predicate;

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

  /** The node of a job of OpenLineage, {@code namespace/name}. */
  public static Node ofJob(String job) {
    return new Node(Type.PIPELINE, shortName(job));
  }

  /**
   * The node of a dataset of OpenLineage, {@code namespace/name}: one whose name ends in a known
   * dataset's name is that dataset.
   */
  public static Node ofDataset(String name, Predicate<String> known) {
    boolean isKnownByItsEnd = !known.test(name) && known.test(shortName(name));
    return new Node(Type.DATASET, isKnownByItsEnd ? shortName(name) : name);
  }

  private static String shortName(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
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
