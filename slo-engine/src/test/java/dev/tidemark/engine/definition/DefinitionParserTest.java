package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionParserTest {
  private static final String ORDERS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders, displayName: Orders, labels: {tier: critical}}
      spec:
        domain: payments
        owner: team-payments
        producedBy: orders_ingest
        dependsOn: [raw_orders]
        consumers: [billing, revenue-dashboard]
        objectives:
          - freshness: {within: 5m, target: 99.5%, window: 30d}
          - completeness: {atLeast: 99.95%, per: day, target: 99%, window: 30d}
          - heartbeat: {connector: orders-cdc, every: 1m, target: 99.9%, window: 7d}
          - runs: {target: 99.9%, window: 7d}
        runbook: stale-dataset
      """;

  private static ParseResult parse(String text) {
    return DefinitionParser.parse(List.of(new SourceFile("orders.yaml", text)));
  }

  @Test
  void the_example_of_the_documentation_is_understood_whole() {
    ParseResult result = parse(ORDERS);

    assertThat(result.problems()).isEmpty();
    assertThat(result.definitions().objectives())
        .extracting(Objective::id)
        .containsExactly(
            new ObjectiveId("orders-freshness"),
            new ObjectiveId("orders-completeness"),
            new ObjectiveId("orders-heartbeat"),
            new ObjectiveId("orders-runs"));
    Objective freshness = result.definitions().objectives().get(0);
    assertThat(freshness.target().ratio()).isEqualTo(0.995);
    assertThat(freshness.window().nominal()).isEqualTo(Duration.ofDays(30));
    assertThat(freshness.slice()).isEqualTo(Duration.ofMinutes(1));
    assertThat(freshness.runbook()).isEqualTo("stale-dataset");
    assertThat(freshness.place()).isEqualTo("orders.yaml:11:7");
    assertThat(result.definitions().objectives().get(2).subject())
        .isEqualTo(new Objective.Subject(Objective.Subject.Type.CONNECTOR, "orders-cdc"));
    assertThat(result.definitions().datasets().get(0).connectors()).containsExactly("orders-cdc");
  }

  @Test
  void every_problem_is_named_at_its_place_in_one_go_and_the_good_document_is_kept() {
    ParseResult result =
        parse(
            ORDERS
                + """
                ---
                apiVersion: tidemark/v1
                kind: Dataset
                metadata: {name: refunds}
                spec:
                  ownr: me
                  objectives:
                    - freshnes: {within: 5m}
                    - freshness: {within: soon, target: 120%}
                """);

    assertThat(result.definitions().datasets())
        .extracting(DatasetDefinition::name)
        .containsExactly("orders");
    assertThat(result.problems().stream().map(Problem::toString))
        .containsExactly(
            "orders.yaml:21:3: 'ownr' is not known in spec; did you mean 'owner'?",
            "orders.yaml:23:7: 'freshnes' is no kind of objective; did you mean 'freshness'?",
            "orders.yaml:24:27: 'soon' is no duration; write a whole number with ms, s, m, h, d or w, such as 5m",
            "orders.yaml:24:41: a target lies above 0 % and at most at 100 %, not 120%");
  }

  @Test
  void what_is_not_yaml_is_said_with_its_place() {
    ParseResult result = parse("kind: [Dataset\n");

    assertThat(result.hasErrors()).isTrue();
    assertThat(result.problems().get(0).message()).startsWith("this is not YAML");
  }

  @Test
  void a_name_that_is_taken_names_both_places() {
    ParseResult result = parse(ORDERS + "---\n" + ORDERS);

    assertThat(result.problems()).hasSize(1);
    assertThat(result.problems().get(0).message())
        .contains("'orders' is defined at orders.yaml:3:11 already");
  }

  @Test
  void the_definitions_of_the_demo_have_no_problems() throws IOException {
    try (InputStream in =
        DefinitionParserTest.class.getResourceAsStream("/demo/definitions/flights.yaml")) {
      assertThat(in).isNotNull();
      ParseResult result = parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(result.problems()).isEmpty();
      assertThat(result.definitions().objectives()).hasSize(6);
    }
  }

  /**
   * Factors: The Site Reliability Workbook, chapter 5, table 5-8, plus the one-day tier of Sloth.
   */
  @Test
  void thirty_days_have_the_four_tiers_of_the_workbook() {
    List<BurnRateCondition> tiers =
        BurnPolicies.defaults(Duration.ofDays(30), Target.parse("99.9%"));

    assertThat(tiers)
        .extracting(BurnRateCondition::severity)
        .containsExactly(Severity.PAGE, Severity.PAGE, Severity.TICKET, Severity.TICKET);
    assertThat(tiers.get(0).factor()).isCloseTo(14.4, within(1e-9));
    assertThat(tiers.get(1).factor()).isCloseTo(6, within(1e-9));
    assertThat(tiers.get(2).factor()).isCloseTo(3, within(1e-9));
    assertThat(tiers.get(3).factor()).isCloseTo(1, within(1e-9));
  }

  /** 14.4 cannot be reached at or below 93.05 %: 1 / 14.4 = 6.94 % is the least budget. */
  @Test
  void a_tier_that_can_never_fire_is_left_out() {
    assertThat(BurnPolicies.defaults(Duration.ofDays(30), Target.parse("90%")))
        .extracting(BurnRateCondition::factor)
        .allMatch(factor -> factor < 10.0001);
  }
}
