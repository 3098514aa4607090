package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.BudgetWindow.Calendar;
import dev.tidemark.engine.definition.BudgetWindow.Unit;
import dev.tidemark.engine.definition.Objective.Subject;
import dev.tidemark.engine.model.ObjectiveId;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Documents of OpenSLO v1, as its specification shapes them. */
class OpenSloTest {
  private static final String CHECKOUT =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata:
        name: checkout-errors
        displayName: Checkout answers
        labels: {tier: [critical, payments], team: shop}
        annotations: {tidemark.dev/owner: team-shop, tidemark.dev/runbook: stale-dataset}
      spec:
        description: Orders can be placed.
        service: checkout
        indicator:
          metadata: {name: checkout-good}
          spec:
            ratioMetric:
              counter: true
              good:
                metricSource:
                  type: tidemark
                  spec: {metric: http.requests, attributes: {outcome: [success, redirect]}}
              total:
                metricSource: {type: Tidemark, spec: {metric: http.requests}}
        timeWindow: [{duration: 28d, isRolling: true}]
        budgetingMethod: Occurrences
        objectives: [{target: 0.9995}]
      """;

  private static ParseResult parse(String... texts) {
    return DefinitionParser.parse(
        java.util.stream.IntStream.range(0, texts.length)
            .mapToObj(i -> new SourceFile("f" + i + ".yaml", texts[i]))
            .toList());
  }

  private static List<String> messages(ParseResult result) {
    return result.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void an_inline_ratio_becomes_an_objective() {
    ParseResult result = parse(CHECKOUT);

    assertThat(messages(result)).isEmpty();
    Objective objective = result.definitions().objectives().get(0);
    assertThat(objective.id()).isEqualTo(new ObjectiveId("checkout-errors"));
    assertThat(objective.displayName()).isEqualTo("Checkout answers");
    assertThat(objective.subject()).isEqualTo(new Subject(Subject.Type.SERVICE, "checkout"));
    assertThat(objective.owner()).isEqualTo("team-shop");
    assertThat(objective.runbook()).isEqualTo("stale-dataset");
    assertThat(objective.labels())
        .containsEntry("tier", "critical,payments")
        .containsEntry("team", "shop")
        .containsEntry("service", "checkout");
    assertThat(objective.target().ratio()).isEqualTo(0.9995);
    assertThat(objective.target().text()).isEqualTo("99.95%");
    assertThat(objective.window().nominal()).isEqualTo(Duration.ofDays(28));
    assertThat(objective.sli())
        .isEqualTo(
            new Sli.Ratio(
                "ratio",
                new Selector("http.requests", Map.of("outcome", Set.of("success", "redirect"))),
                false,
                new Selector("http.requests", Map.of()),
                new Sli.Budgeting.Occurrences()));
    assertThat(objective.place()).isEqualTo("f0.yaml:24:16");
  }

  @Test
  void an_indicator_may_stand_in_another_file_and_after_its_use() {
    ParseResult result =
        parse(
            """
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: loads}
            spec:
              service: warehouse
              indicatorRef: load-errors
              timeWindow: [{duration: 1M, isRolling: false,
                calendar: {startTime: "2026-01-01 00:00:00", timeZone: Europe/Warsaw}}]
              budgetingMethod: Timeslices
              objectives:
                - {displayName: Every minute, targetPercent: 99, timeSliceTarget: 0.95, timeSliceWindow: 1m}
                - {targetPercent: 99.9, timeSliceTarget: 0.5, timeSliceWindow: 5m}
            """,
            """
            apiVersion: openslo/v1
            kind: SLI
            metadata: {name: load-errors}
            spec:
              ratioMetric:
                bad: {metricSource: {metricSourceRef: otel, spec: {metric: rows, attributes: {ok: "no"}}}}
                total: {metricSource: {metricSourceRef: otel, spec: {metric: rows}}}
            ---
            apiVersion: openslo/v1
            kind: DataSource
            metadata: {name: otel}
            spec: {type: tidemark, connectionDetails: {}}
            ---
            apiVersion: openslo/v1
            kind: Service
            metadata: {name: warehouse}
            spec: {description: Loads}
            """);

    assertThat(messages(result)).isEmpty();
    assertThat(result.definitions().objectives())
        .extracting(Objective::id)
        .containsExactly(new ObjectiveId("loads-every-minute"), new ObjectiveId("loads-2"));
    Objective first = result.definitions().objectives().get(0);
    assertThat(first.window()).isEqualTo(new Calendar(Unit.MONTH, ZoneId.of("Europe/Warsaw")));
    assertThat(first.slice()).isEqualTo(Duration.ofMinutes(1));
    assertThat(first.sli())
        .isInstanceOfSatisfying(
            Sli.Ratio.class,
            ratio -> {
              assertThat(ratio.goodIsBad()).isTrue();
              assertThat(ratio.budgeting()).isEqualTo(new Sli.Budgeting.Timeslices(0.95));
            });
    assertThat(result.definitions().objectives().get(1).slice()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void a_threshold_takes_its_comparison_from_the_objective() {
    ParseResult result =
        parse(
            """
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: queue, annotations: {tidemark.dev/dataset: orders}}
            spec:
              service: shop
              indicator:
                spec:
                  thresholdMetric: {metricSource: {type: tidemark, spec: {metric: queue.depth}}}
              timeWindow: [{duration: 1w, isRolling: true}]
              budgetingMethod: RatioTimeslices
              objectives: [{op: lt, value: 100, target: 0.99, timeSliceWindow: 1}]
            """);

    assertThat(messages(result)).isEmpty();
    Objective objective = result.definitions().objectives().get(0);
    assertThat(objective.subject()).isEqualTo(new Subject(Subject.Type.DATASET, "orders"));
    assertThat(objective.sli())
        .isEqualTo(
            new Sli.Threshold(
                "threshold", new Selector("queue.depth", Map.of()), Sli.Comparison.LT, 100));
  }

  @Test
  void everything_wrong_is_named_at_once_at_its_place() {
    ParseResult result =
        parse(
            CHECKOUT
                .replace("budgetingMethod: Occurrences", "budgetingMethod: Occurences")
                .replace("duration: 28d", "duration: Week"),
            CHECKOUT
                .replace("name: checkout-errors", "name: second")
                .replace("target: 0.9995", "target: 1.0")
                .replace("counter: true", "countr: true"));

    assertThat(messages(result))
        .containsExactly(
            "f0.yaml:22:27: 'Week' is no window of at most a year; write one such as 28d, 4w, 1M or 1Q",
            "f0.yaml:23:20: budgetingMethod 'Occurences' is not known; did you mean 'Occurrences'?",
            "f1.yaml:15:9: warning: 'countr' is not known in spec.indicator.spec.ratioMetric; did you mean 'counter'?",
            "f1.yaml:24:25: a target is below 1 (100 %), so that there is a budget");
    assertThat(result.definitions().objectives()).isEmpty();
  }

  @Test
  void a_missing_indicator_gets_the_nearest_name() {
    ParseResult result =
        parse(
            """
            apiVersion: openslo/v1
            kind: SLI
            metadata: {name: load-errors}
            spec:
              ratioMetric:
                good: {metricSource: {type: tidemark, spec: {metric: a}}}
                total: {metricSource: {type: tidemark, spec: {metric: b}}}
            ---
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: loads}
            spec:
              service: warehouse
              indicatorRef: load-error
              timeWindow: [{duration: 4w, isRolling: true}]
              budgetingMethod: Occurrences
              objectives: [{target: 0.99}]
            """);

    assertThat(messages(result))
        .containsExactly(
            "f0.yaml:5:3: warning: nothing refers to the SLI 'load-errors'",
            "f0.yaml:14:17: there is no SLI 'load-error'; did you mean 'load-errors'?");
  }

  /** Valid OpenSLO that another system measures: said, not refused. */
  @Test
  void a_source_that_is_not_asked_is_a_warning_that_says_what_to_write() {
    ParseResult result = parse(CHECKOUT.replace("type: tidemark", "type: Prometheus"));

    assertThat(result.hasErrors()).isFalse();
    assertThat(messages(result).get(0))
        .startsWith("f0.yaml:18:13: warning: a metric source of type 'Prometheus' is not asked")
        .contains("metric: NAME");
    assertThat(result.definitions().objectives()).isEmpty();
  }

  @Test
  void older_versions_are_named() {
    assertThat(messages(parse(CHECKOUT.replace("openslo/v1", "openslo/v1alpha"))))
        .containsExactly(
            "f0.yaml:1:13: apiVersion 'openslo/v1alpha' is not read; write 'tidemark/v1' or 'openslo/v1'");
  }

  @Test
  void alert_policies_become_conditions_wherever_they_stand() {
    ParseResult result =
        parse(
            """
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: checkout}
            spec:
              service: shop
              indicator:
                spec:
                  ratioMetric:
                    good: {metricSource: {type: tidemark, spec: {metric: rows, attributes: {ok: "yes"}}}}
                    total: {metricSource: {type: tidemark, spec: {metric: rows}}}
              timeWindow: [{duration: 30d, isRolling: true}]
              budgetingMethod: Occurrences
              objectives: [{target: 0.999}]
              alertPolicies:
                - alertPolicyRef: fast
                - kind: AlertPolicy
                  metadata: {name: slow}
                  spec:
                    conditions:
                      - kind: AlertCondition
                        metadata: {name: slow-burn}
                        spec:
                          severity: ticket
                          condition: {kind: burnrate, op: lte, threshold: 2, lookbackWindow: 6h, alertAfter: 0m}
                    notificationTargets: [{targetRef: nobody}]
            """,
            """
            apiVersion: openslo/v1
            kind: AlertPolicy
            metadata: {name: fast}
            spec:
              alertWhenBreaching: true
              conditions: [{conditionRef: fast-burn}]
              notificationTargets: [{targetRef: oncall}]
            ---
            apiVersion: openslo/v1
            kind: AlertCondition
            metadata: {name: fast-burn}
            spec:
              severity: page
              condition: {kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h, alertAfter: 0m}
            ---
            apiVersion: openslo/v1
            kind: AlertNotificationTarget
            metadata: {name: oncall}
            spec: {target: slack}
            """);

    assertThat(messages(result))
        .satisfiesExactly(
            message -> assertThat(message).contains("'alertWhenBreaching' is missing"),
            message -> assertThat(message).contains("'lte' would alert while all is well"),
            message -> assertThat(message).contains("there is no AlertNotificationTarget 'nobody'"),
            message -> assertThat(message).contains("who is told is said by kind: Route"));
    assertThat(result.hasErrors()).isFalse();
    assertThat(result.definitions().objectives().get(0).conditions())
        .containsExactly(
            new BurnRateCondition(
                Duration.ofHours(1), Duration.ofMinutes(5), 14.4, BurnRateCondition.Severity.PAGE),
            new BurnRateCondition(
                Duration.ofHours(6), Duration.ofMinutes(30), 2, BurnRateCondition.Severity.TICKET));
    ParseResult mended =
        parse(
            """
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: checkout}
            spec:
              service: shop
              indicator:
                spec:
                  ratioMetric:
                    good: {metricSource: {type: tidemark, spec: {metric: rows, attributes: {ok: "yes"}}}}
                    total: {metricSource: {type: tidemark, spec: {metric: rows}}}
              timeWindow: [{duration: 30d, isRolling: true}]
              budgetingMethod: Occurrences
              objectives: [{target: 0.999}, {displayName: low, target: 0.9}]
              alertPolicies:
                - kind: AlertPolicy
                  metadata: {name: fast}
                  spec:
                    conditions:
                      - spec:
                          severity: critical
                          condition: {kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h}
                    notificationTargets: []
            """);
    assertThat(mended.hasErrors()).isFalse();
    assertThat(mended.definitions().objectives().get(0).conditions())
        .containsExactly(
            new BurnRateCondition(
                Duration.ofHours(1), Duration.ofMinutes(5), 14.4, BurnRateCondition.Severity.PAGE));
    // 10 % may be bad, so everything bad is a burn rate of 10.
    assertThat(messages(mended)).anyMatch(text -> text.contains("can never be reached at 90%"));
  }

  @Test
  void slices_of_a_day_are_days_of_utc() {
    String daily =
        CHECKOUT
            .replace(
                "[{duration: 28d, isRolling: true}]",
                "[{duration: 1M, isRolling: false, calendar: {startTime: 2026-01-01 00:00:00,"
                    + " timeZone: ZONE}}]")
            .replace("Occurrences", "Timeslices")
            .replace(
                "[{target: 0.9995}]",
                "[{target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: LENGTH}]");

    assertThat(messages(parse(daily.replace("ZONE", "Europe/Warsaw").replace("LENGTH", "1d"))))
        .singleElement()
        .asString()
        .contains("f0.yaml:24:")
        .contains(
            "slices of a day are judged from midnight to midnight in UTC, not in Europe/Warsaw");
    assertThat(messages(parse(daily.replace("ZONE", "Etc/UTC").replace("LENGTH", "1d")))).isEmpty();
    assertThat(messages(parse(daily.replace("ZONE", "Europe/Warsaw").replace("LENGTH", "1h"))))
        .isEmpty();
  }
}
