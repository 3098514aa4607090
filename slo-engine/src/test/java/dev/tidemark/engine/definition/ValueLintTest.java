package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueLintTest {
  private static final String DATASET =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders, labels: {tier: %s}}
      spec:
        objectives: [{heartbeat: {connector: cdc, every: 1m%s}}]
        runbook: %s
      """;

  private static final String CONDITION =
      """
      apiVersion: openslo/v1
      kind: AlertCondition
      metadata: {name: fast}
      spec:
        severity: %s
        condition: {kind: burnrate, op: gte, threshold: 2, lookbackWindow: 1h}
      """;

  private static List<String> warnings(String yaml) {
    return DefinitionParser.parse(List.of(new SourceFile("a.yaml", yaml))).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void a_tier_that_looks_like_critical_is_a_slip_because_only_that_one_pages() {
    assertThat(warnings(DATASET.formatted("critcal", "", "stale-dataset")))
        .containsExactly(
            "a.yaml:3:41: warning: the tier 'critcal' is a tier of its own, whose heartbeats are"
                + " tickets and page nobody; did you mean 'critical'?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"critical", "Critical", "standard", "gold", "'2'", "tier-1"})
  void tiers_of_the_organisation_are_its_own(String tier) {
    assertThat(warnings(DATASET.formatted(tier, "", "stale-dataset"))).isEmpty();
  }

  @Test
  void a_runbook_that_is_not_there_is_told_with_the_nearest_or_with_all() {
    assertThat(warnings(DATASET.formatted("gold", ", runbook: data-los", "stale-datset")))
        .containsExactly(
            "a.yaml:5:65: warning: there is no runbook 'data-los'; did you mean 'data-loss'?",
            "a.yaml:6:12: warning: there is no runbook 'stale-datset'; did you mean"
                + " 'stale-dataset'?");
    assertThat(warnings(DATASET.formatted("gold", "", "https://wiki.example/orders")))
        .singleElement()
        .asString()
        .contains("known are cost-runaway, data-loss, hot-partitions, ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pgae", "criticl", "hihg"})
  void a_severity_of_openslo_that_looks_like_one_that_pages_is_a_slip(String severity) {
    assertThat(warnings(CONDITION.formatted(severity)))
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .startsWith(
                        "a.yaml:5:13: warning: the severity '" + severity + "' is read as"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"page", "ticket", "low", "warning", "info", "medium", "sev2", "p3"})
  void other_severities_of_openslo_are_words_of_their_owner(String severity) {
    assertThat(warnings(CONDITION.formatted(severity)))
        .noneSatisfy(warning -> assertThat(warning).contains("the severity"));
  }
}
