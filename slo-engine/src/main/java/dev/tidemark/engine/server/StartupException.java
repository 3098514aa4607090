package dev.tidemark.engine.server;

/** The server cannot start; the message is one sentence with the reason and the way out. */
public final class StartupException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates one with its sentence. */
  public StartupException(String message) {
    super(message);
  }

  /** Creates one with its sentence and what led to it. */
  public StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
