package dev.tidemark.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.SharedClickHouse;
import dev.tidemark.engine.ingest.IngestLimits;
import dev.tidemark.engine.ingest.IngestServer;
import dev.tidemark.engine.model.MetricPoint;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code tidemark check} against real databases, and what arrives of it. */
class CheckCommandTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int exitCode = line.execute(arguments);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private Path suite(String source, String checks) throws Exception {
    return Files.writeString(
        folder.resolve("checks.yaml"),
        """
        apiVersion: tidemark/v1
        kind: CheckSuite
        metadata: {name: nightly}
        spec:
          dataset: orders
          source: %s
          checks:
        %s
        """
            .formatted(source, checks.indent(4)));
  }

  private static final String CHECKS =
      """
      - rowCount: {name: rows, table: orders, atLeast: 1000}
      - rowCount: {name: few, table: orders, where: "shop = 'b'", atLeast: 1, atMost: 10}
      - freshness: {name: fresh, table: orders, column: placed, within: 1h}
      - freshness: {name: stale, table: orders, column: shipped, within: 1h}
      - drift: {name: same, table: orders, where: "id >= 1000", reference: {where: "id < 1000"}, column: amount}
      - drift: {name: moved, table: orders, where: "id >= 1000", reference: {where: "id < 1000"}, column: tip, method: ks, below: 0.1}
      - drift: {name: words, table: orders, where: "id >= 1000", reference: {where: "id < 1000"}, column: shop, categorical: true}
      - drift: {name: thin, table: orders, where: "id < 50", reference: {}, column: amount}
      - schema: {name: shape, table: orders, snapshot: orders.yaml}
      - rowCount: {name: broken, table: no_such_table, atLeast: 1}
      """;

  /**
   * 2,000 rows: amounts alike on both sides; tips 0…999 before and 500…1499 after, a distance of
   * one half; all from shop a before, half from shop b after.
   */
  private static void assertAsMade(Outcome outcome, Map<String, String> sent) {
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line).isEqualTo("ok      orders rows: 2000 rows, wanted at least 1000"),
            line -> assertThat(line).isEqualTo("FAILED  orders few: 500 rows, wanted 1 to 10"),
            line -> assertThat(line).startsWith("ok      orders fresh: the newest placed is "),
            line ->
                assertThat(line)
                    .startsWith(
                        "FAILED  orders stale: the newest shipped is 2026-01-01T12:00:00Z, ")
                    .endsWith("wanted at most 60 min"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "ok      orders same: psi of amount is 0.0000, wanted below 0.2500 (1000 rows against 1000)"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "FAILED  orders moved: ks of tip is 0.5000, wanted below 0.1000 (1000 rows against 1000)"),
            line -> assertThat(line).startsWith("FAILED  orders words: psi of shop is "),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "unknown orders thin: 50 rows against 2000 are too few to compare; 200 on each side are needed (atLeastRows)"),
            line ->
                assertThat(line)
                    .startsWith("FAILED  orders shape: amount type bigint became ")
                    .contains("(another kind); note removed"),
            line ->
                assertThat(line).startsWith("ERROR   orders broken: ").contains("no_such_table"));
    assertThat(sent)
        .containsEntry("rows", "success")
        .containsEntry("few", "failure")
        .containsEntry("fresh", "success")
        .containsEntry("stale", "failure")
        .containsEntry("same", "success")
        .containsEntry("moved", "failure")
        .containsEntry("words", "failure")
        .containsEntry("shape", "failure")
        .hasSize(8);
  }

  private static Map<String, String> sent(IngestServer server) {
    assertThat(server.sink.points("tidemark.check"))
        .allMatch(point -> "orders".equals(point.series().attribute("dataset")));
    assertThat(
            server.sink.points("tidemark.drift").stream()
                .filter(point -> "tip".equals(point.series().attribute("feature")))
                .map(MetricPoint::value))
        .containsExactly(0.5);
    return server.sink.points("tidemark.check").stream()
        .collect(
            Collectors.toMap(
                point -> String.valueOf(point.series().attribute("check")),
                point -> String.valueOf(point.series().attribute("outcome"))));
  }

  private void snapshot() throws Exception {
    Files.writeString(
        folder.resolve("orders.yaml"),
        "[{name: id, type: bigint}, {name: amount, type: bigint}, {name: note, type: text}]");
  }

  @Test
  void in_postgresql() throws Exception {
    snapshot();
    try (PostgresServer postgres = new PostgresServer();
        IngestServer server = new IngestServer(IngestLimits.DEFAULT, Clock.systemUTC())) {
      postgres.execute(
          "CREATE TABLE orders (id bigint NOT NULL, amount double precision, tip int, shop varchar(9),"
              + " placed timestamptz NOT NULL, shipped timestamp)",
          "INSERT INTO orders SELECT i, i % 1000, CASE WHEN i < 1000 THEN i ELSE i - 500 END,"
              + " CASE WHEN i >= 1500 THEN 'b' ELSE 'a' END, now() - interval '10 minutes',"
              + " timestamp '2026-01-01 12:00:00' FROM generate_series(0, 1999) i");
      Path file = suite("{url: \"" + postgres.url() + "\", user: tidemark}", CHECKS);
      Outcome outcome =
          run("check", "run", file.toString(), "--url", "http://127.0.0.1:" + server.port);
      assertAsMade(outcome, sent(server));
    }
  }

  @Test
  void in_clickhouse() throws Exception {
    snapshot();
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    String url = SharedClickHouse.freshDatabase();
    try (Connection connection =
            DriverManager.getConnection(url, clickHouse.user(), clickHouse.password());
        Statement statement = connection.createStatement();
        IngestServer server = new IngestServer(IngestLimits.DEFAULT, Clock.systemUTC())) {
      statement.execute(
          "CREATE TABLE orders (id Int64, amount Nullable(Float64), tip Int32,"
              + " shop LowCardinality(String), placed DateTime64(3, 'UTC'), shipped DateTime)"
              + " ENGINE = MergeTree ORDER BY id");
      statement.execute(
          "INSERT INTO orders SELECT number, number % 1000,"
              + " if(number < 1000, number, number - 500), if(number >= 1500, 'b', 'a'),"
              + " now() - 600, toDateTime('2026-01-01 12:00:00', 'UTC') FROM numbers(2000)");
      Path file =
          suite(
              "{url: \"%s\", user: %s, password: \"%s\"}"
                  .formatted(url, clickHouse.user(), clickHouse.password()),
              CHECKS);
      Outcome outcome =
          run("check", "run", file.toString(), "--url", "http://127.0.0.1:" + server.port);
      assertAsMade(outcome, sent(server));
    }
  }

  @Test
  void a_database_that_is_away_is_an_error_of_every_check_without_its_password() throws Exception {
    Path file =
        suite(
            "{url: \"jdbc:postgresql://127.0.0.1:9/shop?password=hunter2\", user: u, password: hunter3}",
            "- rowCount: {table: a}\n- rowCount: {table: b}\n");
    Outcome outcome =
        run("check", "run", file.toString(), "--url", "http://127.0.0.1:9", "--format", "json");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("\"outcome\" : \"error\"")
        .contains("jdbc:postgresql://127.0.0.1:9/shop cannot be asked")
        .doesNotContain("hunter");
  }

  @Test
  void a_file_that_is_wrong_is_named_and_nothing_is_asked() throws Exception {
    assertThat(run("check", "run", folder + "/none.yaml"))
        .isEqualTo(new Outcome(2, "", "tidemark: " + folder + "/none.yaml does not exist\n"));
    Path file = suite("{url: nonsense}", "- rowCount: {table: a, atLest: 1}\n");
    Outcome outcome = run("check", "run", file.toString());
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("url has to start with jdbc:")
        .contains("checks[0].rowCount does not know 'atLest'");
  }

  @Test
  void snapshots_of_a_schema_are_compared() throws Exception {
    Path old =
        Files.writeString(folder.resolve("old.json"), "[{\"name\":\"id\",\"type\":\"bigint\"}]");
    Path now =
        Files.writeString(
            folder.resolve("new.json"),
            "[{\"name\":\"id\",\"type\":\"int\"},{\"name\":\"x\",\"type\":\"text\"}]");
    Outcome outcome = run("check", "schema", "--old", old.toString(), "--new", now.toString());
    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                1, "BREAKS id: type bigint became int (narrower)\nok     x: added as text\n", ""));
    assertThat(run("check", "schema", "--old", now.toString(), "--new", now.toString()))
        .isEqualTo(new Outcome(0, "nothing differs\n", ""));
    assertThat(
            run("check", "schema", "--old", old.toString(), "--new", now.toString(), "--mode", "x"))
        .isEqualTo(new Outcome(2, "", "tidemark: 'x' is no mode; use backward, forward or full\n"));
  }
}
