package dev.tidemark.runbooks;

import java.util.List;

/**
 * One numbered step of a runbook. Immutable.
 *
 * @param number as the runbook's page shows it: from 1, counted through all of its sections
 * @param text its first sentence or paragraph, as plain text
 * @param code what it says to run or to look at, one text for each block; often empty
 */
public record Step(int number, String text, List<String> code) {
  /** Copies the list. */
  public Step {
    code = List.copyOf(code);
  }
}
