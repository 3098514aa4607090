package dev.tidemark.engine.condition;

/**
 * What is odd about an objective as it runs, for whoever wrote it. Nobody is paged for it.
 *
 * @param kind what it is about
 * @param text in words, with the way out where it is known
 */
public record Remark(Kind kind, String text) {
  /** What can be odd. */
  public enum Kind {
    /** A selector has not found a single series. */
    NEVER_MATCHED,
    /** More good (or more bad) events than all events together. */
    MORE_THAN_ALL,
    /** Not one good event or slice since it is watched. */
    ALWAYS_BAD;

    /** Returns it as programs see it, such as {@code never-matched}. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
