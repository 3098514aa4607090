package dev.tidemark.engine.definition;

import dev.tidemark.engine.model.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds who selects a series without asking everybody who selects of its metric: selectors are
 * filed under the values of the attribute that tells most of them apart. Immutable once built.
 *
 * @param <T> who selects
 */
public final class SelectorIndex<T> {
  private final Map<String, Metric<T>> metrics = new HashMap<>();

  /**
   * Somebody and a selector of theirs.
   *
   * @param <T> who selects
   */
  public record Entry<T>(Selector selector, T owner) {}

  /** What selects series of one metric. */
  private static final class Metric<T> {
    final Map<String, Set<String>> values = new HashMap<>();
    final Map<String, Map<String, List<Entry<T>>>> filed = new HashMap<>();
    final List<Entry<T>> unfiled = new ArrayList<>();
  }

  /** Files all of these. */
  public SelectorIndex(List<Entry<T>> entries) {
    for (Entry<T> entry : entries) {
      Metric<T> metric = metrics.computeIfAbsent(entry.selector().metric(), name -> new Metric<>());
      entry
          .selector()
          .attributes()
          .forEach(
              (key, wanted) ->
                  metric.values.computeIfAbsent(key, k -> new HashSet<>()).addAll(wanted));
    }
    for (Entry<T> entry : entries) {
      file(metrics.computeIfAbsent(entry.selector().metric(), name -> new Metric<>()), entry);
    }
  }

  private static <T> void file(Metric<T> metric, Entry<T> entry) {
    Map<String, Set<String>> attributes = entry.selector().attributes();
    String best = "";
    int most = 0;
    for (String key : attributes.keySet()) {
      int distinct = metric.values.getOrDefault(key, Set.of()).size();
      if (distinct > most) {
        most = distinct;
        best = key;
      }
    }
    if (best.isEmpty()) {
      metric.unfiled.add(entry);
      return;
    }
    Map<String, List<Entry<T>>> byValue =
        metric.filed.computeIfAbsent(best, key -> new HashMap<>());
    for (String value : attributes.getOrDefault(best, Set.of())) {
      byValue.computeIfAbsent(value, wanted -> new ArrayList<>()).add(entry);
    }
  }

  /** Whether anybody selects series of this metric. */
  public boolean knows(String metric) {
    return metrics.containsKey(metric);
  }

  /** Returns the attributes by which anybody selects series of this metric. */
  public Set<String> keys(String name) {
    Metric<T> metric = metrics.get(name);
    return metric == null ? Set.of() : metric.values.keySet();
  }

  /**
   * Returns who selects the series, each once, in the order of filing under one key. A dataset's
   * name with its namespace is found by its last part too, unless somebody selects by the whole.
   */
  public List<T> find(Series series) {
    Metric<T> metric = metrics.get(series.metric());
    if (metric == null) {
      return List.of();
    }
    String dataset = series.attribute(Selector.DATASET);
    boolean byShortName =
        dataset != null
            && !metric.values.getOrDefault(Selector.DATASET, Set.of()).contains(dataset);
    Set<T> found = new LinkedHashSet<>();
    addMatching(metric.unfiled, series, byShortName, found);
    metric.filed.forEach(
        (key, byValue) -> {
          String value = series.attribute(key);
          if (value != null) {
            addMatching(byValue.getOrDefault(value, List.of()), series, byShortName, found);
            String last = Selector.shortName(value);
            if (byShortName && key.equals(Selector.DATASET) && !last.equals(value)) {
              addMatching(byValue.getOrDefault(last, List.of()), series, true, found);
            }
          }
        });
    return List.copyOf(found);
  }

  private static <T> void addMatching(
      List<Entry<T>> entries, Series series, boolean byShortName, Set<T> found) {
    for (Entry<T> entry : entries) {
      if (entry.selector().matches(series, byShortName)) {
        found.add(entry.owner());
      }
    }
  }
}
