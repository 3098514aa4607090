package dev.tidemark.engine.definition.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.definition.SourceFile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlothImporterTest {
  private static Imported read(String text) {
    return SlothImporter.read(List.of(new SourceFile("sloth.yml", text)));
  }

  private static ParseResult parsed(Imported imported) {
    return DefinitionParser.parse(List.of(new SourceFile("ours.yaml", imported.yaml())));
  }

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

  @Test
  void a_plain_file_compiles_to_the_same_promise() {
    Imported imported =
        read(plain("sum(rate(orders_total{job=\"shop\",code=~\"500|503\"}[{{.window}}]))"));

    assertThat(imported.losses()).isEmpty();
    ParseResult result = parsed(imported);
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
  void the_resource_of_kubernetes_is_read_and_its_alerts_are_named_as_lost() {
    Imported imported =
        read(
            """
            apiVersion: sloth.slok.dev/v1
            kind: PrometheusServiceLevel
            metadata: {name: shop}
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

    assertThat(imported.losses()).hasSize(1);
    assertThat(imported.losses().get(0).toString()).startsWith("sloth.yml:15:11: warning:");
    assertThat(imported.yaml()).startsWith("# lost: sloth.yml:15:11: warning:");
    assertThat(parsed(imported).problems()).isEmpty();
    assertThat(parsed(imported).definitions().objectives()).hasSize(1);
  }

  @Test
  void a_query_that_says_more_is_left_out_with_its_place() {
    for (String more :
        List.of(
            "sum(rate(a{code=~\"5..\"}[{{.window}}]))",
            "sum(rate(a{code!=\"200\"}[{{.window}}]))",
            "sum(rate(a[5m]))",
            "sum by (job) (rate(a[{{.window}}]))",
            "sum(rate(a[{{.window}}])) by (job)",
            "sum(rate(a[{{.window}}])) - sum(rate(b[{{.window}}]))",
            "sum(rate(a[{{.window}}] offset 5m))")) {
      Imported imported = read(plain(more));

      assertThat(imported.objectives()).as(more).isZero();
      assertThat(imported.losses()).as(more).hasSize(1);
      assertThat(imported.losses().get(0).toString()).as(more).startsWith("sloth.yml:9:22: ");
      assertThat(imported.yaml()).as(more).startsWith("# lost: sloth.yml:9:22: ");
    }
  }
}
