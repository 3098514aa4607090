package dev.tidemark.engine.definition;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code spec} of an OpenSLO indicator, turned into what the evaluator measures. A metric is
 * found when its source is of the type {@code tidemark}:
 *
 * <pre>
 * metricSource:
 *   type: tidemark
 *   spec: {metric: http.requests, attributes: {outcome: [success, redirect]}}
 * </pre>
 */
final class OpenSloIndicator {
  private static final String SOURCE_TYPE = "tidemark";
  private static final String HOW_TO =
      "Tidemark measures what arrives over OTLP: write type: tidemark with"
          + " spec: {metric: NAME, attributes: {KEY: VALUE}}";

  private static final Set<String> RAW_TYPES = Set.of("success", "failure");

  private final Map<String, YamlNode> dataSources;

  /**
   * Knows the sources that {@code metricSourceRef} may name.
   *
   * @param dataSources documents of kind DataSource by name
   */
  OpenSloIndicator(Map<String, YamlNode> dataSources) {
    this.dataSources = Map.copyOf(dataSources);
  }

  /** A comparison that the objective, not the indicator, knows in OpenSLO. */
  record Limit(Sli.Comparison comparison, double value) {}

  /**
   * Reads it, or returns empty after complaints.
   *
   * @param spec of the indicator
   * @param budgeting how its counts become budget
   * @param limit of the objective; without one a thresholdMetric is checked and left out
   */
  Optional<Sli> read(YamlNode spec, Sli.Budgeting budgeting, Optional<Limit> limit) {
    spec.specKnows(Set.of("description", "ratioMetric", "thresholdMetric"));
    OpenSloRules.description(spec);
    Optional<YamlNode> ratio = spec.find("ratioMetric");
    Optional<YamlNode> threshold = spec.find("thresholdMetric");
    if (ratio.isPresent() == threshold.isPresent()) {
      spec.error("an indicator has either a ratioMetric or a thresholdMetric");
      return Optional.empty();
    }
    if (ratio.isPresent()) {
      return ratio(ratio.get(), budgeting);
    }
    return selector(threshold.get())
        .flatMap(
            gauge ->
                limit.map(
                    own -> new Sli.Threshold("threshold", gauge, own.comparison(), own.value())));
  }

  /** Checks an indicator that no objective refers to. */
  void check(YamlNode spec) {
    Optional<Sli> unused =
        read(spec, new Sli.Budgeting.Occurrences(), Optional.of(new Limit(Sli.Comparison.LTE, 0)));
  }

  private Optional<Sli> ratio(YamlNode ratio, Sli.Budgeting budgeting) {
    ratio.specKnows(Set.of("counter", "good", "bad", "total", "raw", "rawType"));
    OpenSloRules.truth(ratio, "counter");
    Optional<YamlNode> good = ratio.find("good");
    Optional<YamlNode> bad = ratio.find("bad");
    Optional<YamlNode> total = ratio.find("total");
    if (ratio.find("raw").isPresent()) {
      return raw(ratio, budgeting, good.or(() -> bad).or(() -> total));
    }
    if ((good.isEmpty() && bad.isEmpty()) || total.isEmpty()) {
      ratio.error("a ratioMetric has 'total' and either 'good' or 'bad', or 'raw' with 'rawType'");
      return Optional.empty();
    }
    if (good.isPresent() && bad.isPresent()) {
      bad.get().breaks("'bad' stands beside 'good'; only 'good' is used");
    }
    ratio
        .find("rawType")
        .ifPresent(at -> at.breaks("'rawType' belongs to 'raw'; it says nothing here"));
    boolean isBad = good.isEmpty();
    Optional<Selector> part = selector(isBad ? bad.orElseThrow() : good.orElseThrow());
    Optional<Selector> whole = selector(total.get());
    if (part.isEmpty() || whole.isEmpty()) {
      return Optional.empty();
    }
    SelectorLint.ratio(ratio, part.get(), whole.get());
    return Optional.of(new Sli.Ratio("ratio", part.get(), isBad, whole.get(), budgeting));
  }

  private Optional<Sli> raw(YamlNode ratio, Sli.Budgeting budgeting, Optional<YamlNode> beside) {
    if (beside.isPresent()) {
      beside.get().error("'raw' stands beside it and is a ratio by itself; leave one of them out");
    }
    Optional<String> type = ratio.required("rawType");
    if (type.isPresent() && !RAW_TYPES.contains(type.get())) {
      ratio
          .find("rawType")
          .orElse(ratio)
          .error(
              "rawType is success or failure, not '"
                  + type.get()
                  + "'"
                  + YamlNode.suggestion(type.get(), RAW_TYPES));
      return Optional.empty();
    }
    Optional<Selector> gauge = ratio.find("raw").flatMap(this::selector);
    return beside.isPresent() || type.isEmpty()
        ? Optional.empty()
        : gauge.map(
            found -> new Sli.RawRatio("ratio", found, type.get().equals("failure"), budgeting));
  }

