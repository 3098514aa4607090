package dev.tidemark.alerting;

import java.util.List;

/**
 * Where the trouble comes from, as lineage sees it.
 *
 * @param type kind of node, such as {@code dataset}, {@code pipeline} or {@code connector}
 * @param name name of the node
 * @param certain true when a signal of the node itself says so, false when it is guessed from the
 *     shape of the graph
 * @param evidence sentences for people, best first; may be empty
 * @param path keys ({@code type:name}) of the nodes from the cause down to the alert's dataset,
 *     both included; may be empty when unknown
 */
public record Cause(
    String type, String name, boolean certain, List<String> evidence, List<String> path) {
  public Cause {
    evidence = List.copyOf(evidence);
    path = List.copyOf(path);
  }

  /** Returns the key by which causes are compared: {@code type:name}. */
  public String key() {
    return key(type, name);
  }

  /** Whether this is the cause's key; tells without making a key. */
  boolean hasKey(String key) {
    return isKey(key, type, name);
  }

  /** Whether a key is {@code type:name}; tells without making one. */
  static boolean isKey(String key, String type, String name) {
    return key.length() == type.length() + 1 + name.length()
        && key.charAt(type.length()) == ':'
        && key.startsWith(type)
        && key.endsWith(name);
  }

  /** Returns the key of a node: {@code type:name}. */
  public static String key(String type, String name) {
    return type + ":" + name;
  }
}
