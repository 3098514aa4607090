package dev.tidemark.dashboards.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of the runbook that an incident asks for, to tick off; ticks can be undone.
 *
 * @param action path that the form posts to; null when the incident is over
 * @param from {@code runbook} when the form leads back to the runbook's page, else {@code incident}
 * @param steps in order, at least one
 */
public record StepsView(@Nullable String action, String from, List<Step> steps) {
  /** Whether there is one to tick off. */
  public boolean left() {
    return steps.stream().anyMatch(step -> !step.ticked());
  }

  /**
   * One step.
   *
   * @param number as the runbook shows it, from 1
   * @param text one sentence
   * @param code what it says to run or to look at; often empty
   * @param ticked whether it was done since the incident came
   * @param done who did it and when, also earlier times that the incident came; may be empty
   */
  public record Step(int number, String text, List<String> code, boolean ticked, String done) {
    /** Copies the list. */
    public Step {
      code = List.copyOf(code);
    }
  }
}
