package dev.tidemark.alerting.route;

import java.util.List;
import java.util.Map;

/**
 * While one alert fires, others are not told, as Alertmanager's {@code inhibit_rules}. Immutable.
 *
 * @param name for people
 * @param sourceMatchers all match the alert that says enough
 * @param targetMatchers all match the alert that is kept quiet
 * @param equal labels whose values have to be the same in both; a missing label is an empty one
 */
public record Inhibition(
    String name, List<Matcher> sourceMatchers, List<Matcher> targetMatchers, List<String> equal) {
  public Inhibition {
    sourceMatchers = List.copyOf(sourceMatchers);
    targetMatchers = List.copyOf(targetMatchers);
    equal = List.copyOf(equal);
  }

  /**
   * Whether a firing source keeps the target quiet. An alert that matches both sides is not kept
   * quiet by another that does too, itself included.
   */
  public boolean inhibits(Map<String, String> source, Map<String, String> target) {
    if (!all(sourceMatchers, source) || !all(targetMatchers, target)) {
      return false;
    }
    if (all(sourceMatchers, target) && all(targetMatchers, source)) {
      return false;
    }
    return equal.stream()
        .allMatch(label -> source.getOrDefault(label, "").equals(target.getOrDefault(label, "")));
  }

  private static boolean all(List<Matcher> matchers, Map<String, String> labels) {
    return matchers.stream().allMatch(matcher -> matcher.matches(labels));
  }
}
