package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Page or ticket, as the mission's section 3 says, without a word of the owner's. */
class UrgencyTest {
  private static List<Severity> severities(String tier, String objective) {
    ParseResult parsed =
        DefinitionParser.parse(
            List.of(
                new SourceFile(
                    "d.yaml",
                    """
                    apiVersion: tidemark/v1
                    kind: Dataset
                    metadata: {name: orders, labels: {%s}}
                    spec: {objectives: [{%s}]}
                    """
                        .formatted(tier.isEmpty() ? "" : "tier: " + tier, objective))));
    assertThat(parsed.hasErrors()).as(parsed.problems().toString()).isFalse();
    return parsed.definitions().objectives().get(0).conditions().stream()
        .map(BurnRateCondition::severity)
        .distinct()
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "critical | catalog: {}",
        "''       | catalog: {}",
        "critical | schema: {}",
        "standard | 'heartbeat: {connector: cdc, every: 1m}'",
        "low      | 'heartbeat: {connector: cdc, every: 1m}'",
      })
  void what_can_wait_is_a_ticket_however_fast_the_budget_burns(String tier, String objective) {
    assertThat(severities(tier, objective)).containsExactly(Severity.TICKET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "critical | 'heartbeat: {connector: cdc, every: 1m}'",
        "Critical | 'heartbeat: {connector: cdc, every: 1m}'",
        "''       | 'heartbeat: {connector: cdc, every: 1m}'",
        "standard | 'heartbeat: {connector: cdc, every: 1m, labels: {tier: critical}}'",
        "low      | completeness: {atLeast: 99%, per: hour}",
        "low      | access: {}",
        "''       | 'runs: {pipeline: load}'",
      })
  void what_cannot_wait_pages_when_the_budget_burns_fast_and_is_a_ticket_when_slowly(
      String tier, String objective) {
    assertThat(severities(tier, objective)).containsExactly(Severity.PAGE, Severity.TICKET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schema: {ALERTING severity: page}                                  | PAGE",
        "schema: {ALERTING coverage: 10%}                                   | TICKET",
        "completeness: {atLeast: 99%, per: hour, ALERTING severity: ticket} | TICKET",
        "completeness: {atLeast: 99%, per: hour, ALERTING coverage: 10%}    | PAGE",
      })
  void what_the_owner_says_counts_and_only_where_nothing_is_said_the_kind(
      String objective, Severity expected) {
    String condition =
        objective.replace("ALERTING", "alerting: {conditions: [{long: 1h, factor: 14.4,") + "]}}";
    assertThat(severities("", condition)).containsExactly(expected);
  }
}
