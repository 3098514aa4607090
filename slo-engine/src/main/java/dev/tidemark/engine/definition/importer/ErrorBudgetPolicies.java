package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The error budget policies of slo-generator: of its shared configuration, and of version 1's own
 * file, a list of steps. A step becomes a burn-rate condition, the longest is the budget's window.
 * Not thread-safe.
 *
 * <p>Source: slo-generator's documentation, "Error budget policy", and its migration guide.
 */
final class ErrorBudgetPolicies {
  /** Under this name Importer wraps a document that is a list. */
  static final String STEPS = "steps";

  private static final String POLICIES = "error_budget_policies";
  private static final String DEFAULT = "default";
  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * One policy.
   *
   * @param conditions of its steps
   * @param window of its longest step
   */
  record Policy(List<BurnRateCondition> conditions, Duration window) {}

  private final Map<String, Policy> policies = new LinkedHashMap<>();

  /** Whether this document is about policies and not an objective. */
  static boolean isPolicies(YamlNode document) {
    return document.find(POLICIES).isPresent() || document.find(STEPS).isPresent();
  }

  /** Keeps the policies of a document. */
  void add(YamlNode document) {
    if (document.find(STEPS).isPresent()) {
      policy(document).ifPresent(policy -> policies.put(DEFAULT, policy));
      return;
    }
    Losses.others(
        document,
        Set.of(POLICIES),
        Map.of(
            "backends", "Tidemark measures what arrives over OTLP and asks no backend",
            "exporters", "read results from /metrics or the API",
            "default_exporters", "read results from /metrics or the API"));
    document
        .find(POLICIES)
        .ifPresent(
            all -> {
              for (String name : all.keys()) {
                all.find(name)
                    .flatMap(ErrorBudgetPolicies::policy)
                    .ifPresent(policy -> policies.put(name, policy));
              }
            });
  }

  /** Returns the policy of an objective; warns when it is not among the files. */
  Optional<Policy> of(YamlNode spec) {
    String name = spec.text("error_budget_policy").orElse(DEFAULT);
    Policy policy = policies.get(name);
    if (policy == null) {
      spec.find("error_budget_policy")
          .orElse(spec)
          .warn(
              "the error budget policy '"
                  + name
                  + "' is in none of the files: the window is taken as 30d and the default burn-rate"
                  + " policy applies; import it together with the configuration that has it");
    }
    return Optional.ofNullable(policy);
  }

  private static Optional<Policy> policy(YamlNode body) {
    List<BurnRateCondition> conditions = new ArrayList<>();
    Duration longest = Duration.ZERO;
    for (YamlNode step : body.elements(STEPS)) {
      Optional<BurnRateCondition> condition = step(step);
      if (condition.isPresent()) {
        conditions.add(condition.get());
        Duration window = condition.get().longWindow();
        longest = window.compareTo(longest) > 0 ? window : longest;
      }
    }
    if (conditions.isEmpty()) {
      body.warn("this policy has no step that can be carried, so the default policy applies");
      return Optional.empty();
    }
    body.find(STEPS)
        .orElse(body)
        .warn(
            "each step is asked over a twelfth of its window too, so that alerts end when it is"
                + " over; steps that do not alert are tickets");
    return Optional.of(new Policy(conditions, longest));
  }

  private static Optional<BurnRateCondition> step(YamlNode step) {
    boolean isOld = step.find("measurement_window_seconds").isPresent();
    String window = isOld ? "measurement_window_seconds" : "window";
    String threshold = isOld ? "alerting_burn_rate_threshold" : "burn_rate_threshold";
    String alert = isOld ? "urgent_notification" : "alert";
    String words = "messages are put together from the incident; write a runbook for it";
    Losses.others(
        step,
        Set.of(window, threshold, alert, isOld ? "error_budget_policy_step_name" : "name"),
        Map.of(
            isOld ? "overburned_consequence_message" : "message_alert", words,
            isOld ? "achieved_consequence_message" : "message_ok", words));
    OptionalDouble seconds = number(step, window);
    OptionalDouble factor = number(step, threshold);
    if (seconds.isEmpty() || factor.isEmpty()) {
      return Optional.empty();
    }
    Duration length = Duration.ofSeconds((long) Math.min(seconds.getAsDouble(), 1e9));
    if (length.compareTo(Duration.ofMinutes(1)) < 0
        || length.compareTo(LONGEST) > 0
        || factor.getAsDouble() <= 0) {
      step.error(
          "a step needs a window from 60 to "
              + LONGEST.toSeconds()
              + " s and a burn rate above 0, so it is left out");
      return Optional.empty();
    }
    return Optional.of(
        new BurnRateCondition(
            length,
            length.dividedBy(12),
            factor.getAsDouble(),
            step.text(alert).filter("true"::equalsIgnoreCase).isPresent()
                ? Severity.PAGE
                : Severity.TICKET));
  }

  private static OptionalDouble number(YamlNode step, String key) {
    Optional<String> text = step.required(key);
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(text.get()));
    } catch (NumberFormatException e) {
      step.find(key)
          .orElse(step)
          .error("'" + text.get() + "' is no number, so this step is left out");
      return OptionalDouble.empty();
    }
  }
}
