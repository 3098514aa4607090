package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.budget.ErrorBudget;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides whether a risky deploy may go: not while any objective concerned burns faster than twice
 * its budget over an hour (or one slice, where slices are longer), and not while one has no budget
 * left. A handful of events closes no gate, as it pages nobody. Where nothing was measured no
 * budget speaks against it, and the answer says of whom nothing is known. Stateless.
 */
final class Gate {
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final double BURN_RATE = 2;
  private static final int REASONS_AT_MOST = 3;

  private Gate() {}

  /**
   * Decides over the objectives that go by a name.
   *
   * @param name of an objective, or of what objectives are about
   * @return empty when nothing has this name
   */
  static Optional<GateDecision> of(String name, Collection<ObjectiveBook> books) {
    List<ObjectiveBook> concerned =
        books.stream().filter(book -> isNamed(book.objective, name)).toList();
    return concerned.isEmpty() ? Optional.empty() : Optional.of(decide(concerned));
  }

  private static boolean isNamed(Objective objective, String name) {
    return objective.id().value().equals(name)
        || objective.subject().name().equals(name)
        || name.equals(objective.labels().get("dataset"))
        || name.equals(objective.labels().get("pipeline"));
  }

  private static GateDecision decide(List<ObjectiveBook> books) {
    List<String> reasons = new ArrayList<>();
    Instant until = Instant.MIN;
    List<ObjectiveId> unknown = new ArrayList<>();
    List<String> accidents = new ArrayList<>();
    for (ObjectiveBook book : books) {
      ObjectiveId id = book.objective.id();
      Spending spending = book.spending();
      BurnRate burn = spending.rate(WINDOW);
      String over = " over " + words(spending.effective(WINDOW));
      if (!burn.isKnown()) {
        unknown.add(id);
      }
      boolean fast = burn.reaches(BURN_RATE);
      if (fast && spending.isNoAccident(spending.over(WINDOW), BURN_RATE)) {
        reasons.add(id + " burns its budget at " + burn + over + "; 2× closes the gate");
        until = later(until, spending.coolsDownAt(WINDOW, BURN_RATE));
      }
      ErrorBudget budget = spending.governing();
      boolean spent = budget.leftRatio().orElse(1) <= 0;
      if (spent && spending.isNoAccident(budget.counts(), 1)) {
        reasons.add(
            id + " has no error budget left in " + budget.name() + ": " + budget.leftText());
        until = later(until, spending.refillsAt());
      } else if (spent || (fast && !spending.isNoAccident(spending.over(WINDOW), BURN_RATE))) {
        EventCounts few = spent ? budget.counts() : spending.over(WINDOW);
        accidents.add(id + " with " + Math.round(few.bad()) + " bad of " + Math.round(few.total()));
      }
    }
    return reasons.isEmpty()
        ? GateDecision.open(openReason(books.size(), unknown, accidents), unknown)
        : GateDecision.closed(
            reasons.stream().limit(REASONS_AT_MOST).collect(Collectors.joining("; and "))
                + (reasons.size() > REASONS_AT_MOST
                    ? "; and "
                        + (reasons.size() - REASONS_AT_MOST)
                        + (reasons.size() - REASONS_AT_MOST == 1 ? " more reason" : " more reasons")
                    : ""),
            until,
            unknown);
  }

  private static String openReason(
      int concerned, List<ObjectiveId> unknown, List<String> accidents) {
    StringBuilder reason = new StringBuilder();
    if (unknown.size() == concerned) {
      reason.append("nothing was measured lately, so no budget speaks against it");
    } else {
      reason
          .append("the budgets of ")
          .append(concerned - unknown.size())
          .append(" objective(s) allow it");
    }
    if (!accidents.isEmpty()) {
      reason.append("; too few events to say more of ").append(String.join(", ", accidents));
    }
    if (!unknown.isEmpty()) {
      reason
          .append("; nothing is known of ")
          .append(unknown.stream().map(ObjectiveId::value).collect(Collectors.joining(", ")));
    }
    return reason.toString();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  private static String words(Duration window) {
    if (window.toDays() > 0 && window.toHoursPart() == 0) {
      return window.toDays() + " d";
    }
    return window.toMinutesPart() == 0 ? window.toHours() + " h" : window.toMinutes() + " min";
  }
}
