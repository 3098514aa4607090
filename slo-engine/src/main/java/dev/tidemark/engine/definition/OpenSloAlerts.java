package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Alert policies of OpenSLO v1: each has one condition of one window, which becomes a condition of
 * ours with a short window of a twelfth; {@code alertAfter} is how long it has to last. The
 * severities {@code page}, {@code critical} and {@code high} page, every other word is a ticket.
 * Documents are collected first, so that references may point to other files. Not thread-safe.
 */
final class OpenSloAlerts {
  private static final Set<String> PAGES =
      Set.of("page", "critical", "high", "sev1", "sev-1", "p1");
  private static final Set<String> POLICY =
      Set.of(
          "description",
          "alertWhenBreaching",
          "alertWhenResolved",
          "alertWhenNoData",
          "conditions",
          "notificationTargets");

  private static final Set<String> KINDS_OF_CONDITION = Set.of("burnrate");
  private static final Set<String> CONDITION =
      Set.of("kind", "op", "threshold", "lookbackWindow", "alertAfter");
  private static final Set<String> CONDITION_BEFORE_V1 =
      Set.of("kind", "operator", "threshold", "lookbackWindow", "alertAfter");
  private static final Set<String> OPS = Set.of("gte", "gt", "lte", "lt");

  private final Map<String, YamlNode> policies = new LinkedHashMap<>();
  private final Map<String, YamlNode> conditions = new LinkedHashMap<>();
  private final Map<String, YamlNode> targets = new LinkedHashMap<>();
  private final Set<YamlNode> used = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * Who is told about an objective.
   *
   * @param guard against a handful of events
   * @param silenceIsBad whether a policy asks to be told when there are no data
   */
  record Alerting(List<BurnRateCondition> conditions, LowCountGuard guard, boolean silenceIsBad) {}

  /** Keeps a policy, a condition or a target by its name. */
  void add(String kind, String name, YamlNode spec) {
    switch (kind) {
      case "AlertPolicy" -> policies.put(name, spec);
      case "AlertCondition" -> conditions.put(name, spec);
      default -> targets.put(name, spec);
    }
  }

  /** Checks policies, conditions and targets that nothing refers to; they change nothing. */
  void checkUnused() {
    unused("AlertPolicy", policies, this::check);
    unused("AlertCondition", conditions, OpenSloAlerts::checkCondition);
    unused("AlertNotificationTarget", targets, OpenSloRules::target);
  }

  private void check(YamlNode policy) {
    List<Map.Entry<YamlNode, BurnRateCondition>> unused = conditionsOf(policy);
  }

  private static void checkCondition(YamlNode spec) {
    Optional<BurnRateCondition> unused = condition(spec);
  }

  private void unused(String kind, Map<String, YamlNode> known, Consumer<YamlNode> check) {
    known.forEach(
        (name, spec) -> {
          if (!used.contains(spec)) {
            spec.warn("nothing refers to the " + kind + " '" + name + "'");
            check.accept(spec);
          }
        });
  }

  /**
   * Returns the conditions of our policy, of the SLO's policies, or the usual ones when it names
   * none.
   */
  Alerting of(
      YamlNode spec,
      OpenSloAnnotations annotations,
      YamlNode element,
      BudgetWindow window,
      Target target,
      Duration slice) {
    Duration length = window.nominal();
    List<BurnRateCondition> read = new ArrayList<>();
    boolean silenceIsBad = false;
    List<YamlNode> named = spec.elements("alertPolicies");
    for (YamlNode policy : named) {
      Optional<YamlNode> body = find(policy, "alertPolicyRef", "AlertPolicy", policies);
      if (body.isEmpty()) {
        continue;
      }
      for (Map.Entry<YamlNode, BurnRateCondition> own : conditionsOf(body.get())) {
        AlertingParser.warnOf(own.getKey(), own.getValue(), length, target, Duration.ZERO);
        if (slice.compareTo(own.getValue().longWindow()) > 0) {
          own.getKey().error("the lookbackWindow is shorter than one slice");
        } else {
          read.add(own.getValue());
        }
      }
      if (isTrue(body.get(), "alertWhenNoData")) {
        silenceIsBad = true;
        if (annotations.noData().isEmpty()) {
          body.get()
              .find("alertWhenNoData")
              .orElse(body.get())
              .warn(
                  "so that somebody is told of silence, a slice without data counts as a bad one;"
                      + " the annotation tidemark.dev/no-data may say otherwise");
        }
      }
    }
    if (annotations.hasPolicy()) {
      ZoneId zone =
          window instanceof BudgetWindow.Calendar calendar ? calendar.zone() : ZoneOffset.UTC;
      OpenSloAnnotations.Policy own = annotations.policy(length, target, slice, zone);
      return new Alerting(own.conditions(), own.guard(), silenceIsBad);
    }
    return new Alerting(
        named.isEmpty() ? AlertingParser.usual(element, length, target, Severity.PAGE) : read,
        LowCountGuard.DEFAULT,
        silenceIsBad);
  }

