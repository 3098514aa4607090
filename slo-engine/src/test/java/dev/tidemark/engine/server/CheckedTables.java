package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.SharedClickHouse;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A database of somebody, looked at by {@code tidemark check run}. */
final class CheckedTables implements AutoCloseable {
  private final String url = SharedClickHouse.freshDatabase();
  private final EmbeddedClickHouse clickHouse = SharedClickHouse.get();
  private final Path folder;
  private final Connection connection;

  CheckedTables(Path folder) throws Exception {
    this.folder = folder;
    this.connection = DriverManager.getConnection(url, clickHouse.user(), clickHouse.password());
    create();
  }

  private void execute(String... statements) throws Exception {
    try (Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private void create() throws Exception {
    for (String state : List.of("sick", "well")) {
      StringBuilder suites = new StringBuilder();
      execute(
          "CREATE TABLE serving_%s (id Int64) ENGINE = MergeTree ORDER BY id".formatted(state),
          "INSERT INTO serving_%s VALUES (1)".formatted(state),
          "CREATE TABLE shape_%s (id Int64, amount Int64) ENGINE = MergeTree ORDER BY id"
              .formatted(state),
          "CREATE TABLE intruders_%s (id Int64) ENGINE = MergeTree ORDER BY id".formatted(state),
          "CREATE TABLE orders_%s (day Int32, amount Float64) ENGINE = MergeTree ORDER BY day"
              .formatted(state),
          "INSERT INTO orders_%s SELECT 1, number FROM numbers(1000)".formatted(state),
          "INSERT INTO orders_%s SELECT 2, number FROM numbers(1000)".formatted(state),
          "CREATE TABLE parts_%s (part String) ENGINE = MergeTree ORDER BY part".formatted(state),
          "INSERT INTO parts_%s SELECT 'p' || toString(number %% 8) FROM numbers(800)"
              .formatted(state));
      suite(suites, "m5_", state, "rowCount: {name: query, table: serving_STATE, atLeast: 1}");
      suite(
          suites, "m6_", state, "schema: {name: schema, table: shape_STATE, snapshot: shape.yaml}");
      suite(
          suites,
          "m10_",
          state,
          "rowCount: {name: access, table: intruders_STATE, atLeast: 0, atMost: 0}");
      suite(
          suites,
          "m13_",
          state,
          "drift: {name: amounts, table: orders_STATE, where: \"day = 2\", column: amount,"
              + " reference: {where: \"day = 1\"}}");
      suite(
          suites,
          "f6_",
          state,
          "rowCount: {name: partition_skew, table: parts_STATE, where: \"part = 'p0'\", atMost: 200}");
      Files.writeString(folder.resolve(state + ".yaml"), suites.toString());
    }
    Files.writeString(
        folder.resolve("shape.yaml"), "[{name: id, type: bigint}, {name: amount, type: bigint}]");
  }

  private void suite(StringBuilder suites, String dataset, String state, String check) {
    suites.append(
        """
          ---
          apiVersion: tidemark/v1
          kind: CheckSuite
          metadata: {name: %1$s}
          spec:
            dataset: %1$s
            source: {url: "%2$s", user: %3$s, password: "%4$s"}
            checks:
              - %5$s
          """
            .formatted(
                dataset + state,
                url,
                clickHouse.user(),
                clickHouse.password(),
                check.replace("STATE", state)));
  }

  /**
   * The layer answers nothing, a column is gone, somebody came in, amounts moved, one part is hot.
   */
  void spoil() throws Exception {
    execute(
        "TRUNCATE TABLE serving_sick",
        "DROP TABLE shape_sick",
        "CREATE TABLE shape_sick (id Int64) ENGINE = MergeTree ORDER BY id",
        "INSERT INTO intruders_sick VALUES (1)",
        "INSERT INTO orders_sick SELECT 2, number + 5000 FROM numbers(1000)",
        "INSERT INTO parts_sick SELECT 'p0' FROM numbers(5000)");
  }

  /** Runs the suites of one state; what fails is sent, and no error of the command. */
  void check(URI server, String state) {
    assertThat(
            Commands.tidemark(server, "check", "run", folder.resolve(state + ".yaml").toString()))
        .isBetween(0, 1);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
