package dev.tidemark.engine.definition;

/**
 * Something wrong with a definition, with its place and the way out.
 *
 * @param file path as given
 * @param line from 1
 * @param column from 1
 * @param severity errors refuse the document, warnings do not; notes are worth knowing and no
 *     problem
 * @param message one sentence that says what to do
 */
public record Problem(String file, int line, int column, Severity severity, String message) {
  /** How bad. */
  public enum Severity {
    ERROR,
    WARNING,
    NOTE
  }

  /** Returns a problem at a {@code file:line:column}. */
  public static Problem at(String place, Severity severity, String message) {
    int column = place.lastIndexOf(':');
    int line = place.lastIndexOf(':', column - 1);
    return new Problem(
        place.substring(0, line),
        Integer.parseInt(place.substring(line + 1, column)),
        Integer.parseInt(place.substring(column + 1)),
        severity,
        message);
  }

  /** Returns {@code file:line:column: message}, as compilers print it. */
  @Override
  public String toString() {
    String mark =
        switch (severity) {
          case ERROR -> "";
          case WARNING -> "warning: ";
          case NOTE -> "note: ";
        };
    return file + ":" + line + ":" + column + ": " + mark + message;
  }
}
