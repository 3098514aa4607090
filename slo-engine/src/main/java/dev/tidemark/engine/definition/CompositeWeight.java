package dev.tidemark.engine.definition;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** How much an objective counts among those of which another one is made. Stateless. */
final class CompositeWeight {
  private CompositeWeight() {}

  /**
   * Reads a weight above zero, which is 1 where none is given.
   *
   * @param problem what to say of a text that is none
   * @return empty when it is none, which has been said then
   */
  static Optional<Double> read(YamlNode body, String key, UnaryOperator<String> problem) {
    Optional<String> text = body.text(key);
    if (text.isEmpty()) {
      return Optional.of(1.0);
    }
    try {
      double weight = Double.parseDouble(text.get());
      if (weight > 0 && weight < Double.POSITIVE_INFINITY) {
        return Optional.of(weight);
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is not above zero.
    }
    body.find(key).orElse(body).error(problem.apply(text.get()));
    return Optional.empty();
  }
}
