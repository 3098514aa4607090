package dev.tidemark.engine.definition;

import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Alert policies of OpenSLO v1: each has one condition of one window, which becomes a condition of
 * ours with a short window of a twelfth. The severities {@code page}, {@code critical} and {@code
 * high} page, every other word is a ticket. Documents are collected first, so that references may
 * point to other files. Not thread-safe.
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

  private final Map<String, YamlNode> policies = new LinkedHashMap<>();
  private final Map<String, YamlNode> conditions = new LinkedHashMap<>();
  private final Map<String, YamlNode> targets = new LinkedHashMap<>();
  private final Set<YamlNode> used = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Keeps a policy, a condition or a target by its name. */
  void add(String kind, String name, YamlNode spec) {
    switch (kind) {
      case "AlertPolicy" -> policies.put(name, spec);
      case "AlertCondition" -> conditions.put(name, spec);
      default -> {
        spec.warnsOfUnknown(Set.of("target", "description"));
        if (spec.required("target").isPresent()) {
          targets.put(name, spec);
        }
      }
    }
  }

  /** Warns of policies and conditions that nothing refers to; they change nothing. */
  void warnOfUnused() {
    policies.forEach((name, spec) -> warnUnless(used.contains(spec), "AlertPolicy", name, spec));
    conditions.forEach(
        (name, spec) -> warnUnless(used.contains(spec), "AlertCondition", name, spec));
  }

  private static void warnUnless(boolean used, String kind, String name, YamlNode spec) {
    if (!used) {
      spec.warn("nothing refers to the " + kind + " '" + name + "'");
    }
  }

  /** Returns the conditions of an SLO's policies, or ours when it names none. */
  List<BurnRateCondition> conditions(
      YamlNode spec, YamlNode element, Duration window, Target target, Duration slice) {
    List<YamlNode> named = spec.elements("alertPolicies");
    if (named.isEmpty()) {
      List<BurnRateCondition> usual = BurnPolicies.defaults(window, target);
      if (usual.isEmpty()) {
        element.warn(
            "at this target and window no burn rate can ever alert; lengthen the window or raise"
                + " the target");
      }
      return usual;
    }
    List<BurnRateCondition> read = new ArrayList<>();
    for (YamlNode policy : named) {
      find(policy, "alertPolicyRef", "AlertPolicy", policies)
          .ifPresent(body -> read.addAll(policy(body, window, target, slice)));
    }
    return read;
  }

  /** What a list element refers to, or its own spec. */
  private Optional<YamlNode> find(
      YamlNode element, String reference, String kind, Map<String, YamlNode> known) {
    String plain = element.value();
    Optional<String> name = plain.isEmpty() ? element.text(reference) : Optional.of(plain);
    if (name.isEmpty()) {
      Optional<YamlNode> inline = element.find("spec");
      if (inline.isEmpty()) {
        element.error("needs either '" + reference + "' or an inline " + kind + " with 'spec'");
      }
      return inline;
    }
    YamlNode found = known.get(name.get());
    if (found == null) {
      element.error(
          "there is no "
              + kind
              + " '"
              + name.get()
              + "'"
              + YamlNode.suggestion(name.get(), known.keySet()));
    }
    if (found != null) {
      used.add(found);
    }
    return Optional.ofNullable(found);
  }

  private List<BurnRateCondition> policy(
      YamlNode policy, Duration window, Target target, Duration slice) {
    policy.warnsOfUnknown(POLICY);
    List<YamlNode> elements = policy.elements("conditions");
    if (elements.size() != 1) {
      policy.error("an AlertPolicy has exactly one condition, not " + elements.size());
      return List.of();
    }
    for (YamlNode element : policy.elements("notificationTargets")) {
      find(element, "targetRef", "AlertNotificationTarget", targets)
          .ifPresent(
              found ->
                  element.warn(
                      "who is told is said by kind: Route, which selects by the labels of the SLO;"
                          + " this target is not used"));
    }
    if (policy.text("alertWhenBreaching").map("false"::equals).orElse(false)) {
      policy.warn("a policy that is not to alert when breaching is not used");
      return List.of();
    }
    if (policy.text("alertWhenNoData").map("true"::equals).orElse(false)) {
      policy
          .find("alertWhenNoData")
          .orElse(policy)
          .warn("silence is judged by the objective; noData there says whether it is bad");
    }
    return find(elements.get(0), "conditionRef", "AlertCondition", conditions)
        .flatMap(body -> condition(body, window, target, slice))
        .map(List::of)
        .orElse(List.of());
  }

  private static Optional<BurnRateCondition> condition(
      YamlNode spec, Duration window, Target target, Duration slice) {
    spec.warnsOfUnknown(Set.of("severity", "condition", "description"));
    String severity = spec.required("severity").orElse("ticket").toLowerCase(Locale.ROOT);
    Optional<YamlNode> found = spec.find("condition");
    if (found.isEmpty()) {
      spec.error("an AlertCondition needs 'condition' with kind, op, threshold and lookbackWindow");
      return Optional.empty();
    }
    YamlNode condition = found.get();
    condition.warnsOfUnknown(Set.of("kind", "op", "threshold", "lookbackWindow", "alertAfter"));
    String kind = condition.text("kind").orElse("burnrate");
    if (!kind.toLowerCase(Locale.ROOT).equals("burnrate")) {
      condition
          .find("kind")
          .orElse(condition)
          .error("'" + kind + "' is no condition" + YamlNode.suggestion(kind, KINDS_OF_CONDITION));
      return Optional.empty();
    }
    String op = condition.text("op").orElse("gte");
    if (op.startsWith("lt")) {
      condition
          .find("op")
          .orElse(condition)
          .warn(
              "'"
                  + op
                  + "' would alert while all is well, as in an old example of the specification;"
                  + " it is read as gte");
    }
    Optional<Duration> lookBack = duration(condition, "lookbackWindow");
    Optional<Double> factor = threshold(condition);
    if (lookBack.isEmpty() || factor.isEmpty()) {
      return Optional.empty();
    }
    if (condition.find("alertAfter").isPresent()
        && duration(condition, "alertAfter").map(after -> !after.isZero()).orElse(false)) {
      condition
          .find("alertAfter")
          .orElse(condition)
          .warn(
              "waiting is done by the short window, a twelfth of the long one, not by alertAfter");
    }
    BurnRateCondition read =
        new BurnRateCondition(
            lookBack.get(),
            lookBack.get().dividedBy(12),
            factor.get(),
            PAGES.contains(severity) ? Severity.PAGE : Severity.TICKET);
    AlertingParser.warnOf(condition, read, window, target, Duration.ZERO);
    return slice.compareTo(lookBack.get()) > 0 ? tooShort(condition) : Optional.of(read);
  }

  private static Optional<BurnRateCondition> tooShort(YamlNode condition) {
    condition.error("the lookbackWindow is shorter than one slice");
    return Optional.empty();
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
