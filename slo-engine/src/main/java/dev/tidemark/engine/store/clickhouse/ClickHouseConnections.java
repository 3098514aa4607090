package dev.tidemark.engine.store.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The way to one ClickHouse database, given by its JDBC URL. Uses the JDBC driver's own client,
 * with rows as RowBinary in both directions. Thread-safe; close it last.
 */
public final class ClickHouseConnections implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Codes of ClickHouse that blame the data sent: parsing, types, sizes, ranges. */
  private static final Set<Integer> REFUSALS = Set.of(6, 26, 27, 32, 33, 53, 69, 117, 131, 349);

  private final Client client;
  private final String database;
  private final Duration patience;

  /**
   * Opens it; nothing is sent yet.
   *
   * @param jdbcUrl such as {@code jdbc:clickhouse://host:8123/tidemark}, {@code ?ssl=true} for TLS
   * @param user may be {@code default}
   * @param password may be empty
   * @throws IllegalArgumentException when it is no such URL
   */
  public ClickHouseConnections(String jdbcUrl, String user, String password) {
    this(jdbcUrl, user, password, PATIENCE);
  }

  /**
   * Opens it as the other constructor does.
   *
   * @param patience how long an answer is waited for
   */
  public ClickHouseConnections(String jdbcUrl, String user, String password, Duration patience) {
    this.patience = patience;
    String plain = jdbcUrl.replaceFirst("^jdbc:(clickhouse|ch):(https?:)?", "http:");
    if (plain.equals(jdbcUrl)) {
      throw new IllegalArgumentException(
          "TIDEMARK_CLICKHOUSE_URL should look like jdbc:clickhouse://host:8123/database");
    }
    URI uri = URI.create(plain);
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    boolean tls = query.contains("ssl=true") || jdbcUrl.contains(":https:");
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? 8443 : 8123;
    String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
    database = path.isEmpty() ? "default" : path;
    client =
        new Client.Builder()
            .addEndpoint((tls ? "https" : "http") + "://" + uri.getHost() + ":" + port)
            .setUsername(user)
            .setPassword(password)
            .setDefaultDatabase(database)
            .compressServerResponse(false)
            .compressClientRequest(false)
            .setConnectTimeout(3, ChronoUnit.SECONDS)
            .setSocketTimeout(patience.toMillis(), ChronoUnit.MILLIS)
            .build();
  }

  /**
   * Makes the database if there is none. Asked for only then, because an account may be allowed to
   * use its database and not to make one.
   *
   * @param cluster on which to make it; empty for one machine
   */
  public void ensureDatabase(String cluster) {
    try {
      execute("SELECT 1");
    } catch (StoreException e) {
      if (!e.unknownDatabase()) {
        throw e;
      }
      query(
          "CREATE DATABASE IF NOT EXISTS `"
              + database.replace("\\", "\\\\").replace("`", "\\`")
              + "`"
              + (cluster.isEmpty() ? "" : " ON CLUSTER " + quote(cluster)),
          new QuerySettings().setFormat(ClickHouseFormat.RowBinary).setDatabase("default"),
          rows -> {});
    }
  }

  /**
   * Asks for a sign of life.
   *
   * @throws StoreException when there is none
   */
  public void ping() {
    execute("SELECT 1");
  }

  /** Takes the rows of one answer. */
  @FunctionalInterface
  interface Rows {
    void read(RowBinaryInput rows) throws IOException;
  }

  /** Runs a statement without an answer. */
  public void execute(String sql) {
    query(sql, rows -> {});
  }

  /** Hands the answer's rows over while they arrive. */
  void query(String sql, Rows consumer) {
    query(sql, new QuerySettings().setFormat(ClickHouseFormat.RowBinary), consumer);
  }

  @SuppressWarnings("try") // an interrupt on closing is handled like one while waiting
  private void query(String sql, QuerySettings settings, Rows consumer) {
    try (QueryResponse response =
            client.query(sql, settings).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        InputStream in = response.getInputStream()) {
      consumer.read(new RowBinaryInput(in));
    } catch (StoreException e) {
      throw e;
    } catch (Exception e) {
      throw failure("ClickHouse did not answer", e);
    }
  }

  /**
   * Inserts the rows; a repetition with the same token (unless empty) changes nothing. Returns when
   * committed.
   */
  void insert(String table, RowBinary rows, String token) {
    if (rows.rows() == 0) {
      return;
    }
    InsertSettings settings =
        new InsertSettings()
            .serverSetting("async_insert", "0")
            // What comes late may be of any number of days.
            .serverSetting("max_partitions_per_insert_block", "0")
            .serverSetting("distributed_foreground_insert", "1");
    if (!token.isEmpty()) {
      settings.setDeduplicationToken(token);
    }
    try (InsertResponse response =
        client
            .insert(
                table,
                new ByteArrayInputStream(rows.toByteArray()),
                ClickHouseFormat.RowBinary,
                settings)
            .get(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      if (response.getWrittenRows() < 0) {
        throw new IOException("no rows written");
      }
    } catch (Exception e) {
      throw failure("ClickHouse did not take rows for " + table, e);
    }
  }

  private static StoreException failure(String what, Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    boolean refused =
        cause instanceof ServerException server && REFUSALS.contains(server.getCode());
    String detail =
        cause instanceof TimeoutException ? "timed out" : String.valueOf(cause.getMessage());
    return new StoreException(what + ": " + detail, refused, cause);
  }

  /** Returns the text as a literal of ClickHouse's SQL. */
  static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  @Override
  public void close() {
    client.close();
  }
}
