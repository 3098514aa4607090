package dev.tidemark.engine.definition;

import java.util.List;

/**
 * Who has to report: partitions, regions, connectors. Each member is judged by itself; one that is
 * silent is bad, also when it never said a word.
 *
 * @param attribute that names the member in a signal, such as {@code partition}
 * @param members all that are expected; empty means that nobody in particular is
 */
public record Roster(String attribute, List<String> members) {
  /** Nobody in particular. */
  public static final Roster NONE = new Roster("", List.of());

  /** Copies the list. */
  public Roster {
    members = List.copyOf(members);
  }

  /** Whether anybody in particular is expected. */
  public boolean isDeclared() {
    return !members.isEmpty();
  }
}
