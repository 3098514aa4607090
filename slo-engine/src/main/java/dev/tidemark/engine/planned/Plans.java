package dev.tidemark.engine.planned;

import dev.tidemark.alerting.SuppressedBy;
import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.MaintenanceDefinition;
import dev.tidemark.engine.definition.MaintenanceDefinition.Budget;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.PlannedTimes.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that is planned, in files and by declaration, as it bears on objectives. Immutable.
 *
 * @param declared by hand
 * @param maintenance in files
 */
public record Plans(List<PlannedWork> declared, List<MaintenanceDefinition> maintenance) {
  /** Nothing is planned. */
  public static final Plans NONE = new Plans(List.of(), List.of());

  /** How far ahead corrections are told; within it they have to be asked for again. */
  public static final Duration AHEAD = Duration.ofDays(8);

  /** Copies the lists. */
  public Plans {
    declared = List.copyOf(declared);
    maintenance = List.copyOf(maintenance);
  }

  /** What only the files plan. */
  public static Plans of(Definitions definitions) {
    return new Plans(List.of(), definitions.maintenance());
  }

  /** The same declarations beside other files. */
  public Plans with(Definitions definitions) {
    return new Plans(declared, definitions.maintenance());
  }

  /**
   * The same as people knew it at a moment, see {@link PlannedWork#knownAt}: what was declared
   * keeps nobody quiet before its declaration, and takes nothing out of the past before its
   * approval.
   */
  public Plans knownAt(Instant moment) {
    return new Plans(
        declared.stream().map(work -> work.knownAt(moment)).flatMap(Optional::stream).toList(),
        maintenance);
  }

  /** The moments at which {@link #knownAt} changes, ascending, each once. */
  public List<Instant> learnt() {
    return declared.stream()
        .flatMap(
            work ->
                Stream.concat(Stream.of(work.declaredAt()), Stream.ofNullable(work.decidedAt())))
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * Stretches of event time that leave the budget of an objective, or count as good in it: as far
   * back as its windows reach, and {@link #AHEAD}.
   */
  public List<Correction> corrections(Objective objective, Instant now) {
    return corrections(objective, now.minus(objective.reach()), now.plus(AHEAD));
  }

  /** The same for the stretches that touch [from, to). */
  public List<Correction> corrections(Objective objective, Instant from, Instant to) {
    List<Correction> corrections = new ArrayList<>();
    for (PlannedWork work : declared) {
      if (work.covers(objective)) {
        for (Span span : work.corrected(from, to)) {
          corrections.add(new Correction(work.id(), span.from(), span.to(), mode(work.budget())));
        }
      }
    }
    for (MaintenanceDefinition planned : maintenance) {
      if (planned.budget() != Budget.KEEP
          && MaintenanceDefinition.covers(planned.covers(), objective)) {
        for (Span span : planned.corrected(from, to)) {
          corrections.add(
              new Correction(planned.name(), span.from(), span.to(), mode(planned.budget())));
        }
      }
    }
    return corrections;
  }

  private static Correction.Mode mode(Budget budget) {
    return switch (budget) {
      case KEEP -> Correction.Mode.KEEP;
      case DROP -> Correction.Mode.DROP;
      case GOOD -> Correction.Mode.GOOD;
    };
  }

  /** What is under way at a moment. */
  public UnderWay at(Instant moment) {
    List<UnderWay.Work> works = new ArrayList<>();
    for (PlannedWork work : declared) {
      if (work.active(moment)) {
        works.add(
            new UnderWay.Work(
                work.covers(),
                new SuppressedBy.ByPlannedWork(work.id(), work.ticket(), work.reason())));
      }
    }
    for (MaintenanceDefinition planned : maintenance) {
      if (planned.times().between(moment, moment.plusMillis(1)).stream()
          .anyMatch(span -> span.contains(moment))) {
        works.add(
            new UnderWay.Work(
                planned.covers(),
                new SuppressedBy.ByPlannedWork(
                    planned.name(), planned.ticket(), planned.reason())));
      }
    }
    return new UnderWay(works);
  }

  /** Why nobody is told about an objective now, or empty. */
  public Optional<SuppressedBy> suppresses(Objective objective, Instant at) {
    return at(at).suppresses(objective);
  }
}
