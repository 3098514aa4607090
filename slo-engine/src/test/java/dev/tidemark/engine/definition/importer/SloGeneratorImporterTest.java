package dev.tidemark.engine.definition.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SloGeneratorImporterTest {
  private static final String POLICIES =
      """
      ---
      backends:
        prometheus: {url: "${PROMETHEUS_URL}"}
      error_budget_policies:
        default:
          steps:
            - {name: 1 hour, burn_rate_threshold: 9, alert: true, window: 3600}
            - {name: 12 hours, burn_rate_threshold: 3, alert: true, window: 43200}
            - {name: 28 days, burn_rate_threshold: 1, alert: false, window: 2419200,
               message_alert: Freeze releases}
      """;

  private static String slo(String method, String sli) {
    return """
        apiVersion: sre.google.com/v2
        kind: ServiceLevelObjective
        metadata:
          name: shop-checkout-availability
          labels: {service_name: shop, feature_name: checkout, slo_name: availability}
        spec:
          description: Orders are taken.
          backend: prometheus
          goal: 0.995
          method: METHOD
          service_level_indicator:
        """
            .replace("METHOD", method)
        + sli.indent(4);
  }

  private static final String GOOD =
      """
      filter_good: http_requests_total{job="shop", code="200"}
      filter_valid: http_requests_total{job="shop"}[window]
      """;

  @Test
  void good_and_valid_events_keep_goal_and_labels() {
    Objective objective = Imports.objective(slo("good_bad_ratio", GOOD) + POLICIES);

    assertThat(objective.id().value()).isEqualTo("shop-checkout-availability");
    assertThat(objective.subject().name()).isEqualTo("shop");
    assertThat(objective.target().ratio()).isEqualTo(0.995);
    assertThat(objective.labels()).containsEntry("feature_name", "checkout");
    Sli.Ratio ratio = (Sli.Ratio) objective.sli();
    assertThat(ratio.goodIsBad()).isFalse();
    assertThat(ratio.good())
        .isEqualTo(
            new Selector(
                "http_requests_total", Map.of("job", Set.of("shop"), "code", Set.of("200"))));
    assertThat(ratio.total())
        .isEqualTo(new Selector("http_requests_total", Map.of("job", Set.of("shop"))));
  }

  @Test
  void steps_of_the_policy_become_conditions_and_the_longest_the_window() {
    Objective objective = Imports.objective(slo("good_bad_ratio", GOOD) + POLICIES);

    assertThat(objective.window().nominal()).isEqualTo(Duration.ofDays(28));
    assertThat(objective.conditions())
        .containsExactly(
            new BurnRateCondition(Duration.ofHours(1), Duration.ofMinutes(5), 9, Severity.PAGE),
            new BurnRateCondition(Duration.ofHours(12), Duration.ofHours(1), 3, Severity.PAGE),
            new BurnRateCondition(Duration.ofDays(28), Duration.ofHours(56), 1, Severity.TICKET));
  }

  @Test
  void without_its_policy_our_own_applies_and_that_is_said() {
    Imported imported = Imports.read(slo("good_bad_ratio", GOOD));

    assertThat(Imports.losses(imported))
        .singleElement()
        .asString()
        .startsWith("theirs.yml:7:3: warning: the error budget policy 'default' is in none");
    Objective objective = Imports.ours(imported).definitions().objectives().get(0);
    assertThat(objective.window().nominal()).isEqualTo(Duration.ofDays(30));
    assertThat(objective.conditions()).hasSize(4);
  }

  @Test
  void good_and_bad_events_of_one_metric_add_up() {
    Sli.Ratio ratio =
        (Sli.Ratio)
            Imports.objective(
                    slo(
                        "good_bad_ratio",
                        """
                        filter_good: http_requests_total{job="shop", code=~"200|204"}
                        filter_bad: http_requests_total{job="shop", code="500"}
                        """))
                .sli();

    assertThat(ratio.goodIsBad()).isFalse();
    assertThat(ratio.total().attributes())
        .isEqualTo(Map.of("job", Set.of("shop"), "code", Set.of("200", "204", "500")));
  }

  @Test
  void a_cut_through_a_distribution_is_a_bucket_out_of_the_count() {
    Sli.Ratio ratio =
        (Sli.Ratio)
            Imports.objective(
                    slo(
                        "distribution_cut",
                        """
                        expression: http_seconds_bucket{job="shop"}
                        threshold_bucket: 0.25
                        """))
                .sli();

    assertThat(ratio.good())
        .isEqualTo(
            new Selector(
                "http_seconds_bucket", Map.of("job", Set.of("shop"), "le", Set.of("0.25"))));
    assertThat(ratio.total())
        .isEqualTo(new Selector("http_seconds_count", Map.of("job", Set.of("shop"))));
  }

  @Test
  void a_quotient_is_good_out_of_total() {
    for (String query :
        new String[] {
          "sum(rate(ok_total{job=\"shop\"}[window])) / sum(rate(all_total[window]))",
          "(sum(rate(ok_total{job=\"shop\"}[window])) / sum(rate(all_total[window])))",
          "(sum(increase(ok_total{job=\"shop\"}[window]))) / (sum(increase(all_total[window])))",
          "increase(ok_total{job=\"shop\"}[window]) / ignoring (le) increase(all_total[window])"
        }) {
      Sli.Ratio ratio =
          (Sli.Ratio) Imports.objective(slo("query_sli", "expression: '" + query + "'")).sli();

      assertThat(ratio.goodIsBad()).as(query).isFalse();
      assertThat(ratio.good())
          .as(query)
          .isEqualTo(new Selector("ok_total", Map.of("job", Set.of("shop"))));
      assertThat(ratio.total()).as(query).isEqualTo(new Selector("all_total", Map.of()));
    }
  }

  @Test
  void what_cannot_be_measured_is_left_out_with_its_place() {
    Map<String, String> theirs =
        Map.of(
            slo("good_bad_ratio", GOOD).replace("prometheus", "cloud_monitoring"), "8:12",
            slo("basic", "availability: {}"), "7:3",
            slo("query_sli", "expression: avg(a[window]) / sum(rate(b[window]))"), "12:17",
            slo("query_sli", "expression: sum(rate(a[window]))"), "12:17",
            slo("good_bad_ratio", GOOD.replace("filter_valid", "filter_bad")), "13:17",
            slo("good_bad_ratio", GOOD + "operators: [avg]"), "14:16");
    theirs.forEach(
        (text, place) -> {
          Imported imported = Imports.read(text);

          assertThat(imported.objectives()).as(text).isZero();
          assertThat(Imports.losses(imported))
              .as(text)
              .anyMatch(
                  loss ->
                      loss.startsWith("theirs.yml:" + place + ": ") && loss.contains("left out"));
        });
  }

  @Test
  void version_1_is_read_from_json_and_its_policy_from_a_list_of_steps() {
    Objective objective =
        Imports.objective(
            """
            {
              "service_name": "shop", "feature_name": "checkout", "slo_name": "availability",
              "slo_description": "Orders are taken.", "slo_target": 0.995,
              "backend": {
                "class": "Prometheus", "method": "good_bad_ratio", "url": "http://127.0.0.1:9090",
                "measurement": {
                  "filter_good": "http_requests_total{code=\\"200\\"}[window]",
                  "filter_valid": "http_requests_total[window]"
                }
              }
            }
            ---
            - error_budget_policy_step_name: 1 hour
              measurement_window_seconds: 3600
              alerting_burn_rate_threshold: 9
              urgent_notification: true
              overburned_consequence_message: Page
              achieved_consequence_message: All is well
            - error_budget_policy_step_name: 7 days
              measurement_window_seconds: 604800
              alerting_burn_rate_threshold: 1.5
              urgent_notification: false
            """);

    assertThat(objective.id().value()).isEqualTo("shop-checkout-availability");
    assertThat(objective.target().ratio()).isEqualTo(0.995);
    assertThat(objective.window().nominal()).isEqualTo(Duration.ofDays(7));
    assertThat(objective.conditions())
        .containsExactly(
            new BurnRateCondition(Duration.ofHours(1), Duration.ofMinutes(5), 9, Severity.PAGE),
            new BurnRateCondition(Duration.ofDays(7), Duration.ofHours(14), 1.5, Severity.TICKET));
  }
}