  /** What a list element refers to, or its own spec. */
  private Optional<YamlNode> find(
      YamlNode element, String reference, String kind, Map<String, YamlNode> known) {
    String plain = element.value();
    if (!plain.isEmpty()) {
      element.breaks("a reference is written {" + reference + ": " + plain + "}");
    }
    Optional<String> name = plain.isEmpty() ? element.text(reference) : Optional.of(plain);
    if (name.isEmpty()) {
      Optional<YamlNode> inline = element.find("spec");
      if (inline.isEmpty()) {
        element.error("needs either '" + reference + "' or an inline " + kind + " with 'spec'");
      } else {
        OpenSloRules.inline(element, kind, true);
      }
      return inline;
    }
    if (plain.isEmpty()) {
      element.specKnows(Set.of(reference));
      OpenSloRules.name(element, reference);
    }
    YamlNode found = known.get(name.get());
    if (found == null) {
      YamlNode at = element.find(reference).orElse(element);
      String missing =
          "there is no "
              + kind
              + " '"
              + name.get()
              + "'"
              + YamlNode.suggestion(name.get(), known.keySet());
      if (known == targets) {
        // Nothing depends on it here.
        at.breaks(missing);
      } else {
        at.error(missing);
      }
    } else {
      used.add(found);
    }
    return Optional.ofNullable(found);
  }

  /** The conditions of a policy by their places, whether they suit an objective or not. */
  private List<Map.Entry<YamlNode, BurnRateCondition>> conditionsOf(YamlNode policy) {
    policy.specKnows(POLICY);
    OpenSloRules.description(policy);
    for (String when : List.of("alertWhenBreaching", "alertWhenResolved", "alertWhenNoData")) {
      OpenSloRules.truth(policy, when);
    }
    targetsOf(policy);
    List<YamlNode> elements = policy.elements("conditions");
    if (elements.isEmpty()) {
      policy.error("an AlertPolicy has exactly one condition, not none");
    } else if (elements.size() > 1) {
      policy
          .find("conditions")
          .orElse(policy)
          .breaks(
              "an AlertPolicy has exactly one condition, not "
                  + elements.size()
                  + "; each of them alerts by itself");
    }
    List<Map.Entry<YamlNode, BurnRateCondition>> read = new ArrayList<>();
    for (YamlNode element : elements) {
      Optional<YamlNode> body = find(element, "conditionRef", "AlertCondition", conditions);
      Optional<BurnRateCondition> condition = body.flatMap(OpenSloAlerts::condition);
      if (body.isPresent() && condition.isPresent()) {
        read.add(Map.entry(body.get().find("condition").orElse(body.get()), condition.get()));
      }
    }
    return isUsed(policy) ? read : List.of();
  }

  private void targetsOf(YamlNode policy) {
    List<YamlNode> elements = policy.elements("notificationTargets");
    if (elements.isEmpty()) {
      policy
          .find("notificationTargets")
          .orElse(policy)
          .breaks("an AlertPolicy has at least one of 'notificationTargets'");
    }
    for (YamlNode element : elements) {
      Optional<YamlNode> found = find(element, "targetRef", "AlertNotificationTarget", targets);
      found.ifPresent(OpenSloRules::target);
      boolean routes =
          found
              .flatMap(target -> target.find("target"))
              .map(YamlNode::value)
              .filter(DefinitionParser.ROUTES_TARGET::equals)
              .isPresent();
      if (found.isPresent() && !routes) {
        element.warn(
            "who is told is said by kind: Route, which selects by the labels of the SLO; this target"
                + " is not used");
      }
    }
  }

  /** Says what the three switches of a policy come to here. */
  private static boolean isUsed(YamlNode policy) {
    Optional<YamlNode> breaching = policy.find("alertWhenBreaching");
    if (breaching.isEmpty()) {
      policy.warn("'alertWhenBreaching' is missing; it is read as true, or nothing would alert");
    } else if (breaching.get().value().equals("false")) {
      breaching.get().warn("a policy that is not to alert when breaching is not used");
      return false;
    }
    if (policy.find("alertWhenResolved").map(YamlNode::value).orElse("").equals("false")) {
      policy
          .find("alertWhenResolved")
          .orElse(policy)
          .warn("whoever was told of the beginning is told of the end; Route decides who that is");
    }
    return true;
  }

