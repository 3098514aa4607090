package dev.tidemark.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedClickHouseTest {
  private static Connection connect(EmbeddedClickHouse clickHouse, String url) throws SQLException {
    return DriverManager.getConnection(
        url + "&beta.row_binary_for_simple_insert=true", clickHouse.user(), clickHouse.password());
  }

  @Test
  void rows_written_in_a_batch_are_read_back() throws SQLException {
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    String url = SharedClickHouse.freshDatabase();
    try (Connection connection = connect(clickHouse, url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t (id UInt64, name String, at DateTime64(3)) ENGINE = MergeTree ORDER BY id");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t (id, name, at) VALUES (?, ?, ?)")) {
        for (int i = 0; i < 1000; i++) {
          insert.setLong(1, i);
          insert.setString(2, "näme-" + i);
          insert.setObject(3, Instant.ofEpochSecond(i).atZone(java.time.ZoneOffset.UTC));
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(1000);
      }
      try (ResultSet rows = statement.executeQuery("SELECT count(), sum(id), max(name) FROM t")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isEqualTo(1000);
        assertThat(rows.getLong(2)).isEqualTo(499_500);
        assertThat(rows.getString(3)).isEqualTo("näme-999");
      }
    }
  }

  @Test
  void a_large_select_arrives_in_pieces_that_fit_together() throws SQLException {
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    try (Connection connection = connect(clickHouse, clickHouse.jdbcUrl("default"));
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT number, toString(number) FROM numbers(1000000)")) {
      long expected = 0;
      while (rows.next()) {
        assertThat(rows.getLong(1)).isEqualTo(expected);
        expected++;
      }
      assertThat(expected).isEqualTo(1_000_000);
    }
  }

  @Test
  void a_select_that_breaks_in_the_middle_is_not_taken_for_a_whole_one() throws SQLException {
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    try (Connection connection = connect(clickHouse, clickHouse.jdbcUrl("default"));
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(
              () -> {
                try (ResultSet rows =
                    statement.executeQuery(
                        "SELECT number, throwIf(number = 3000000) FROM numbers(5000000)")) {
                  while (rows.next()) {
                    assertThat(rows.getLong(1)).isLessThan(3_000_000);
                  }
                }
              })
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void an_error_is_readable() throws SQLException {
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    try (Connection connection = connect(clickHouse, clickHouse.jdbcUrl("default"));
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("SELECT * FROM nowhere"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("nowhere");
    }
  }

  @Test
  void after_kill_9_it_answers_again_with_what_was_committed(@TempDir Path data) throws Exception {
    try (EmbeddedClickHouse clickHouse =
        EmbeddedClickHouse.start(data, NpmPackage.userCache(), line -> {})) {
      String url = clickHouse.jdbcUrl("default");
      try (Connection connection = connect(clickHouse, url);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE kept (id UInt64) ENGINE = MergeTree ORDER BY id");
        statement.execute("INSERT INTO kept SELECT number FROM numbers(10)");
      }
      long pid = clickHouse.pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
      long count = -1;
      while (count < 0 && Instant.now().isBefore(deadline)) {
        try (Connection connection = connect(clickHouse, url);
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT count() FROM kept")) {
          assertThat(rows.next()).isTrue();
          count = rows.getLong(1);
        } catch (SQLException e) {
          Thread.onSpinWait();
        }
      }
      assertThat(count).isEqualTo(10);
      assertThat(clickHouse.pid()).isNotEqualTo(pid);
    }
  }

  @Test
  void a_second_process_on_the_same_folder_is_refused(@TempDir Path data) throws Exception {
    try (EmbeddedClickHouse first =
        EmbeddedClickHouse.start(data, NpmPackage.userCache(), line -> {})) {
      assertThat(first.failure()).isEmpty();
      assertThatThrownBy(() -> EmbeddedClickHouse.start(data, NpmPackage.userCache(), line -> {}))
          .isInstanceOf(NpmPackage.UnavailableException.class)
          .hasMessageContaining("another process uses")
          .hasMessageContaining("--data-dir");
    }
  }
}
