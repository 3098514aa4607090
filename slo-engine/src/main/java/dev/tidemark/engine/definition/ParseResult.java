package dev.tidemark.engine.definition;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was understood, and everything that was wrong.
 *
 * @param definitions the good documents
 * @param problems all of them, in the order of files and places
 * @param documents how many there are of each kind, good or not, by the kind's name
 */
public record ParseResult(
    Definitions definitions, List<Problem> problems, Map<String, Integer> documents) {
  /** Copies the collections. */
  public ParseResult {
    problems = List.copyOf(problems);
    documents = Collections.unmodifiableMap(new TreeMap<>(documents));
  }

  /** The same with other problems. */
  public ParseResult withProblems(List<Problem> others) {
    return new ParseResult(definitions, others, documents);
  }

  /** Whether any problem is an error. */
  public boolean hasErrors() {
    return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
  }
}
