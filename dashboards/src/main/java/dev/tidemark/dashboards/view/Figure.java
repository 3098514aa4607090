package dev.tidemark.dashboards.view;

import org.jspecify.annotations.Nullable;

/**
 * One number that matters, with its name.
 *
 * @param label what it is, such as {@code Ingest lag}
 * @param value the number with its unit, or a sentence such as {@code no cost signals yet}
 * @param tone how it is meant
 * @param note one line below, such as what it is compared with; null for none
 * @param href where more is known; null for nowhere
 */
public record Figure(
    String label, String value, Tone tone, @Nullable String note, @Nullable String href) {

  /** Returns a figure without note and link. */
  public static Figure of(String label, String value, Tone tone) {
    return new Figure(label, value, tone, null, null);
  }

  /** Returns whether the value is rather a sentence than a number, to be set smaller. */
  public boolean wordy() {
    return value.length() > 12;
  }
}
