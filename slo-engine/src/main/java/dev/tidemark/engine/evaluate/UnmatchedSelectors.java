package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.model.Series;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Definitions against what was really seen, before they are in force. Stateless. */
public final class UnmatchedSelectors {
  private UnmatchedSelectors() {}

  /**
   * Warns, at the place of its objective, of every selector that no series matches, with what it
   * probably means. Selectors of what need never happen, such as failures, are not among them.
   *
   * @param metrics names of metrics that came, beside those of the series
   * @param series that came, all those of the metrics that the definitions name
   */
  public static List<Problem> of(
      Definitions definitions, Collection<String> metrics, Collection<Series> series) {
    Evaluator evaluator = new Evaluator(definitions.objectives(), Instant.EPOCH);
    metrics.forEach(evaluator::stored);
    series.forEach(evaluator::stored);
    List<Problem> problems = new ArrayList<>();
    for (Objective objective : definitions.objectives()) {
      for (String unmatched : evaluator.unmatched(objective.sli())) {
        problems.add(
            Problem.at(
                objective.place(),
                Problem.Severity.WARNING,
                objective.id().value() + " asks for what was never seen: " + unmatched));
      }
    }
    return problems;
  }
}
