package dev.tidemark.engine.ingest.otlp;

import org.jspecify.annotations.Nullable;

/** A request that cannot be read at all. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates one; the reason is for the sender. */
  public MalformedException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
