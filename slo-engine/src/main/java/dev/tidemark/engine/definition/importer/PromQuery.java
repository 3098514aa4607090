package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A selector of Prometheus with every matcher spelled out in words.
 *
 * @param metric its name
 * @param attributes wanted values
 * @param excluded values that are not wanted; series without the label are
 * @param notes what was read in a narrower sense than it was written
 */
record PromQuery(
    String metric,
    Map<String, Set<String>> attributes,
    Map<String, Set<String>> excluded,
    List<String> notes) {
  PromQuery {
    attributes = Map.copyOf(attributes);
    excluded = Map.copyOf(excluded);
    notes = List.copyOf(notes);
  }

  /** Returns what is wanted, as ours. */
  Selector selector() {
    return new Selector(metric, attributes);
  }

  /** Returns whether both select the same series. */
  boolean isSameAs(PromQuery other) {
    return metric.equals(other.metric)
        && attributes.equals(other.attributes)
        && excluded.equals(other.excluded);
  }
}
