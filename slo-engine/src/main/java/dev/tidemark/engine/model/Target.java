package dev.tidemark.engine.model;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The share of events or slices that must be good.
 *
 * @param ratio between 0 (exclusive) and 1 (inclusive); 1 is legal and leaves no budget
 * @param text how the owner wrote it, such as {@code 99.95%}
 */
public record Target(double ratio, String text) {
  /** Checks the range. */
  public Target {
    if (!(ratio > 0 && ratio <= 1)) {
      throw new IllegalArgumentException(
          "a target lies above 0 % and at most at 100 %, not " + text);
    }
  }

  /**
   * Reads {@code 99.95%} or {@code 0.9995}.
   *
   * @throws IllegalArgumentException when it is neither, or out of range
   */
  public static Target parse(String text) {
    String trimmed = text.trim();
    try {
      if (trimmed.endsWith("%")) {
        BigDecimal percent = new BigDecimal(trimmed.substring(0, trimmed.length() - 1).trim());
        return new Target(
            percent.divide(BigDecimal.valueOf(100), MathContext.DECIMAL64).doubleValue(), trimmed);
      }
      return new Target(new BigDecimal(trimmed).doubleValue(), trimmed);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a target; write 99.9% or 0.999", e);
    }
  }

  /** Returns {@code 1 - ratio}, the share that may be bad; 0 for a target of 100 %. */
  public double budgetRatio() {
    return BigDecimal.ONE.subtract(BigDecimal.valueOf(ratio)).doubleValue();
  }
}
