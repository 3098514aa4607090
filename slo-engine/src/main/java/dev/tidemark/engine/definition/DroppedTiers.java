package dev.tidemark.engine.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Says which of the usual conditions an objective does without because they could never hold: a
 * lower target leaves more budget, and not even everything bad burns it fast enough. Stateless.
 */
public final class DroppedTiers {
  private DroppedTiers() {}

  /** Returns a note per objective whose owner names no conditions and where some are left out. */
  public static List<Problem> of(Definitions definitions) {
    List<Problem> notes = new ArrayList<>();
    for (Objective objective : definitions.objectives()) {
      var window = objective.window().nominal();
      List<BurnRateCondition> dropped = BurnPolicies.unreachable(window, objective.target());
      boolean usual =
          objective.conditions().equals(BurnPolicies.defaults(window, objective.target()));
      if (usual && !dropped.isEmpty()) {
        notes.add(
            Problem.at(
                objective.place(),
                Problem.Severity.NOTE,
                String.format(
                    Locale.ROOT,
                    "%s: at %s not even everything bad burns faster than %.4g, so the usual %s can"
                        + " never hold and %s left out",
                    objective.id().value(),
                    objective.target().text(),
                    1 / objective.target().budgetRatio(),
                    dropped.stream().map(DroppedTiers::words).collect(Collectors.joining(", ")),
                    dropped.size() == 1 ? "is" : "are")));
      }
    }
    return notes;
  }

  private static String words(BurnRateCondition condition) {
    return String.format(
        Locale.ROOT,
        "%s at %.4g over %d h",
        condition.severity().name().toLowerCase(Locale.ROOT),
        condition.factor(),
        condition.longWindow().toHours());
  }
}
