package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.model.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the objectives that a series feeds without asking every objective of its metric: selectors
 * are filed under the value of the attribute that tells most of them apart. Immutable once built.
 */
final class FeedIndex {
  private final Map<String, Metric> metrics = new HashMap<>();

  /** What selects series of one metric. */
  private static final class Metric {
    final Map<String, Set<String>> values = new HashMap<>();
    final Map<String, Map<String, Set<ObjectiveState>>> filed = new HashMap<>();
    final Set<ObjectiveState> unfiled = new LinkedHashSet<>();
  }

  /** Files all selectors of these objectives. */
  FeedIndex(List<ObjectiveState> states) {
    for (ObjectiveState state : states) {
      for (Selector selector : Evaluator.selectors(state.objective.sli())) {
        Metric metric = metrics.computeIfAbsent(selector.metric(), name -> new Metric());
        selector
            .attributes()
            .forEach(
                (key, wanted) ->
                    metric.values.computeIfAbsent(key, k -> new HashSet<>()).addAll(wanted));
      }
    }
    for (ObjectiveState state : states) {
      for (Selector selector : Evaluator.selectors(state.objective.sli())) {
        file(metrics.computeIfAbsent(selector.metric(), name -> new Metric()), selector, state);
      }
    }
  }

  private static void file(Metric metric, Selector selector, ObjectiveState state) {
    String best = "";
    int most = 0;
    for (String key : selector.attributes().keySet()) {
      int distinct = metric.values.getOrDefault(key, Set.of()).size();
      if (distinct > most) {
        most = distinct;
        best = key;
      }
    }
    if (best.isEmpty()) {
      metric.unfiled.add(state);
      return;
    }
    Map<String, Set<ObjectiveState>> byValue =
        metric.filed.computeIfAbsent(best, key -> new HashMap<>());
    for (String value : selector.attributes().getOrDefault(best, Set.of())) {
      byValue.computeIfAbsent(value, wanted -> new LinkedHashSet<>()).add(state);
    }
  }

  /** Whether any objective reads this metric. */
  boolean knows(String metric) {
    return metrics.containsKey(metric);
  }

  /** Returns the attributes by which anything selects series of this metric. */
  Set<String> keys(String name) {
    Metric metric = metrics.get(name);
    return metric == null ? Set.of() : metric.values.keySet();
  }

  /** Returns the objectives that the series feeds. */
  List<ObjectiveState> feeds(Series series) {
    Metric metric = metrics.get(series.metric());
    if (metric == null) {
      return List.of();
    }
    Set<ObjectiveState> candidates = new LinkedHashSet<>(metric.unfiled);
    metric.filed.forEach(
        (key, byValue) -> {
          String value = series.attribute(key);
          if (value != null) {
            candidates.addAll(byValue.getOrDefault(value, Set.of()));
          }
        });
    List<ObjectiveState> feeds = new ArrayList<>();
    for (ObjectiveState state : candidates) {
      for (Selector selector : Evaluator.selectors(state.objective.sli())) {
        if (selector.matches(series)) {
          feeds.add(state);
          break;
        }
      }
    }
    return feeds;
  }
}
