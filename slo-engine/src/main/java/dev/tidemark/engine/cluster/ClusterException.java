package dev.tidemark.engine.cluster;

/** This server cannot take its place among the others; the message says why. */
public final class ClusterException extends Exception {
  private static final long serialVersionUID = 1L;

  ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
