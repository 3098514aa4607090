package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.BudgetWindow.Calendar;
import dev.tidemark.engine.definition.BudgetWindow.Unit;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What our annotations add to OpenSLO, and what its alert policies come to here. */
class OpenSloExtensionsTest {
  private static final String SLO =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata:
        name: checkout
        annotations: {%s}
      spec:
        service: shop
        indicator:
          metadata: {name: checkout-good}
          spec:
            ratioMetric:
              good: {metricSource: {type: tidemark, spec: {metric: rows, attributes: {ok: "yes"}}}}
              total: {metricSource: {type: tidemark, spec: {metric: rows}}}
        timeWindow: [%s]
        budgetingMethod: Occurrences
        objectives: [{target: 0.999}]
      """;
  private static final String MONTH = "{duration: 30d, isRolling: true}";
  private static final String POLICY =
      """
        alertPolicies:
          - kind: AlertPolicy
            metadata: {name: fast}
            spec:
              alertWhenBreaching: %s
              alertWhenNoData: %s
              conditions:
                - kind: AlertCondition
                  metadata: {name: fast-burn}
                  spec:
                    severity: page
                    condition: {kind: burnrate, op: gt, threshold: 10, lookbackWindow: 1h, alertAfter: %s}
              notificationTargets:
                - kind: AlertNotificationTarget
                  metadata: {name: oncall}
                  spec: {target: slack}
      """;

  private static ParseResult strict(String text) {
    return DefinitionParser.parse(List.of(new SourceFile("slo.yaml", text)), Strictness.STRICT);
  }

  private static Objective only(ParseResult result) {
    assertThat(result.hasErrors()).as(result.problems().toString()).isFalse();
    assertThat(result.definitions().objectives()).hasSize(1);
    return result.definitions().objectives().get(0);
  }

  @Test
  void our_annotations_say_what_openslo_has_no_place_for_and_the_file_stays_valid() {
    ParseResult result =
        strict(
            SLO.formatted(
                "tidemark.dev/owner: team-shop, tidemark.dev/domain: sales, tidemark.dev/tier: gold,"
                    + " tidemark.dev/runbook: data-loss, tidemark.dev/dataset: orders,"
                    + " tidemark.dev/no-data: frozen",
                MONTH));

    assertThat(result.problems()).isEmpty();
    Objective objective = only(result);
    assertThat(objective.owner()).isEqualTo("team-shop");
    assertThat(objective.domain()).isEqualTo("sales");
    assertThat(objective.runbook()).isEqualTo("data-loss");
    assertThat(objective.subject().name()).isEqualTo("orders");
    assertThat(objective.noData()).isEqualTo(NoDataPolicy.FROZEN);
    assertThat(objective.labels())
        .containsEntry("tier", "gold")
        .containsEntry("owner", "team-shop");
    assertThat(objective.conditions())
        .isEqualTo(BurnPolicies.defaults(Duration.ofDays(30), objective.target()));
  }

  /** 10 % of 30 days' budget in one day is a burn rate of 3. */
  @Test
  void a_policy_of_several_windows_stands_in_an_annotation_and_governs() {
    String policy =
        "{minEvents: 20, conditions: [{long: 1h, short: 5m, factor: 14.4, severity: page},"
            + " {long: 1d, short: 2h, budget: 10%, severity: ticket, after: 10m}]}";
    ParseResult result =
        strict(
            SLO.formatted("tidemark.dev/burn-policy: '" + policy + "'", MONTH)
                + POLICY.formatted(true, false, "0m"));

    Objective objective = only(result);
    assertThat(objective.guard().minEvents()).isEqualTo(20);
    assertThat(objective.conditions())
        .containsExactly(
            new BurnRateCondition(Duration.ofHours(1), Duration.ofMinutes(5), 14.4, Severity.PAGE),
            new BurnRateCondition(
                Duration.ofDays(1),
                Duration.ofHours(2),
                objective.conditions().get(1).factor(),
                Severity.TICKET,
                0,
                Optional.empty(),
                Duration.ofMinutes(10)));
    assertThat(objective.conditions().get(1).factor())
        .isCloseTo(3, org.assertj.core.api.Assertions.within(1e-9));
  }

  @Test
  void a_policy_may_be_none_or_the_usual_one_beside_alert_policies() {
    assertThat(only(strict(SLO.formatted("tidemark.dev/burn-policy: none", MONTH))).conditions())
        .isEmpty();
    assertThat(
            only(strict(
                    SLO.formatted("tidemark.dev/burn-policy: default", MONTH)
                        + POLICY.formatted(true, false, "0m")))
                .conditions())
        .hasSize(4);
  }

  @Test
  void alert_after_is_how_long_a_condition_has_to_last() {
    assertThat(
            only(strict(SLO.formatted("", MONTH) + POLICY.formatted(true, false, "15m")))
                .conditions())
        .containsExactly(
            new BurnRateCondition(
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                10,
                Severity.PAGE,
                0,
                Optional.empty(),
                Duration.ofMinutes(15)));
  }

  @Test
  void a_policy_that_asks_to_be_told_of_silence_makes_silence_bad() {
    assertThat(only(strict(SLO.formatted("", MONTH) + POLICY.formatted(true, true, "0m"))).noData())
        .isEqualTo(NoDataPolicy.BAD);
    assertThat(
            only(strict(
                    SLO.formatted("tidemark.dev/no-data: ignored", MONTH)
                        + POLICY.formatted(true, true, "0m")))
                .noData())
        .isEqualTo(NoDataPolicy.IGNORED);
  }

  @Test
  void a_policy_that_does_not_alert_when_breaching_tells_nobody() {
    Objective objective =
        only(strict(SLO.formatted("", MONTH) + POLICY.formatted(false, false, "0m")));
    assertThat(objective.conditions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1M | 2026-01-01 00:00:00 | MONTH | 1 | ",
        "1M | 2026-01-21 12:30:00 | MONTH | 1 | 2026-01-21T12:30",
        "2M | 2026-01-01 00:00:00 | MONTH | 2 | 2026-01-01T00:00",
        "1w | 2026-01-05 00:00:00 | WEEK | 1 | ",
        "1w | 2026-01-01 00:00:00 | WEEK | 1 | 2026-01-01T00:00",
        "366d | 2026-01-01 00:00:00 | DAY | 366 | 2026-01-01T00:00",
        "1Y | 2026-04-01 00:00:00 | YEAR | 1 | 2026-04-01T00:00"
      })
  void a_calendar_window_begins_at_its_start_time(
      String duration, String startTime, Unit unit, int count, String anchor) {
    Objective objective =
        only(
            strict(
                SLO.formatted(
                    "",
                    "{duration: "
                        + duration
                        + ", isRolling: false, calendar: {startTime: "
                        + startTime
                        + ", timeZone: Europe/Warsaw}}")));

    assertThat(objective.window())
        .isEqualTo(
            new Calendar(
                unit,
                count,
                Optional.ofNullable(anchor).map(LocalDateTime::parse),
                ZoneId.of("Europe/Warsaw")));
  }
}
