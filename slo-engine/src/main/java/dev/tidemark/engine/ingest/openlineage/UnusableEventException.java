package dev.tidemark.engine.ingest.openlineage;

/** An event that says nothing usable; the message tells the sender what is missing. */
public final class UnusableEventException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates one. */
  public UnusableEventException(String reason) {
    super(reason, null, false, false);
  }
}
