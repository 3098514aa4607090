package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.math.BigDecimal;
import java.util.Optional;

/** Targets and other numbers as the tools write them. */
final class PromTarget {
  private PromTarget() {}

  /**
   * Reads a target, or complains.
   *
   * @param map that has it
   * @param key its member
   * @param shift 0 when written in percent, 2 when as a ratio
   * @return percent, above 0 and below 100
   */
  static Optional<Number> percent(YamlNode map, String key, int shift) {
    Optional<String> text = map.required(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    YamlNode at = map.find(key).orElse(map);
    try {
      BigDecimal percent = new BigDecimal(text.get().trim()).movePointRight(shift);
      if (percent.signum() > 0 && percent.compareTo(BigDecimal.valueOf(100)) < 0) {
        return Optional.of(plain(percent));
      }
      at.error(
          "a target of "
              + percent.stripTrailingZeros().toPlainString()
              + " % leaves "
              + (percent.signum() > 0 ? "no budget" : "nothing to promise")
              + ", so this objective is left out; write one above 0 % and below 100 %");
    } catch (NumberFormatException e) {
      at.error("'" + text.get() + "' is no number, so this objective is left out");
    }
    return Optional.empty();
  }

  /** Returns a number that YAML writes without an exponent. */
  static Number plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() <= 0 ? (Number) stripped.longValue() : (Number) stripped;
  }
}
