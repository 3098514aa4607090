package dev.tidemark.engine.definition.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlothImporterTest {
  private static String plain(String bad) {
    return """
        version: prometheus/v1
        service: shop
        labels: {owner: checkout, tier: "2"}
        slos:
          - name: orders
            objective: 99.5
            sli:
              events:
                error_query: BAD
                total_query: sum(rate(orders_total{job="shop"}[{{.window}}]))
        """
        .replace("BAD", bad);
  }

  private static String alerting(String alerting) {
    return plain("sum(rate(failed_total[{{.window}}]))") + alerting.indent(4);
  }

  @Test
  void a_plain_file_compiles_to_the_same_promise() {
    Imported imported =
        Imports.read(plain("sum(rate(orders_total{job=\"shop\",code=~\"500|503\"}[{{.window}}]))"));

    assertThat(imported.losses()).isEmpty();
    ParseResult result = Imports.ours(imported);
    assertThat(result.problems()).isEmpty();
    Objective objective = result.definitions().objectives().get(0);
    assertThat(objective.id().value()).isEqualTo("shop-orders");
    assertThat(objective.owner()).isEqualTo("checkout");
    assertThat(objective.target().ratio()).isEqualTo(0.995);
    assertThat(objective.window().nominal()).isEqualTo(Duration.ofDays(30));
    Sli.Ratio ratio = (Sli.Ratio) objective.sli();
    assertThat(ratio.total().metric()).isEqualTo("orders_total");
    assertThat(ratio.total().attributes()).isEqualTo(Map.of("job", Set.of("shop")));
    assertThat(imported.yaml()).contains("bad:").contains("'503'");
  }

  @Test
  void the_resource_of_kubernetes_is_read_and_without_pages_only_tickets_are_left() {
    Imported imported =
        Imports.read(
            """
            apiVersion: sloth.slok.dev/v1
            kind: PrometheusServiceLevel
            metadata: {name: shop, namespace: shops}
            spec:
              service: shop
              slos:
                - name: orders
                  objective: 99
                  sli:
                    events:
                      errorQuery: sum(increase(failed_total[{{.window}}]))
                      totalQuery: sum(increase(orders_total[{{.window}}]))
                  alerting:
                    pageAlert:
                      disable: true
            """);

    assertThat(Imports.losses(imported))
        .containsExactly(
            "theirs.yml:3:35: warning: 'namespace' is not carried; Tidemark has no such setting");
    assertThat(imported.yaml()).startsWith("# lost: theirs.yml:3:35: warning:");
    ParseResult result = Imports.ours(imported);
    assertThat(result.problems()).isEmpty();
    // 10 % of 30 days' budget in 1 and 3 days: Google, "The Site Reliability Workbook", chapter 5.
    assertThat(result.definitions().objectives().get(0).conditions())
        .containsExactly(
            new BurnRateCondition(Duration.ofDays(1), Duration.ofHours(2), 3, Severity.TICKET),
            new BurnRateCondition(Duration.ofDays(3), Duration.ofHours(6), 1, Severity.TICKET));
  }

  @Test
  void without_pages_and_tickets_nobody_is_told() {
    Objective objective =
        Imports.objective(
            alerting(
                """
                alerting:
                  page_alert: {disable: true}
                  ticket_alert: {disable: true}
                """));

    assertThat(objective.conditions()).isEmpty();
  }

  @Test
  void labels_of_both_severities_reach_routes_and_all_else_is_named() {
    Imported imported =
        Imports.read(
            alerting(
                """
                alerting:
                  name: ShopOrders
                  labels: {category: availability}
                  annotations: {runbook: "https://runbooks.example.org/1"}
                  page_alert:
                    labels: {severity: critical, channel: shop, pager: "1"}
                  ticket_alert:
                    labels: {severity: warning, channel: shop}
                """));

    assertThat(Imports.losses(imported).stream().map(loss -> loss.replaceAll(" warning:.*", "")))
        .containsExactly(
            "theirs.yml:12:13:",
            "theirs.yml:14:30:",
            "theirs.yml:16:28:",
            "theirs.yml:18:28:",
            "theirs.yml:16:60:");
    assertThat(Imports.ours(imported).definitions().objectives().get(0).labels())
        .containsEntry("category", "availability")
        .containsEntry("channel", "shop")
        .doesNotContainKeys("pager", "severity");
  }

  @Test
  void the_total_without_a_histograms_bucket_is_what_is_bad() {
    Imported imported =
        Imports.read(
            plain(
                    "|\n"
                        + "          (sum(rate(orders_seconds_count{job=\"shop\"}[{{.window}}]))\n"
                        + "           - sum(rate(orders_seconds_bucket{job=\"shop\",le=\"0.4\"}"
                        + "[{{.window}}])))")
                .replace("orders_total", "orders_seconds_count"));

    Sli.Ratio ratio = (Sli.Ratio) Imports.ours(imported).definitions().objectives().get(0).sli();
    assertThat(ratio.goodIsBad()).isFalse();
    assertThat(ratio.good())
        .isEqualTo(
            new Selector(
                "orders_seconds_bucket", Map.of("job", Set.of("shop"), "le", Set.of("0.4"))));
    assertThat(Imports.losses(imported)).singleElement().asString().contains("below: 0.4s");
  }

  @Test
  void a_query_that_says_more_is_left_out_with_its_place() {
    for (String more :
        List.of(
            "sum(rate(a{path=~\"/api/.*\"}[{{.window}}]))",
            "sum(rate(a{code!=\"200\"}[{{.window}}]))",
            "sum(rate(a[5m]))",
            "sum by (job) (rate(a[{{.window}}]))",
            "sum(rate(a[{{.window}}])) by (job)",
            "sum(rate(a[{{.window}}])) - sum(rate(b[{{.window}}]))",
            "sum(rate(a[{{.window}}] offset 5m))")) {
      Imported imported = Imports.read(plain(more));

      assertThat(imported.objectives()).as(more).isZero();
      assertThat(imported.losses()).as(more).hasSize(1);
      assertThat(imported.losses().get(0).toString()).as(more).startsWith("theirs.yml:9:22: ");
      assertThat(imported.yaml()).as(more).startsWith("# lost: theirs.yml:9:22: ");
    }
  }

  @Test
  void a_target_that_leaves_no_budget_is_left_out() {
    Imported imported =
        Imports.read(
            plain("sum(rate(a[{{.window}}]))").replace("objective: 99.5", "objective: 100"));

    assertThat(imported.objectives()).isZero();
    assertThat(Imports.losses(imported)).singleElement().asString().startsWith("theirs.yml:6:16: ");
  }

  @Test
  void two_objectives_of_one_name_are_told_apart() {
    String one = plain("sum(rate(a[{{.window}}]))");

    Imported imported = Imports.read(one + "---\n" + one);

    assertThat(Imports.ours(imported).definitions().objectives())
        .extracting(objective -> objective.id().value())
        .containsExactly("shop-orders", "shop-orders-2");
    assertThat(imported.losses()).hasSize(1);
  }
}
