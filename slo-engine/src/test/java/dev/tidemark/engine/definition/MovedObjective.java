package dev.tidemark.engine.definition;

/** An edit that says nothing new of what is promised. */
public final class MovedObjective {
  private MovedObjective() {}

  /** Returns the objective at another place, with another owner and runbook. */
  public static Objective of(Objective objective) {
    return new Objective(
        objective.id(),
        "Moved",
        objective.subject(),
        "team-checkout",
        objective.domain(),
        objective.sli(),
        objective.target(),
        objective.window(),
        objective.otherWindows(),
        objective.expectedEvents(),
        objective.slice(),
        objective.noData(),
        objective.roster(),
        objective.allowedLateness(),
        objective.conditions(),
        objective.guard(),
        objective.labels(),
        "another-runbook",
        "moved.yaml:7:1");
  }
}
