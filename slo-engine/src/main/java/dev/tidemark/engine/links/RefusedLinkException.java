package dev.tidemark.engine.links;

/** A link allows nothing; the message is one sentence for whoever opened it. */
public final class RefusedLinkException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedLinkException(String message) {
    super(message);
  }
}
