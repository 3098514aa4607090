package dev.tidemark.engine.benchmark;

import java.util.List;
import java.util.Locale;

/**
 * The usual recording and alerting rules of an objective for Prometheus, 17 of them, in the shape
 * in which rule generators write them: ratios over 5 m to 3 d, the period from the 5-minute ratios,
 * seven facts, a page and a ticket.
 */
public final class PrometheusRules {
  private static final List<String> WINDOWS = List.of("5m", "30m", "1h", "2h", "6h", "1d", "3d");

  private PrometheusRules() {}

  /**
   * Returns a rule file.
   *
   * @param ids of the objectives: series are {@code events_total{id}} and {@code errors_total{id}}
   * @param budgetRatio share that may be bad
   * @param interval of evaluation, such as {@code 30s}
   */
  public static String file(List<String> ids, double budgetRatio, String interval) {
    StringBuilder text = new StringBuilder("groups:\n");
    for (String id : ids) {
      text.append("- name: slo-").append(id).append("\n  interval: ").append(interval);
      text.append("\n  rules:\n");
      for (String window : WINDOWS) {
        record(
            text,
            "slo:sli_error:ratio_rate" + window,
            "sum(rate(errors_total{id=\"%s\"}[%s])) / sum(rate(events_total{id=\"%s\"}[%s]))"
                .formatted(id, window, id, window),
            id);
      }
      record(
          text,
          "slo:sli_error:ratio_rate30d",
          ("sum_over_time(slo:sli_error:ratio_rate5m{slo=\"%s\"}[30d])"
                  + " / count_over_time(slo:sli_error:ratio_rate5m{slo=\"%s\"}[30d])")
              .formatted(id, id),
          id);
      record(text, "slo:objective:ratio", "vector(" + (1 - budgetRatio) + ")", id);
      record(text, "slo:error_budget:ratio", "vector(" + budgetRatio + ")", id);
      record(text, "slo:time_period:days", "vector(30)", id);
      record(
          text,
          "slo:current_burn_rate:ratio",
          "slo:sli_error:ratio_rate5m{slo=\""
              + id
              + "\"} / on(slo) group_left"
              + " slo:error_budget:ratio{slo=\""
              + id
              + "\"}",
          id);
      record(
          text,
          "slo:period_burn_rate:ratio",
          "slo:sli_error:ratio_rate30d{slo=\""
              + id
              + "\"} / on(slo) group_left"
              + " slo:error_budget:ratio{slo=\""
              + id
              + "\"}",
          id);
      record(
          text,
          "slo:period_error_budget_remaining:ratio",
          "1 - slo:period_burn_rate:ratio{slo=\"" + id + "\"}",
          id);
      record(text, "slo_info", "vector(1)", id);
      alert(text, "Page", id, budgetRatio, 14.4, "5m", "1h", 6, "30m", "6h");
      alert(text, "Ticket", id, budgetRatio, 3, "2h", "1d", 1, "6h", "3d");
    }
    return text.toString();
  }

  private static void record(StringBuilder text, String name, String expression, String id) {
    text.append("  - record: ").append(name).append("\n    expr: '");
    text.append(expression).append("'\n    labels: {slo: \"").append(id).append("\"}\n");
  }

  private static void alert(
      StringBuilder text,
      String name,
      String id,
      double budget,
      double fast,
      String fastShort,
      String fastLong,
      double slow,
      String slowShort,
      String slowLong) {
    text.append("  - alert: ").append(name).append("\n    expr: '");
    text.append(both(id, budget, fast, fastShort, fastLong));
    text.append(" or ").append(both(id, budget, slow, slowShort, slowLong));
    text.append("'\n    labels: {slo: \"").append(id).append("\"}\n");
  }

  private static String both(String id, double budget, double factor, String one, String other) {
    String above = String.format(Locale.ROOT, " > (%s * %s)", factor, budget);
    return "(max(slo:sli_error:ratio_rate"
        + one
        + "{slo=\""
        + id
        + "\"}"
        + above
        + ") without (sloth_window) and max(slo:sli_error:ratio_rate"
        + other
        + "{slo=\""
        + id
        + "\"}"
        + above
        + ") without (sloth_window))";
  }
}
