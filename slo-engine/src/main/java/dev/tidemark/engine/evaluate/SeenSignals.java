package dev.tidemark.engine.evaluate;

import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.model.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Which selectors have ever found a series, and what else was seen, so that a misspelt one can be
 * told what it probably means. Bounded. Not thread-safe: owned by the {@link Evaluator}.
 */
final class SeenSignals {
  private static final int METRICS_AT_MOST = 10_000;
  private static final int VALUES_AT_MOST = 1_000;

  private final Set<String> metrics = new HashSet<>();
  private final Map<String, Map<String, Set<String>>> values = new HashMap<>();
  private final Set<Selector> matched = new HashSet<>();

  /** Notes the name of a metric that came. */
  void metric(String name) {
    if (metrics.size() < METRICS_AT_MOST) {
      metrics.add(name);
    }
  }

  /**
   * Notes a series of a metric that selectors name.
   *
   * @param keys attributes by which any of them selects
   * @param feeds objectives that it feeds
   */
  void series(Series series, Iterable<String> keys, Iterable<ObjectiveState> feeds) {
    metric(series.metric());
    for (ObjectiveState state : feeds) {
      for (Selector selector : state.objective.sli().selectors()) {
        if (selector.matches(series)) {
          matched.add(selector);
        }
      }
    }
    for (String key : keys) {
      String value = series.attribute(key);
      Set<String> known =
          values
              .computeIfAbsent(series.metric(), metric -> new HashMap<>())
              .computeIfAbsent(key, attribute -> new HashSet<>());
      if (value != null && known.size() < VALUES_AT_MOST) {
        known.add(value);
      }
    }
  }

  /** Returns the selectors of an indicator that have never found a series and have to. */
  List<Selector> unmatched(Sli sli) {
    List<Selector> missing = new ArrayList<>();
    for (Selector selector : sli.selectors()) {
      // Nothing bad may ever have happened.
      boolean optional =
          sli instanceof Sli.Ratio ratio && ratio.goodIsBad() && selector.equals(ratio.good());
      if (!optional && !matched.contains(selector)) {
        missing.add(selector);
      }
    }
    return missing;
  }

  /** Says in words what a selector looked for and what it probably means. */
  String describe(Selector selector) {
    String metric = selector.metric();
    if (!metrics.contains(metric)) {
      String nearest = nearest(metric, metrics);
      return "no metric " + metric + " has ever come" + question(nearest);
    }
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Set<String>> wanted :
        new java.util.TreeMap<>(selector.attributes()).entrySet()) {
      Set<String> known =
          values.getOrDefault(metric, Map.of()).getOrDefault(wanted.getKey(), Set.of());
      if (wanted.getValue().stream().noneMatch(known::contains)) {
        String first = new TreeSet<>(wanted.getValue()).first();
        wrong.add(
            wanted.getKey()
                + "="
                + String.join("|", new TreeSet<>(wanted.getValue()))
                + (known.isEmpty()
                    ? " (it comes without this attribute)"
                    : question(nearest(first, known))));
      }
    }
    return metric
        + " comes, but never with "
        + (wrong.isEmpty()
            ? selector.attributes().entrySet().stream()
                    .map(e -> e.getKey() + "=" + String.join("|", new TreeSet<>(e.getValue())))
                    .sorted()
                    .collect(Collectors.joining(" and "))
                + " together"
            : String.join(" and ", wrong));
  }

  private static String question(String nearest) {
    return nearest.isEmpty() ? "" : "; nearest is '" + nearest + "'";
  }

  /** Returns the name that differs least, at most by half of its letters, or an empty text. */
  private static String nearest(String name, Set<String> known) {
    int best = Math.max(2, name.length() / 2) + 1;
    String nearest = "";
    for (String candidate : new TreeSet<>(known)) {
      int distance = new LevenshteinDistance(best).apply(name, candidate);
      if (distance >= 0 && distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }
}
