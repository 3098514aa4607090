package dev.tidemark.engine.definition;

import java.util.List;

/**
 * {@code kind: Maintenance}: work that is planned in files beside the objectives. Immutable.
 *
 * @param name unique
 * @param covers names of objectives, or of what they are about; {@code *} is everything
 * @param times when
 * @param budget what becomes of the budget
 * @param reason for people
 * @param ticket where more is said
 * @param author who planned it
 * @param place {@code file:line:column}
 */
public record MaintenanceDefinition(
    String name,
    List<String> covers,
    PlannedTimes times,
    Budget budget,
    String reason,
    String ticket,
    String author,
    String place) {
  /** What becomes of slices during planned work. */
  public enum Budget {
    /** They count as usual; only notifications are held back. */
    KEEP,
    /** They leave the budget. */
    DROP,
    /** They count as good. */
    GOOD
  }

  /** Copies the list. */
  public MaintenanceDefinition {
    covers = List.copyOf(covers);
  }

  /** Whether these names cover an objective: by its own name, or by what it is about. */
  public static boolean covers(List<String> names, Objective objective) {
    for (String name : names) {
      if (name.equals("*")
          || name.equals(objective.id().value())
          || name.equals(objective.subject().name())
          || name.equals(objective.labels().get("dataset"))
          || name.equals(objective.labels().get("pipeline"))
          || name.equals(objective.labels().get("connector"))) {
        return true;
      }
    }
    return false;
  }
}
