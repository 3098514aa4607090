package dev.tidemark.engine.definition.importer;

/** A query says more than selectors can; the message tells what. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  Refused(String message) {
    super(message);
  }

  /** At a character, from 0. */
  Refused(String message, int at) {
    super(message + " (character " + (at + 1) + " of the query)");
  }
}
