package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.PlannedTimes.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
 * @param since nothing of it that lies before this leaves the budget: it was not known then
 */
public record MaintenanceDefinition(
    String name,
    List<String> covers,
    PlannedTimes times,
    Budget budget,
    String reason,
    String ticket,
    String author,
    String place,
    Instant since) {
  /** Labels whose values say what something is about. */
  public static final List<String> LABELS = List.of("dataset", "pipeline", "connector");

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

  /** Planned ever since. */
  MaintenanceDefinition(
      String name,
      List<String> covers,
      PlannedTimes times,
      Budget budget,
      String reason,
      String ticket,
      String author,
      String place) {
    this(name, covers, times, budget, reason, ticket, author, place, Instant.MIN);
  }

  /** The same, known since a moment. */
  public MaintenanceDefinition knownSince(Instant moment) {
    return new MaintenanceDefinition(
        name, covers, times, budget, reason, ticket, author, place, moment);
  }

  /** Stretches that touch [from, to) and are not older than {@link #since}, oldest first. */
  public List<Span> corrected(Instant from, Instant to) {
    if (!since.isAfter(from)) {
      return times.between(from, to);
    }
    return since.isBefore(to)
        ? times.between(since, to).stream()
            .map(span -> span.from().isBefore(since) ? new Span(since, span.to()) : span)
            .toList()
        : List.of();
  }

  /** Whether these names cover an objective: by its own name, or by what it is about. */
  public static boolean covers(List<String> names, Objective objective) {
    return covers(names, namesOf(objective));
  }

  /** Whether these names cover what has one of those names. */
  public static boolean covers(List<String> names, Collection<String> about) {
    for (String name : names) {
      if (name.equals("*") || about.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** The names of an objective: its own, and those of what it is about. */
  public static List<String> namesOf(Objective objective) {
    List<String> names = new ArrayList<>(5);
    names.add(objective.id().value());
    names.add(objective.subject().name());
    for (String label : LABELS) {
      String name = objective.labels().get(label);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }
}
