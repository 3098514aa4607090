package dev.tidemark.engine.definition;

import dev.tidemark.engine.model.Series;
import java.util.Map;
import java.util.Set;

/**
 * Which series feed an objective: those of one metric whose attributes (or their resource's) have
 * one of the wanted values.
 *
 * @param metric the metric's exact name
 * @param attributes wanted values per attribute; an empty map wants every series of the metric
 */
public record Selector(String metric, Map<String, Set<String>> attributes) {
  /** Copies the map. */
  public Selector {
    attributes = Map.copyOf(attributes);
  }

  /** Returns whether the series is wanted. */
  public boolean matches(Series series) {
    if (!series.metric().equals(metric)) {
      return false;
    }
    for (Map.Entry<String, Set<String>> wanted : attributes.entrySet()) {
      String value = series.attribute(wanted.getKey());
      if (value == null || !wanted.getValue().contains(value)) {
        return false;
      }
    }
    return true;
  }
}
