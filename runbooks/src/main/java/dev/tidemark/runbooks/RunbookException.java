package dev.tidemark.runbooks;

/** A runbook cannot be read; the message names the file and what to change. */
public final class RunbookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunbookException(String message) {
    super(message);
  }

  RunbookException(String message, Throwable cause) {
    super(message, cause);
  }
}
