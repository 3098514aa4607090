package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How late signals may be is declared once by their source; whoever is nearer says otherwise. */
class SourceLatenessTest {
  private static final String PIPELINES =
      """
      apiVersion: tidemark/v1
      kind: Pipeline
      metadata: {name: mobile}
      spec: {allowedLateness: 6h, objectives: [{runs: {}}]}
      ---
      apiVersion: tidemark/v1
      kind: Pipeline
      metadata: {name: orders-cdc}
      spec: {allowedLateness: 5m}
      """;

  private static AllowedLateness lateness(String spec) {
    ParseResult result =
        DefinitionParser.parse(
            List.of(
                new SourceFile(
                    "a.yaml",
                    """
                    apiVersion: tidemark/v1
                    kind: Dataset
                    metadata: {name: orders}
                    spec: %s
                    """
                        .formatted(spec)),
                new SourceFile("b.yaml", PIPELINES)));
    assertThat(result.problems()).isEmpty();
    return result.definitions().objectives().get(0).allowedLateness();
  }

  private static Series series(String service, String... attributes) {
    return Series.of(
        "tidemark.records",
        MetricKind.DELTA_SUM,
        "1",
        Map.of("service.name", service),
        attributes.length == 0 ? Map.of() : Map.of(attributes[0], attributes[1]));
  }

  @Test
  void a_signal_may_be_as_late_as_its_source_declares_and_an_hour_otherwise() {
    AllowedLateness validity = lateness("{objectives: [{validity: {}}]}");

    assertThat(validity.of(series("mobile"))).isEqualTo(Duration.ofHours(6));
    assertThat(validity.of(series("web"))).isEqualTo(Duration.ofHours(1));
    assertThat(validity.of(series("web", "connector", "orders-cdc")))
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(validity.longest()).isEqualTo(Duration.ofHours(6));
  }

  @Test
  void the_objective_goes_before_its_dataset_and_the_dataset_before_the_source() {
    assertThat(
            lateness("{allowedLateness: 2h, objectives: [{validity: {allowedLateness: 1m}}]}")
                .of(series("mobile")))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(lateness("{allowedLateness: 2h, objectives: [{validity: {}}]}").of(series("mobile")))
        .isEqualTo(Duration.ofHours(2));
  }

  @Test
  void sources_that_an_objective_cannot_read_do_not_make_it_keep_more_of_the_past() {
    assertThat(lateness("{producedBy: web, objectives: [{runs: {}}]}").longest())
        .isEqualTo(Duration.ofHours(1));
    assertThat(lateness("{producedBy: mobile, objectives: [{runs: {}}]}").longest())
        .isEqualTo(Duration.ofHours(6));
    assertThat(
            lateness("{objectives: [{heartbeat: {connector: orders-cdc, every: 1m}}]}").bySource())
        .containsOnlyKeys("orders-cdc");
  }

  @Test
  void an_openslo_objective_takes_the_lateness_of_the_source_that_it_reads() {
    ParseResult result =
        DefinitionParser.parse(
            List.of(
                new SourceFile("b.yaml", PIPELINES),
                new SourceFile(
                    "slo.yaml",
                    """
                    apiVersion: openslo/v1
                    kind: SLO
                    metadata: {name: answers}
                    spec:
                      service: shop
                      indicator:
                        metadata: {name: answered}
                        spec:
                          ratioMetric:
                            counter: true
                            good: {metricSource: {type: tidemark, spec: {metric: m, attributes: {service.name: mobile, ok: "yes"}}}}
                            total: {metricSource: {type: tidemark, spec: {metric: m, attributes: {service.name: mobile}}}}
                      timeWindow: [{duration: 28d, isRolling: true}]
                      budgetingMethod: Occurrences
                      objectives: [{target: 0.99}]
                    """)));

    assertThat(result.problems()).isEmpty();
    Objective answers =
        result.definitions().objectives().stream()
            .filter(objective -> objective.id().value().equals("answers"))
            .findFirst()
            .orElseThrow();
    assertThat(answers.allowedLateness().of(series("mobile"))).isEqualTo(Duration.ofHours(6));
  }

  @Test
  void what_is_no_duration_is_told_with_its_place() {
    ParseResult result =
        DefinitionParser.parse(
            List.of(
                new SourceFile(
                    "p.yaml",
                    """
                    apiVersion: tidemark/v1
                    kind: Pipeline
                    metadata: {name: mobile}
                    spec: {allowedLateness: six hours}
                    """)));

    assertThat(result.problems())
        .singleElement()
        .asString()
        .startsWith("p.yaml:4:25: 'six hours' is no duration");
  }
}
