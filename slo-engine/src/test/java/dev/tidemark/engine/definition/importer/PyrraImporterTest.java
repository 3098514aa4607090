package dev.tidemark.engine.definition.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Objective.Subject;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PyrraImporterTest {
  private static String slo(String indicator, String alerting) {
    return """
        apiVersion: pyrra.dev/v1alpha1
        kind: ServiceLevelObjective
        metadata:
          name: checkout-errors
          namespace: shops
          labels:
            pyrra.dev/team: checkout
        spec:
          target: "99.5"
          window: 4w
          description: Orders are taken.
          indicator:
        """
        + indicator.indent(4)
        + alerting.indent(2);
  }

  private static final String RATIO =
      """
      ratio:
        errors: {metric: 'http_requests_total{job="shop",code=~"50[03]"}'}
        total: {metric: 'http_requests_total{job="shop"}'}
      """;

  private static final String NO_ABSENT = "alerting: {absent: false}";

  @Test
  void a_ratio_keeps_target_window_labels_and_selectors() {
    Imported imported = Imports.read(slo(RATIO, NO_ABSENT));

    assertThat(imported.losses()).isEmpty();
    Objective objective = Imports.ours(imported).definitions().objectives().get(0);
    assertThat(objective.id().value()).isEqualTo("checkout-errors");
    assertThat(objective.owner()).isEqualTo("checkout");
    assertThat(objective.subject()).isEqualTo(new Subject(Subject.Type.SERVICE, "shop"));
    assertThat(objective.target().ratio()).isEqualTo(0.995);
    assertThat(objective.window().nominal()).isEqualTo(Duration.ofDays(28));
    assertThat(objective.labels())
        .containsEntry("team", "checkout")
        .containsEntry("namespace", "shops");
    Sli.Ratio ratio = (Sli.Ratio) objective.sli();
    assertThat(ratio.goodIsBad()).isTrue();
    assertThat(ratio.good())
        .isEqualTo(
            new Selector(
                "http_requests_total",
                Map.of("job", Set.of("shop"), "code", Set.of("500", "503"))));
    assertThat(objective.conditions()).hasSize(4);
  }

  @Test
  void what_is_not_bad_is_good() {
    Objective objective =
        Imports.objective(slo(RATIO.replace("code=~\"50[03]\"", "code!=\"200\""), NO_ABSENT));

    Sli.Ratio ratio = (Sli.Ratio) objective.sli();
    assertThat(ratio.goodIsBad()).isFalse();
    assertThat(ratio.good().attributes()).containsEntry("code", Set.of("200"));
  }

  @Test
  void buckets_of_a_latency_become_counters_with_a_warning() {
    Imported imported =
        Imports.read(
            slo(
                """
                latency:
                  success: {metric: 'http_seconds_bucket{job="shop",le="0.25"}'}
                  total: {metric: 'http_seconds_count{job="shop"}'}
                """,
                NO_ABSENT));

    assertThat(Imports.losses(imported))
        .singleElement()
        .asString()
        .startsWith("theirs.yml:14:16: warning: ")
        .contains("latency: {metric: http_seconds, below: 0.25s}");
    Sli.Ratio ratio = (Sli.Ratio) Imports.ours(imported).definitions().objectives().get(0).sli();
    assertThat(ratio.goodIsBad()).isFalse();
    assertThat(ratio.good().attributes()).containsEntry("le", Set.of("0.25"));
    assertThat(ratio.total().metric()).isEqualTo("http_seconds_count");
  }

  @Test
  void native_histograms_of_one_job_become_latencies_of_one_pipeline() {
    String text =
        slo(
            """
            latencyNative:
              total: {metric: 'http_seconds{job="shop"}'}
              latency: 200ms
            """,
            NO_ABSENT);

    Imported imported = Imports.read(text + "---\n" + text.replace("200ms", "1s"));

    assertThat(imported.objectives()).isEqualTo(2);
    assertThat(Imports.ours(imported).definitions().objectives())
        .extracting(Objective::sli)
        .containsExactly(latency(0.2), latency(1));
    Objective first = Imports.ours(imported).definitions().objectives().get(0);
    assertThat(first.target().ratio()).isEqualTo(0.995);
    assertThat(first.window().nominal()).isEqualTo(Duration.ofDays(28));
    assertThat(first.labels()).containsEntry("team", "checkout");
    assertThat(first.conditions())
        .contains(
            new BurnRateCondition(Duration.ofDays(4), Duration.ofHours(6), 1, Severity.TICKET))
        .hasSize(4);
  }

  private static Sli latency(double seconds) {
    return new Sli.Latency(
        "latency",
        new Selector("http_seconds", Map.of("service.name", Set.of("shop"))),
        seconds,
        new Sli.Budgeting.Occurrences());
  }

  @Test
  void a_native_histogram_that_is_selected_further_is_left_out_with_the_line_to_write() {
    Imported imported =
        Imports.read(
            slo(
                """
                latencyNative:
                  total: {metric: 'http_seconds{job="shop",code="200"}'}
                  latency: 200ms
                """,
                NO_ABSENT));

    assertThat(imported.objectives()).isZero();
    assertThat(Imports.losses(imported))
        .singleElement()
        .asString()
        .startsWith("theirs.yml:14:14: ")
        .contains("latency: {metric: http_seconds, below: 200ms}");
  }

  @Test
  void a_bool_gauge_is_good_at_one() {
    Imported imported = Imports.read(slo("bool_gauge: {metric: 'up{job=\"shop\"}'}", NO_ABSENT));

    assertThat(imported.losses()).hasSize(1);
    assertThat(Imports.ours(imported).definitions().objectives().get(0).sli())
        .isEqualTo(
            new Sli.Threshold(
                "threshold",
                new Selector("up", Map.of("job", Set.of("shop"))),
                Sli.Comparison.GTE,
                1));
  }

  @Test
  void everything_that_is_lost_is_named_where_it_stands() {
    Imported imported =
        Imports.read(
            slo(
                    RATIO + "  grouping: [route]",
                    """
                    alerting:
                      name: CheckoutErrors
                      burnRateType: dynamic
                      absentName: CheckoutGone
                    """)
                .replace("    pyrra.dev/team", "    role: alert-rules\n    pyrra.dev/team"));

    assertThat(Imports.losses(imported).stream().map(loss -> loss.replaceAll(" warning:.*", "")))
        .containsExactly(
            "theirs.yml:7:11:",
            "theirs.yml:19:11:",
            "theirs.yml:20:19:",
            "theirs.yml:19:5:",
            "theirs.yml:17:17:");
    assertThat(Imports.ours(imported).definitions().objectives()).hasSize(1);
  }

  /** Windows, factors and severities for 28 days: Pyrra's slo/rules.go. */
  @Test
  void it_alerts_when_pyrra_did() {
    assertThat(Imports.objective(slo(RATIO, NO_ABSENT)).conditions())
        .containsExactly(
            new BurnRateCondition(Duration.ofHours(1), Duration.ofMinutes(5), 14, Severity.PAGE),
            new BurnRateCondition(Duration.ofHours(6), Duration.ofMinutes(30), 7, Severity.PAGE),
            new BurnRateCondition(Duration.ofDays(1), Duration.ofHours(2), 2, Severity.TICKET),
            new BurnRateCondition(Duration.ofDays(4), Duration.ofHours(8), 1, Severity.TICKET));
    assertThat(Imports.objective(slo(RATIO, NO_ABSENT).replace("99.5", "90")).conditions())
        .extracting(BurnRateCondition::factor)
        .containsExactly(7.0, 2.0, 1.0);
    assertThat(Imports.objective(slo(RATIO, NO_ABSENT).replace("4w", "1w")).conditions())
        .extracting(BurnRateCondition::longWindow)
        .containsExactly(
            Duration.ofMinutes(15),
            Duration.ofMinutes(90),
            Duration.ofHours(6),
            Duration.ofHours(24));
  }

  @Test
  void switched_off_alerts_stay_off() {
    assertThat(Imports.objective(slo(RATIO, "alerting: {disabled: true}")).conditions()).isEmpty();
    assertThat(
            Imports.objective(slo(RATIO, "alerting: {burnrates: false, absent: false}"))
                .conditions())
        .isEmpty();
  }

  @Test
  void what_cannot_be_said_with_selectors_is_left_out() {
    for (String metric :
        new String[] {
          "http_requests_total{path=~\"/api/.*\"}",
          "http_requests_total offset 5m",
          "sum(http_requests_total)",
          "{__name__=~\"http_.*\"}"
        }) {
      Imported imported =
          Imports.read(
              slo(
                  "ratio:\n  errors: {metric: '" + metric + "'}\n  total: {metric: all_total}",
                  NO_ABSENT));

      assertThat(imported.objectives()).as(metric).isZero();
      assertThat(Imports.losses(imported))
          .as(metric)
          .singleElement()
          .asString()
          .startsWith("theirs.yml:14:");
    }
  }

  @Test
  void a_list_of_kubernetes_is_many_objectives() {
    String list =
        "apiVersion: v1\nkind: List\nitems:\n"
            + slo(RATIO, NO_ABSENT).replaceFirst("a", "- a").replaceAll("\n(?=.)", "\n  ");

    assertThat(Imports.objective(list).id().value()).isEqualTo("checkout-errors");
  }
}
