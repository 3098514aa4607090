package dev.tidemark.engine.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.ingest.openlineage.LineageReader;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogCoverageTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final LineageReader READER = new LineageReader(InstantSource.fixed(NOW));
  private static final String ORDERS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec: {owner: payments, objectives: [{validity: {}}]}
      """;
  private static final String OWNERLESS =
      """
      ---
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: clicks}
      spec: {objectives: [{validity: {}}]}
      """;

  private static Definitions definitions(String yaml) {
    return DefinitionParser.parse(List.of(new SourceFile("a.yaml", yaml))).definitions();
  }

  private static SignalBatch signal(String metric, String dataset, String check) {
    return SignalBatch.ofPoints(
        List.of(
            MetricPoint.number(
                Series.of(
                    metric,
                    MetricKind.DELTA_SUM,
                    "1",
                    Map.of(),
                    Map.of("dataset", dataset, "check", check)),
                0,
                1,
                1)));
  }

  private static SignalBatch lineage(String output) throws Exception {
    String json =
        """
        {"eventType": "COMPLETE", "eventTime": "2026-03-01T11:00:00Z", "run": {"runId": "r"},
         "job": {"namespace": "n", "name": "j"}, "outputs": [%s]}"""
            .formatted(output);
    return new SignalBatch(
        List.of(),
        List.of(),
        List.of(),
        List.of(
            READER.read(READER.parse(json.getBytes(StandardCharsets.UTF_8)), List.of()).event()),
        List.of());
  }

  @Test
  void a_dataset_is_catalogued_once_owner_objective_and_schema_are_known() throws Exception {
    CatalogCoverage coverage = new CatalogCoverage(definitions(ORDERS + OWNERLESS), READER);
    coverage.seen(signal("tidemark.records", "orders", ""), NOW);
    coverage.seen(signal("tidemark.check", "clicks", "schema_clicks"), NOW);
    assertThat(coverage.entries(NOW))
        .containsExactly(
            new CatalogCoverage.Entry("clicks", false, true, true, NOW),
            new CatalogCoverage.Entry("orders", true, true, false, NOW));
    // Under its long name it is the same dataset, and this event tells its schema.
    coverage.seen(
        lineage(
            "{\"namespace\": \"pg://shop\", \"name\": \"orders\", \"facets\": {\"schema\":"
                + " {\"fields\": [{\"name\": \"id\"}]}}}, {\"namespace\": \"lake\", \"name\": \"x\"}"),
        NOW.plusSeconds(5));
    assertThat(coverage.entries(NOW))
        .extracting(CatalogCoverage.Entry::name)
        .containsExactly("clicks", "lake/x", "orders");
    SignalBatch counts = coverage.counts(NOW.minusSeconds(3_600), NOW);
    assertThat(counts.points())
        .extracting(
            point ->
                point.series().attribute("dataset") + " " + point.series().attribute("outcome"))
        .containsExactly("clicks failure", "lake/x failure", "orders success");
    coverage.reload(definitions(ORDERS));
    assertThat(coverage.entries(NOW)).filteredOn(CatalogCoverage.Entry::objective).hasSize(1);
  }

  @Test
  void what_is_not_heard_of_any_more_is_forgotten_and_counting_is_no_sign_of_life() {
    CatalogCoverage coverage = new CatalogCoverage(definitions(ORDERS), READER);
    coverage.seen(signal("tidemark.records", "gone", ""), NOW.minus(Duration.ofDays(31)));
    coverage.seen(signal("tidemark.check", "counted", "catalog"), NOW);
    assertThat(coverage.entries(NOW)).isEmpty();
    assertThat(coverage.counts(NOW.minusSeconds(1), NOW).points()).isEmpty();
  }
}
