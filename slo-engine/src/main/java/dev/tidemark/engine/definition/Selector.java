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
  /** The attribute that names a dataset. */
  static final String DATASET = "dataset";

  /** Copies the map. */
  public Selector {
    attributes = Map.copyOf(attributes);
  }

  /**
   * Returns whether the series is wanted. A dataset that a sender names with its namespace, such as
   * {@code postgres://db/shop.orders}, is also wanted by the last part of its name.
   */
  public boolean matches(Series series) {
    return matches(series, true);
  }

  /**
   * The same.
   *
   * @param byShortName whether the last part of a dataset's name is enough
   */
  boolean matches(Series series, boolean byShortName) {
    if (!series.metric().equals(metric)) {
      return false;
    }
    for (Map.Entry<String, Set<String>> wanted : attributes.entrySet()) {
      String value = series.attribute(wanted.getKey());
      if (value == null
          || !(wanted.getValue().contains(value)
              || (byShortName
                  && wanted.getKey().equals(DATASET)
                  && wanted.getValue().contains(shortName(value))))) {
        return false;
      }
    }
    return true;
  }

  /** The last part of a name with a namespace; a name without one is its own. */
  static String shortName(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
