package dev.tidemark.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.SourceFile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person is told was promised; each is written out from the definition by hand. */
class PromiseTextTest {
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        owner: team-payments
        producedBy: orders_load
        objectives:
          - freshness: {within: 5m, target: 99.5%, window: 30d}
          - arrival: {dueBy: "06:00", on: business-days, timeZone: Europe/Warsaw}
          - arrival: {name: every, dueBy: "23:30"}
          - arrival: {name: twice, dueBy: "07:15", on: [fri, mon]}
          - reads: {below: 50ms, target: 95%, window: month, timeZone: Europe/Warsaw}
          - cost: {below: 12.5, perUnit: TB, per: day}
          - cost: {name: nightly, below: 25, perUnit: run, per: hour}
          - threshold: {metric: lake.bytes, below: 1000000000000}
          - runs: {target: 99.9%, window: 7d}
      """;

  @Test
  void a_promise_is_said_with_its_numbers_units_days_target_and_window() {
    var parsed = DefinitionParser.parse(List.of(new SourceFile("orders.yaml", DEFINITIONS)));
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.definitions().objectives())
        .extracting(PromiseText::of)
        .containsExactly(
            "newest record at most 5 min old; target 99.5% over 30d",
            "complete by 06:00 Europe/Warsaw on business days; target 99.5% over 30d",
            "complete by 23:30 UTC; target 99.5% over 30d",
            "complete by 07:15 UTC on Mon, Fri; target 99.5% over 30d",
            "reads at most 50 ms; target 95% over month (Europe/Warsaw)",
            "cost at most 12.5 per TB in each 1 d; target 95% over 30d",
            "cost at most 25 per run in each 1 h; target 95% over 30d",
            "lake.bytes at most 1,000,000,000,000; target 99% over 30d",
            "runs that succeed; target 99.9% over 7d");
  }
}
