package dev.tidemark.engine.definition.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.definition.SourceFile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same promise, written for three tools, has to become the same objective. */
class ImporterTest {
  /** One promise as each tool writes it; the window is 30 days everywhere. */
  private record Same(String name, String sloth, String pyrra, String sloGenerator, Sli.Ratio sli) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static String sloth(String bad, String total) {
    return """
        version: prometheus/v1
        service: shop
        slos:
          - name: orders
            objective: 99.9
            sli: {events: {error_query: 'BAD', total_query: 'TOTAL'}}
        """
        .replace("BAD", bad)
        .replace("TOTAL", total);
  }

  private static String pyrra(String indicator) {
    return """
        apiVersion: pyrra.dev/v1alpha1
        kind: ServiceLevelObjective
        metadata: {name: shop-orders, labels: {pyrra.dev/service: shop}}
        spec:
          target: "99.9"
          window: 30d
          indicator: INDICATOR
        """
        .replace("INDICATOR", indicator);
  }

  private static String sloGenerator(String method, String sli) {
    return """
        apiVersion: sre.google.com/v2
        kind: ServiceLevelObjective
        metadata: {name: shop-orders, labels: {service_name: shop}}
        spec:
          backend: prometheus
          goal: 0.999
          method: METHOD
          service_level_indicator: SLI
        """
        .replace("METHOD", method)
        .replace("SLI", sli);
  }

  static Stream<Same> same() {
    Selector all = new Selector("orders_total", Map.of("job", Set.of("shop")));
    Selector bad =
        new Selector("orders_total", Map.of("job", Set.of("shop"), "code", Set.of("500", "503")));
    Selector fast =
        new Selector("orders_seconds_bucket", Map.of("job", Set.of("shop"), "le", Set.of("0.5")));
    Selector counted = new Selector("orders_seconds_count", Map.of("job", Set.of("shop")));
    return Stream.of(
        new Same(
            "errors",
            sloth(
                "sum(rate(orders_total{job=\"shop\",code=~\"500|503\"}[{{.window}}]))",
                "sum(rate(orders_total{job=\"shop\"}[{{.window}}]))"),
            pyrra(
                "{ratio: {errors: {metric: 'orders_total{code=~\"50(0|3)\",job=\"shop\"}'},"
                    + " total: {metric: 'orders_total{job=\"shop\"}'}}}"),
            sloGenerator(
                "good_bad_ratio",
                "{filter_good: 'orders_total{job=\"shop\",code!~\"50[03]\"}',"
                    + " filter_valid: 'orders_total{job=\"shop\"}'}"),
            new Sli.Ratio("ratio", bad, true, all, new Sli.Budgeting.Occurrences())),
        new Same(
            "latency",
            sloth(
                "sum(rate(orders_seconds_count{job=\"shop\"}[{{.window}}])) -"
                    + " sum(rate(orders_seconds_bucket{job=\"shop\",le=\"0.5\"}[{{.window}}]))",
                "sum(rate(orders_seconds_count{job=\"shop\"}[{{.window}}]))"),
            pyrra(
                "{latency: {success: {metric: 'orders_seconds_bucket{job=\"shop\",le=\"0.5\"}'},"
                    + " total: {metric: 'orders_seconds_count{job=\"shop\"}'}}}"),
            sloGenerator(
                "distribution_cut",
                "{expression: 'orders_seconds_bucket{job=\"shop\"}', threshold_bucket: 0.5}"),
            new Sli.Ratio("ratio", fast, false, counted, new Sli.Budgeting.Occurrences())));
  }

  @ParameterizedTest
  @MethodSource("same")
  void three_tools_say_the_same(Same same) {
    for (String text : List.of(same.sloth(), same.pyrra(), same.sloGenerator())) {
      Objective objective = Imports.objective(text);

      assertThat(objective.id().value()).as(text).isEqualTo("shop-orders");
      assertThat(objective.subject().name()).as(text).isEqualTo("shop");
      assertThat(objective.target().ratio()).as(text).isEqualTo(0.999);
      assertThat(objective.window().nominal()).as(text).isEqualTo(Duration.ofDays(30));
      assertThat(objective.sli()).as(text).isEqualTo(same.sli());
      assertThat(objective.conditions()).as(text).hasSize(4);
    }
  }

  @Test
  void documents_of_several_tools_may_stand_in_one_file() {
    Imported imported =
        Imports.read(
            String.join("---\n", same().flatMap(s -> Stream.of(s.sloth(), s.pyrra())).toList()));

    assertThat(imported.objectives()).isEqualTo(4);
    assertThat(Imports.ours(imported).definitions().objectives()).hasSize(4);
  }

  @Test
  void a_document_that_nobody_wrote_is_named_with_the_way_out() {
    Imported imported = Imports.read("apiVersion: v1\nkind: Service\n");

    assertThat(Imports.losses(imported))
        .containsExactly(
            "theirs.yml:1:1: whose file this is cannot be told; say so with --from sloth, pyrra,"
                + " slo-generator, alertmanager");
    assertThat(imported.yaml()).startsWith("# lost: theirs.yml:1:1: ");
  }

  @Test
  void a_tool_that_is_named_has_to_be_right() {
    Imported imported =
        Importer.read(
            List.of(new SourceFile("theirs.yml", same().toList().get(0).pyrra())),
            Optional.of(Tool.SLOTH));

    assertThat(Imports.losses(imported))
        .singleElement()
        .asString()
        .startsWith("theirs.yml:1:1: this is no file of Sloth");
  }

  @Test
  void what_is_no_yaml_is_named_and_the_other_files_are_read() {
    Imported imported =
        Importer.read(
            List.of(
                new SourceFile("broken.yml", "a: [\n"),
                new SourceFile("theirs.yml", same().toList().get(0).sloth())),
            Optional.empty());

    assertThat(imported.objectives()).isEqualTo(1);
    assertThat(Imports.losses(imported)).singleElement().asString().startsWith("broken.yml:2:1: ");
  }
}
