package dev.tidemark.engine.definition.folder;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is there and cannot be read; the message begins with {@code file:line:column}. */
public final class UnreadableException extends IOException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;
  private final String why;

  UnreadableException(Path file, int line, int column, String why) {
    super(file + ":" + line + ":" + column + ": " + why);
    this.line = line;
    this.column = column;
    this.why = why;
  }

  /** From 1. */
  int line() {
    return line;
  }

  /** From 1. */
  int column() {
    return column;
  }

  /** Why, and the way out, without the place. */
  String why() {
    return why;
  }
}