  private static boolean isTrue(YamlNode policy, String key) {
    return policy.find(key).map(YamlNode::value).orElse("").equals("true");
  }

  private static Optional<BurnRateCondition> condition(YamlNode spec) {
    spec.specKnows(Set.of("severity", "condition", "description"));
    OpenSloRules.description(spec);
    OpenSloRules.needs(spec, "severity", "it is read as ticket");
    String severity = spec.text("severity").orElse("ticket").toLowerCase(Locale.ROOT);
    spec.find("severity").ifPresent(at -> ValueLint.severity(at, PAGES));
    Optional<YamlNode> found = spec.find("condition");
    if (found.isEmpty()) {
      spec.error("an AlertCondition needs 'condition' with kind, op, threshold and lookbackWindow");
      return Optional.empty();
    }
    YamlNode condition = found.get();
    condition.specKnows(writesOperator(condition) ? CONDITION_BEFORE_V1 : CONDITION);
    String kind = condition.text("kind").orElse("burnrate");
    if (!kind.equals("burnrate")) {
      YamlNode at = condition.find("kind").orElse(condition);
      String unknown =
          "'" + kind + "' is no condition" + YamlNode.suggestion(kind, KINDS_OF_CONDITION);
      if (!kind.equalsIgnoreCase("burnrate")) {
        at.error(unknown);
        return Optional.empty();
      }
      at.breaks(unknown);
    }
    op(condition);
    Optional<Duration> lookBack = duration(condition, "lookbackWindow");
    Optional<Double> factor = threshold(condition);
    Optional<Duration> after =
        condition.find("alertAfter").isPresent()
            ? duration(condition, "alertAfter")
            : Optional.of(Duration.ZERO);
    if (lookBack.isEmpty() || factor.isEmpty() || after.isEmpty()) {
      return Optional.empty();
    }
    if (lookBack.get().isZero()) {
      condition.find("lookbackWindow").orElse(condition).error("a lookbackWindow is above 0");
      return Optional.empty();
    }
    return Optional.of(
        new BurnRateCondition(
            lookBack.get(),
            lookBack.get().dividedBy(12),
            factor.get(),
            PAGES.contains(severity) ? Severity.PAGE : Severity.TICKET,
            0,
            Optional.empty(),
            after.get()));
  }

  /** Files that are older than v1 of the specification, and many since, call it so. */
  private static boolean writesOperator(YamlNode condition) {
    return condition.find("operator").isPresent() && condition.find("op").isEmpty();
  }

  private static void op(YamlNode condition) {
    String key = writesOperator(condition) ? "operator" : "op";
    YamlNode at = condition.find(key).orElse(condition);
    if (key.equals("operator")) {
      at.breaks("OpenSLO v1 writes 'op', not 'operator'; it is read as that");
    } else {
      OpenSloRules.needs(condition, key, "it is read as gte");
    }
    String op = condition.text(key).orElse("gte");
    if (!OPS.contains(op)) {
      at.breaks("op is lte, gte, lt or gt, not '" + op + "'; it is read as gte");
    } else if (op.startsWith("lt")) {
      at.warn(
          "'"
              + op
              + "' would alert while all is well, as in an old example of the specification; it is"
              + " read as gte");
    }
  }

  private static Optional<Duration> duration(YamlNode condition, String key) {
    Optional<String> text = condition.required(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().matches("0+[mhdwMQY]?")) {
      return Optional.of(Duration.ZERO);
    }
    Optional<Duration> duration = Durations.parseOpenSlo(text.get());
    if (duration.isEmpty()) {
      condition
          .find(key)
          .orElse(condition)
          .error("'" + text.get() + "' is no duration; write one such as 1h");
    } else {
      Durations.specReads(condition, key);
    }
    return duration;
  }

  private static Optional<Double> threshold(YamlNode condition) {
    Optional<String> text = condition.required("threshold");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      double factor = Double.parseDouble(text.get());
      if (factor > 0) {
        return Optional.of(factor);
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is not above zero.
    }
    condition
        .find("threshold")
        .orElse(condition)
        .error("'" + text.get() + "' is no burn rate such as 14.4");
    return Optional.empty();
  }
}
