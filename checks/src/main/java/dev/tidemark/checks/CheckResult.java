package dev.tidemark.checks;

/**
 * What came of one check.
 *
 * @param check its name
 * @param dataset that was looked at
 * @param outcome how it went
 * @param message a sentence for people: what was seen against what was wanted
 */
public record CheckResult(String check, String dataset, Outcome outcome, String message) {
  /** How a check went. Only the first two say something about the data. */
  public enum Outcome {
    /** As wanted. */
    PASSED,
    /** Not as wanted. */
    FAILED,
    /** Too little was there to say anything. */
    NOT_ENOUGH_DATA,
    /** The question could not be asked. */
    ERROR
  }
}
