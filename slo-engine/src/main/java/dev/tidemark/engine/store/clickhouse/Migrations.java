package dev.tidemark.engine.store.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Brings a database to the layout of this version: numbered SQL files, each applied once and
 * remembered with its checksum.
 *
 * @param cluster name of the ClickHouse cluster, or empty for a single machine
 * @param signalDays how long signals are kept
 * @param objectiveDays how long judged buckets and budgets are kept
 */
public record Migrations(String cluster, int signalDays, int objectiveDays) {
  private static final List<String> FILES =
      List.of("0001-signals.sql", "0002-state.sql", "0003-restatements.sql");
  private static final Pattern PLACE = Pattern.compile("\\$\\{(\\w+):([^}]+)}");
  private static final Pattern SHARD = Pattern.compile("(?m)^-- shard (\\w+) by (.+)$");
  private static final String LOG =
      "-- shard schema_migrations by version\n"
          + "CREATE TABLE IF NOT EXISTS ${table:schema_migrations} (version UInt32, name String,"
          + " checksum UInt32)\nENGINE = ${engine:ReplacingMergeTree}\nORDER BY version\n"
          + "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1";

  /** Checks the cluster's name and the days. */
  public Migrations {
    if (!cluster.matches("[\\w-]*")) {
      throw new IllegalArgumentException("'" + cluster + "' is not a name of a cluster");
    }
    if (signalDays < 1 || objectiveDays < 1) {
      throw new IllegalArgumentException("data have to be kept for at least one day");
    }
  }

  /**
   * Applies what is missing.
   *
   * @throws IllegalStateException when the database is newer, or was made from other files
   */
  public void apply(ClickHouseConnections connections) {
    render(LOG).forEach(connections::execute);
    Map<Integer, Integer> applied = new HashMap<>();
    connections.query(
        "SELECT version, checksum FROM schema_migrations",
        rows -> {
          while (rows.hasNext()) {
            int version = rows.int32();
            applied.put(version, rows.int32());
          }
        });
    for (int version : applied.keySet()) {
      if (version > FILES.size()) {
        throw new IllegalStateException(
            "the database has layout "
                + version
                + ", this Tidemark knows "
                + FILES.size()
                + "; start the newer Tidemark, or name another database");
      }
    }
    for (int version = 1; version <= FILES.size(); version++) {
      String name = FILES.get(version - 1);
      String text = read(name);
      int checksum = checksum(text);
      Integer known = applied.get(version);
      if (known == null) {
        render(text).forEach(connections::execute);
        RowBinary row = new RowBinary();
        row.row();
        row.int32(version);
        row.text(name);
        row.int32(checksum);
        connections.insert("schema_migrations", row, "migration-" + version);
      } else if (known != checksum) {
        throw new IllegalStateException(
            name
                + " differs from what the database was made with; use the Tidemark that made it,"
                + " or name another database");
      }
    }
  }

  /** Returns every statement, in order, as it is sent. */
  public List<String> statements() {
    List<String> all = new ArrayList<>();
    FILES.forEach(name -> all.addAll(render(read(name))));
    return all;
  }

  private List<String> render(String template) {
    List<String> statements = new ArrayList<>();
    for (String statement : template.split(";\\s*\n", -1)) {
      if (statement.isBlank()) {
        continue;
      }
      statements.add(PLACE.matcher(statement).replaceAll(this::replacement).strip());
      Matcher shard = SHARD.matcher(statement);
      if (!cluster.isEmpty() && shard.find()) {
        String table = shard.group(1);
        statements.add(
            "CREATE TABLE IF NOT EXISTS %s ON CLUSTER '%s' AS %s_local\nENGINE = Distributed('%s', currentDatabase(), %s_local, %s)"
                .formatted(table, cluster, table, cluster, table, shard.group(2)));
      }
    }
    return statements;
  }

  private String replacement(java.util.regex.MatchResult place) {
    String value = place.group(2);
    String text =
        switch (place.group(1)) {
          case "table" -> cluster.isEmpty() ? value : value + "_local ON CLUSTER '" + cluster + "'";
          case "engine" -> cluster.isEmpty() ? value : replicated(value);
          case "days" -> String.valueOf(value.equals("signals") ? signalDays : objectiveDays);
          default -> throw new IllegalStateException("unknown placeholder " + place.group());
        };
    return Matcher.quoteReplacement(text);
  }

  private static String replicated(String engine) {
    int open = engine.indexOf('(');
    String name = open < 0 ? engine : engine.substring(0, open);
    String more = open < 0 ? "" : ", " + engine.substring(open + 1, engine.length() - 1);
    return "Replicated"
        + name
        + "('/clickhouse/tables/{database}/{table}/{shard}', '{replica}'"
        + more
        + ")";
  }

  private static int checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  private static String read(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream("/migrations/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks /migrations/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
