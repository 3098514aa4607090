package dev.tidemark.engine.definition;

/**
 * What becomes of a document of OpenSLO that breaks a rule of its specification and can be
 * understood all the same.
 */
public enum Strictness {
  /** A warning: most public files break some rule, and refusing them helps nobody. */
  LENIENT,
  /** An error: what is read here will be read by every other implementation as well. */
  STRICT
}
