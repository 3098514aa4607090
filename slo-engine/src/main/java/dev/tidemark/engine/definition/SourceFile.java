package dev.tidemark.engine.definition;

import java.util.Optional;

/**
 * One file of definitions.
 *
 * @param path as problems name it
 * @param text its content; empty when it could not be read
 * @param unreadable why it could not be read, if so: a problem of this file alone
 */
public record SourceFile(String path, String text, Optional<Problem> unreadable) {
  /** A file that was read. */
  public SourceFile(String path, String text) {
    this(path, text, Optional.empty());
  }

  /** A file that is there and could not be read. */
  public static SourceFile unreadable(String path, int line, int column, String why) {
    return new SourceFile(
        path, "", Optional.of(new Problem(path, line, column, Problem.Severity.ERROR, why)));
  }
}