  private Optional<Selector> selector(YamlNode metric) {
    metric.specKnows(Set.of("metricSource"));
    Optional<YamlNode> source = metric.find("metricSource");
    if (source.isEmpty()) {
      metric.error("a metric needs 'metricSource'; " + HOW_TO);
      return Optional.empty();
    }
    source.get().specKnows(Set.of("metricSourceRef", "type", "spec"));
    OpenSloRules.name(source.get(), "metricSourceRef");
    Optional<YamlNode> spec = source.get().find("spec");
    if (spec.isEmpty() || spec.get().keys().isEmpty()) {
      spec.orElseGet(source::get).breaks("a metricSource needs 'spec' with at least one member");
    }
    Optional<String> type = type(source.get());
    if (type.isEmpty()) {
      return Optional.empty();
    }
    if (!type.get().equalsIgnoreCase(SOURCE_TYPE)) {
      source
          .get()
          .warn(
              "a metric source of type '"
                  + type.get()
                  + "' is not asked, so what it measures is left out; "
                  + HOW_TO);
      return Optional.empty();
    }
    if (spec.isEmpty() || spec.get().find("metric").isEmpty()) {
      spec.orElseGet(source::get).error("the metric's name is missing; " + HOW_TO);
      return Optional.empty();
    }
    spec.get().onlyKnows(Set.of("metric", "attributes"));
    return spec.get()
        .text("metric")
        .map(name -> new Selector(name, attributes(spec.get().find("attributes"))));
  }

  /** The type by itself or by reference, or empty after a complaint. */
  private Optional<String> type(YamlNode source) {
    Optional<String> own = source.text("type");
    Optional<String> reference = source.text("metricSourceRef");
    if (reference.isEmpty()) {
      if (own.isEmpty()) {
        source.breaks(
            "without 'metricSourceRef' a metricSource needs 'type'; it is read as type: "
                + SOURCE_TYPE);
      }
      return own.or(() -> Optional.of(SOURCE_TYPE));
    }
    YamlNode at = source.find("metricSourceRef").orElse(source);
    YamlNode named = dataSources.get(reference.get());
    if (named == null) {
      String missing =
          "there is no DataSource '"
              + reference.get()
              + "'"
              + YamlNode.suggestion(reference.get(), dataSources.keySet());
      if (own.isPresent()) {
        at.breaks(missing);
      } else {
        at.error(missing);
      }
      return own;
    }
    Optional<String> theirs = named.text("type");
    if (own.isPresent() && theirs.isPresent() && !own.get().equalsIgnoreCase(theirs.get())) {
      at.warn(
          "the DataSource is of type '"
              + theirs.get()
              + "', and here stands '"
              + own.get()
              + "', which counts");
    }
    return own.or(() -> theirs).or(() -> Optional.of(SOURCE_TYPE));
  }

  private static Map<String, Set<String>> attributes(Optional<YamlNode> attributes) {
    Map<String, Set<String>> wanted = new HashMap<>();
    attributes.ifPresent(
        map -> {
          SelectorLint.selector(map);
          for (String key : map.keys()) {
            wanted.put(key, new LinkedHashSet<>(map.oneOrMore(key)));
          }
        });
    return wanted;
  }

  /** Reads {@code op} and {@code value} of an objective; empty after a complaint. */
  static Optional<Limit> limit(YamlNode objective) {
    if (objective.find("op").isEmpty() && objective.find("value").isEmpty()) {
      objective.error(
          "a thresholdMetric needs 'op' and 'value' in the objective, such as op: lte, value: 5");
      return Optional.empty();
    }
    Map<String, Sli.Comparison> words = new LinkedHashMap<>();
    for (Sli.Comparison comparison : Sli.Comparison.values()) {
      words.put(comparison.name().toLowerCase(Locale.ROOT), comparison);
    }
    Optional<String> op = objective.required("op");
    Optional<String> value = objective.required("value");
    if (op.isEmpty() || value.isEmpty()) {
      return Optional.empty();
    }
    Sli.Comparison comparison = words.get(op.get());
    if (comparison == null) {
      objective
          .find("op")
          .orElse(objective)
          .error("op is lte, gte, lt or gt, not '" + op.get() + "'");
      return Optional.empty();
    }
    try {
      return Optional.of(new Limit(comparison, Double.parseDouble(value.get())));
    } catch (NumberFormatException e) {
      objective
          .find("value")
          .orElse(objective)
          .error("'" + value.get() + "' is not a number such as 5");
      return Optional.empty();
    }
  }
}
