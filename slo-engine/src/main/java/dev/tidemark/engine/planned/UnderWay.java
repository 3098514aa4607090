package dev.tidemark.engine.planned;

import dev.tidemark.alerting.SuppressedBy;
import dev.tidemark.engine.definition.MaintenanceDefinition;
import dev.tidemark.engine.definition.Objective;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Planned work that is under way at one moment: what somebody declared first, then what files plan.
 * Immutable; two are equal when they keep the same people quiet for the same reasons.
 */
public record UnderWay(List<Work> works) {
  /**
   * One work.
   *
   * @param covers names of objectives, or of what they are about; {@code *} is everything
   * @param why what people are shown
   */
  public record Work(List<String> covers, SuppressedBy.ByPlannedWork why) {}

  /** Copies the list. */
  public UnderWay {
    works = List.copyOf(works);
  }

  /** Why nobody is told about an objective, or empty. */
  public Optional<SuppressedBy> suppresses(Objective objective) {
    return suppresses(works.isEmpty() ? List.of() : MaintenanceDefinition.namesOf(objective));
  }

  /**
   * Why nobody is told about what has these names, or empty.
   *
   * @param about names of datasets, pipelines and connectors
   */
  public Optional<SuppressedBy> suppresses(Collection<String> about) {
    for (Work work : works) {
      if (MaintenanceDefinition.covers(work.covers(), about)) {
        return Optional.of(work.why());
      }
    }
    return Optional.empty();
  }
}
