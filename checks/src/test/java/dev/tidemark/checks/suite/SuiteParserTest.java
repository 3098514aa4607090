package dev.tidemark.checks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.checks.schema.Compatibility;
import dev.tidemark.checks.sql.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class SuiteParserTest {
  private static final Path FOLDER = Path.of("/definitions");

  @SuppressWarnings("unchecked") // the samples are maps
  private static Map<String, Object> spec(String yaml) {
    return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }

  @Test
  void a_suite_is_read_whole_with_its_secrets_from_the_environment() {
    SuiteParser parser = new SuiteParser(Map.of("PGPASSWORD", "hunter2"));
    CheckSuite suite =
        parser
            .parse(
                "nightly",
                spec(
                    """
                    dataset: orders
                    source: {url: "jdbc:postgresql://db/shop", user: tidemark, password: "${PGPASSWORD}"}
                    checks:
                      - rowCount: {table: orders, where: "day = current_date", atLeast: 100}
                      - freshness: {name: fresh, table: orders, column: placed, within: 90m, timeZone: Europe/Warsaw}
                      - drift: {table: orders, column: amount, reference: {table: orders_2025}, method: ks, below: 0.2}
                      - schema: {table: orders, snapshot: orders.json}
                    """),
                "checks.yaml:1:1",
                FOLDER)
            .orElseThrow();
    assertThat(parser.problems()).isEmpty();
    assertThat(suite.source())
        .isEqualTo(new Database.Source("jdbc:postgresql://db/shop", "tidemark", "hunter2"));
    assertThat(suite.source().toString()).isEqualTo("jdbc:postgresql://db/shop");
    Database.Table orders = new Database.Table("orders", "");
    assertThat(suite.checks())
        .containsExactly(
            new CheckSuite.RowCount(
                "rowCount_orders",
                new Database.Table("orders", "day = current_date"),
                100,
                Long.MAX_VALUE),
            new CheckSuite.Freshness(
                "fresh", orders, "placed", Duration.ofMinutes(90), ZoneId.of("Europe/Warsaw")),
            new CheckSuite.Drift(
                "drift_orders",
                orders,
                new Database.Table("orders_2025", ""),
                "amount",
                false,
                CheckSuite.Method.KS,
                0.2,
                200),
            new CheckSuite.Schema(
                "schema_orders",
                "orders",
                Path.of("/definitions/orders.json"),
                Compatibility.BACKWARD));
  }

  @Test
  void every_problem_is_named_at_its_place_in_one_go() {
    SuiteParser parser = new SuiteParser(Map.of());
    assertThat(
            parser.parse(
                "nightly",
                spec(
                    """
                    datset: orders
                    source: {url: "postgresql://db/shop", password: "${NOPE}"}
                    checks:
                      - rowcount: {table: orders}
                      - freshness: {table: orders, within: soon}
                      - drift: {table: orders, column: a, reference: {}, method: chi, below: x}
                      - schema: {table: orders, snapshot: s.json, mode: sideways}
                    """),
                "checks.yaml:1:1",
                FOLDER))
        .isEmpty();
    assertThat(parser.problems())
        .containsExactly(
            "checks.yaml:1:1: spec does not know 'datset'; known are checks, dataset, source",
            "checks.yaml:1:1: spec needs 'dataset'",
            "checks.yaml:1:1: spec.source password wants the environment variable NOPE, which is not set",
            "checks.yaml:1:1: spec.source url has to start with jdbc:, such as jdbc:postgresql://localhost/shop",
            "checks.yaml:1:1: spec.checks[0] is one of drift, freshness, rowCount, schema",
            "checks.yaml:1:1: spec.checks[1].freshness needs 'column'",
            "checks.yaml:1:1: spec.checks[1].freshness within is a duration such as 30m, 6h or 1d, not 'soon'",
            "checks.yaml:1:1: spec.checks[2].drift method is psi or ks, not 'chi'",
            "checks.yaml:1:1: spec.checks[2].drift below has to be a number from 0, not 'x'",
            "checks.yaml:1:1: spec.checks[3].schema mode: 'sideways' is no mode; use backward, forward or full");
  }
}
