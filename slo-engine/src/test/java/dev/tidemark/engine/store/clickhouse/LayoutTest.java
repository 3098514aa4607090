package dev.tidemark.engine.store.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The statements that make the tables, as they are sent. Who changes a migration looks at both
 * texts; a migration that was released never changes.
 */
class LayoutTest {
  private static String expected(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(LayoutTest.class.getResourceAsStream("/layout/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String text(Migrations migrations) {
    return String.join(";\n\n", migrations.statements()) + ";\n";
  }

  @Test
  void on_one_machine() throws Exception {
    assertThat(text(new Migrations("", 30, 400))).isEqualTo(expected("one-machine.sql"));
  }

  @Test
  void on_a_cluster() throws Exception {
    assertThat(text(new Migrations("main", 30, 400))).isEqualTo(expected("cluster.sql"));
  }

  @Test
  void every_table_of_a_cluster_is_replicated_and_reached_through_a_distributed_one()
      throws Exception {
    String cluster = expected("cluster.sql");
    Matcher local =
        Pattern.compile("CREATE TABLE IF NOT EXISTS (\\w+)_local ON CLUSTER 'main' \\(")
            .matcher(cluster);
    int tables = 0;
    while (local.find()) {
      tables++;
      assertThat(cluster)
          .contains(
              "CREATE TABLE IF NOT EXISTS %1$s ON CLUSTER 'main' AS %1$s_local\nENGINE = Distributed('main', currentDatabase(), %1$s_local, "
                  .formatted(local.group(1)));
    }
    assertThat(tables)
        .isEqualTo(cluster.split("ENGINE = Replicated", -1).length - 1)
        .isEqualTo(expected("one-machine.sql").split("CREATE TABLE", -1).length - 1);
  }

  @Test
  void a_name_that_is_no_cluster_is_refused() {
    assertThatThrownBy(() -> new Migrations("a'; DROP", 30, 400))
        .hasMessage("'a'; DROP' is not a name of a cluster");
  }
}
