package dev.tidemark.dashboards.view;

import org.jspecify.annotations.Nullable;

/**
 * A bar with its number.
 *
 * @param text the number with its unit, such as {@code 62.5 % left}
 * @param fraction length of the bar; values outside 0 to 1 are drawn at the end; null is unknown
 * @param tone how it is meant
 * @param basis what the number rests on, or null
 */
public record Meter(String text, @Nullable Double fraction, Tone tone, @Nullable Basis basis) {
  /**
   * What a number rests on.
   *
   * @param text a few words, such as {@code 98 % known, silence bad}
   * @param title the same in sentences, shown to who points at it
   */
  public record Basis(String text, String title) {}

  /** A bar that says nothing of what it rests on. */
  public Meter(String text, @Nullable Double fraction, Tone tone) {
    this(text, fraction, tone, null);
  }

  /** The same bar, resting on this. */
  public Meter on(Basis changed) {
    return new Meter(text, fraction, tone, changed);
  }

  /** Returns a bar of which nothing is known. */
  public static Meter unknown(String text) {
    return new Meter(text, null, Tone.UNKNOWN);
  }

  /** Returns the length as an SVG percentage between 0 and 100. */
  public String percent() {
    double f = fraction == null || fraction.isNaN() ? 0 : Math.max(0, Math.min(1, fraction));
    return Math.round(f * 1000) / 10.0 + "%";
  }
}
