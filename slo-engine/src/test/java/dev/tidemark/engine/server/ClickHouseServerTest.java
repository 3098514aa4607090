package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.SharedClickHouse;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ClickHouse that somebody else runs; the one that the tests share plays it. */
class ClickHouseServerTest {
  @Test
  void a_database_that_is_not_there_yet_is_made_and_used(@TempDir Path folder) throws Exception {
    EmbeddedClickHouse clickHouse = SharedClickHouse.get();
    Path config =
        Files.writeString(
            folder.resolve("tidemark.yaml"),
            "clickhouse: {url: \"%s\", user: %s, password: \"%s\"}"
                .formatted(
                    clickHouse.jdbcUrl("tidemark_of_mine"),
                    clickHouse.user(),
                    clickHouse.password()));
    for (int start = 0; start < 2; start++) {
      try (ServerProcess server =
          ServerProcess.start(folder.resolve("data"), "--config", config.toString())) {
        HttpResponse<String> ping =
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(server.base().resolve("/ping/a")).build(),
                    HttpResponse.BodyHandlers.ofString());
        assertThat(ping.statusCode()).isEqualTo(200);
        assertThat(server.handle().children()).as("no engine of its own").isEmpty();
      }
    }
    try (Connection connection =
            DriverManager.getConnection(
                clickHouse.jdbcUrl("tidemark_of_mine"), clickHouse.user(), clickHouse.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count() FROM pings WHERE ping_key = 'a'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong(1)).isEqualTo(2);
    }
  }
}
