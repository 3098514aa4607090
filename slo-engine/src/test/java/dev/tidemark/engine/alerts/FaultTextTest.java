package dev.tidemark.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.SourceFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaultTextTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        producedBy: orders_ingest
        objectives:
          - freshness: {within: 5m}
          - arrival: {dueBy: "06:00", on: business-days, timeZone: Europe/Warsaw}
          - completeness: {atLeast: 99.95%, per: hour}
          - heartbeat: {connector: cdc, every: 1m, grace: 30s}
          - reads: {below: 50ms}
          - cost: {below: 12.5, perUnit: TB, per: day}
          - drift: {feature: price, below: 0.2}
          - threshold: {metric: lake.bytes, below: 1000000000000}
          - runs: {}
          - validity: {}
          - freshness: {name: regions, within: 5m, roster: {attribute: region, members: [eu, us]}}
      """;

  private static List<Objective> objectives() {
    var parsed = DefinitionParser.parse(List.of(new SourceFile("orders.yaml", DEFINITIONS)));
    assertThat(parsed.problems()).isEmpty();
    return parsed.definitions().objectives();
  }

  @Test
  void a_page_says_what_is_wrong_and_no_number_that_moves() {
    assertThat(objectives())
        .extracting(objective -> FaultText.of(objective, "orders", Severity.PAGE))
        .containsExactly(
            Optional.of("orders is stale: newest record older than 5 min"),
            Optional.of("orders is late: not complete by 06:00 Europe/Warsaw on business days"),
            Optional.of("orders is incomplete: under 99.95 % of the expected records in 1 h"),
            Optional.of("orders: connector cdc is silent, no heartbeat for 1 min 30 s"),
            Optional.of("orders: reads over 50 ms"),
            Optional.of("orders: cost over 12.5 per TB in 1 d"),
            Optional.of("orders: drift over 0.2"),
            Optional.of("orders: lake.bytes over 1,000,000,000,000"),
            Optional.of("orders: too many runs fail"),
            Optional.of("orders: too many records are rejected"),
            // Which region is for the body to say: the title must not blame all of them.
            Optional.empty());
  }

  @Test
  void a_ticket_does_not_claim_that_it_is_so_now() {
    assertThat(objectives())
        .extracting(objective -> FaultText.of(objective, "orders", Severity.TICKET).orElse(""))
        .contains(
            "orders is stale too often: newest record older than 5 min",
            "orders: cost over 12.5 per TB in 1 d too often",
            "orders: too many runs fail");
  }

  @Test
  void a_connector_without_a_dataset_is_named_once() {
    assertThat(FaultText.of(objectives().get(3), "cdc", Severity.PAGE))
        .hasValue("connector cdc is silent, no heartbeat for 1 min 30 s");
  }
}
