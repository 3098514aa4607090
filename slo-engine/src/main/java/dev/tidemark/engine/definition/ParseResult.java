package dev.tidemark.engine.definition;

import java.util.List;

/**
 * What was understood, and everything that was wrong.
 *
 * @param definitions the good documents
 * @param problems all of them, in the order of files and places
 */
public record ParseResult(Definitions definitions, List<Problem> problems) {
  /** Copies the list. */
  public ParseResult {
    problems = List.copyOf(problems);
  }

  /** Whether any problem is an error. */
  public boolean hasErrors() {
    return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
  }
}
