package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Selector;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an objective of any tool comes to, on its way into a document of OpenSLO v1.
 *
 * @param name no other objective has it
 * @param displayName for people
 * @param service what it is about
 * @param description may be empty
 * @param labels for routes; {@code owner} or {@code team} is the owner too
 * @param indicator spec of the indicator
 * @param limit {@code op} and {@code value} for a threshold, else empty
 * @param percent the target
 * @param window length of the rolling window, such as {@code 30d}
 * @param conditions when somebody is told; absent means our default policy
 */
record Promise(
    String name,
    String displayName,
    String service,
    String description,
    Map<String, String> labels,
    Map<String, Object> indicator,
    Map<String, Object> limit,
    Number percent,
    String window,
    Optional<List<BurnRateCondition>> conditions) {

  /** Returns the indicator that counts a share of a total. */
  static Map<String, Object> ratio(PromRatio ratio) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("counter", true);
    body.put(ratio.isBad() ? "bad" : "good", source(ratio.share()));
    body.put("total", source(ratio.total()));
    return Map.of("ratioMetric", body);
  }

  /** Returns the indicator that compares a gauge. */
  static Map<String, Object> threshold(Selector gauge) {
    return Map.of("thresholdMetric", source(gauge));
  }

  private static Map<String, Object> source(Selector selector) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("metric", selector.metric());
    if (!selector.attributes().isEmpty()) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      new TreeMap<>(selector.attributes())
          .forEach((key, values) -> attributes.put(key, values.stream().sorted().toList()));
      spec.put("attributes", attributes);
    }
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("type", "tidemark");
    source.put("spec", spec);
    return Map.of("metricSource", source);
  }

  /** Returns the document. */
  Map<String, Object> document() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    metadata.put("displayName", displayName);
    if (!labels.isEmpty()) {
      metadata.put("labels", labels);
    }
    String owner = labels.getOrDefault("owner", labels.getOrDefault("team", ""));
    if (!owner.isEmpty()) {
      metadata.put("annotations", Map.of("tidemark.dev/owner", owner));
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    if (!description.isEmpty()) {
      spec.put("description", description);
    }
    spec.put("service", service);
    spec.put("indicator", Map.of("metadata", Map.of("name", name), "spec", indicator));
    Map<String, Object> rolling = new LinkedHashMap<>();
    rolling.put("duration", window);
    rolling.put("isRolling", true);
    spec.put("timeWindow", List.of(rolling));
    spec.put("budgetingMethod", "Occurrences");
    Map<String, Object> objective = new LinkedHashMap<>(limit);
    objective.put("targetPercent", percent);
    spec.put("objectives", List.of(objective));
    conditions.ifPresent(own -> spec.put("alertPolicies", policies(own)));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "openslo/v1");
    document.put("kind", "SLO");
    document.put("metadata", metadata);
    document.put("spec", spec);
    return document;
  }

  private List<Object> policies(List<BurnRateCondition> own) {
    List<Object> policies = new ArrayList<>();
    for (BurnRateCondition condition : own) {
      policies.add(
          policy(
              condition.severity(),
              condition.factor(),
              PromDuration.text(condition.longWindow()),
              true));
    }
    if (own.isEmpty()) {
      // OpenSLO has no word for "nobody is told": a policy that is not to alert says it.
      policies.add(policy(Severity.TICKET, 1, "1h", false));
    }
    return policies;
  }

  private Map<String, Object> policy(
      Severity severity, double factor, String lookBack, boolean alerts) {
    String word = severity.name().toLowerCase(Locale.ROOT);
    String policyName = name + (alerts ? "-" + word + "-" + lookBack : "-silent");
    Map<String, Object> burn = new LinkedHashMap<>();
    burn.put("kind", "burnrate");
    burn.put("op", "gte");
    burn.put("threshold", PromTarget.plain(new BigDecimal(factor, new MathContext(6))));
    burn.put("lookbackWindow", lookBack);
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("severity", word);
    condition.put("condition", burn);
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("kind", "AlertCondition");
    named.put("metadata", Map.of("name", policyName));
    named.put("spec", condition);
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("kind", "AlertPolicy");
    policy.put("metadata", Map.of("name", policyName));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("alertWhenBreaching", alerts);
    spec.put("conditions", List.of(named));
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("kind", "AlertNotificationTarget");
    target.put("metadata", Map.of("name", DefinitionParser.ROUTES_TARGET));
    target.put("spec", Map.of("target", DefinitionParser.ROUTES_TARGET));
    spec.put("notificationTargets", List.of(target));
    policy.put("spec", spec);
    return policy;
  }
}
