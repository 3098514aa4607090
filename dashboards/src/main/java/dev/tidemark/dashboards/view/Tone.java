package dev.tidemark.dashboards.view;

import java.util.Locale;

/**
 * How a value is meant. Each tone has a colour, a sign and a word, so that nothing depends on
 * colour alone.
 */
public enum Tone {
  /** As promised. */
  GOOD("✓", "good"),
  /** Still within the promise, but not for long. */
  WARN("!", "at risk"),
  /** The promise is broken. */
  BAD("✕", "bad"),
  /** No statement is possible: no signals, or too few. */
  UNKNOWN("?", "unknown"),
  /** A plain fact, neither good nor bad. */
  NEUTRAL("", "");

  private final String sign;
  private final String word;

  Tone(String sign, String word) {
    this.sign = sign;
    this.word = word;
  }

  /** Returns the name used in style sheets, such as {@code good}. */
  public String css() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns a one-character sign, empty for {@link #NEUTRAL}. */
  public String sign() {
    return sign;
  }

  /** Returns a word for people who do not see the colour, empty for {@link #NEUTRAL}. */
  public String word() {
    return word;
  }
}
