package dev.tidemark.checks.sql;

import dev.tidemark.checks.schema.Column;
import dev.tidemark.checks.schema.ColumnType;
import dev.tidemark.checks.schema.TableSchema;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * A connection over JDBC that only reads, and gives up when an answer takes too long. Not
 * thread-safe.
 */
public final class Database implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Connection connection;

  private Database(Connection connection) {
    this.connection = connection;
  }

  /**
   * Connects.
   *
   * @param source where and as whom
   * @throws SQLException when that fails; the message is the driver's, which may name the URL
   */
  public static Database connect(Source source) throws SQLException {
    Properties properties = new Properties();
    if (!source.user().isEmpty()) {
      properties.setProperty("user", source.user());
      properties.setProperty("password", source.password());
    }
    Connection connection = DriverManager.getConnection(source.url(), properties);
    try {
      connection.setReadOnly(true);
    } catch (SQLFeatureNotSupportedException e) {
      // Only a safeguard: every statement here is a SELECT.
      return new Database(connection);
    }
    return new Database(connection);
  }

  /**
   * Where and as whom.
   *
   * @param url of JDBC
   * @param user may be empty
   * @param password never shown
   */
  public record Source(String url, String user, String password) {
    @Override
    public String toString() {
      // A URL may carry an account before the host and a password behind the question mark.
      return url.replaceFirst("//[^/@]*@", "//").replaceFirst("[?;].*", "");
    }
  }

  /** A table, or what a query gives, narrowed by a condition. */
  public record Table(String name, String where) {
    String from() {
      return " FROM " + name + (where.isEmpty() ? "" : " WHERE " + where);
    }
  }

  /** Counts rows. */
  public long count(Table table) throws SQLException {
    return ask(
        "SELECT count(*)" + table.from(),
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  /**
   * Returns the newest time in a column, or empty when there is none.
   *
   * @param zone in which times without a zone are meant
   */
  public Optional<Instant> newest(Table table, String column, ZoneId zone) throws SQLException {
    return ask(
        "SELECT max(" + column + ")" + table.from(),
        rows -> {
          if (!rows.next()) {
            return Optional.empty();
          }
          Timestamp time = rows.getTimestamp(1, Calendar.getInstance(TimeZone.getTimeZone(zone)));
          return Optional.ofNullable(time).map(Timestamp::toInstant);
        });
  }

  /**
   * Returns a column's values as numbers, NaN where missing.
   *
   * @param atMost more rows are not read
   */
  public double[] numbers(Table table, String column, int atMost) throws SQLException {
    return ask(
        "SELECT " + column + table.from(),
        rows -> {
          List<Double> values = new ArrayList<>();
          while (values.size() < atMost && rows.next()) {
            double value = rows.getDouble(1);
            values.add(rows.wasNull() ? Double.NaN : value);
          }
          return values.stream().mapToDouble(Double::doubleValue).toArray();
        });
  }

  /** Returns a column's values as text, null where missing. */
  public List<@Nullable String> texts(Table table, String column, int atMost) throws SQLException {
    return ask(
        "SELECT " + column + table.from(),
        rows -> {
          List<@Nullable String> values = new ArrayList<>();
          while (values.size() < atMost && rows.next()) {
            values.add(rows.getString(1));
          }
          return values;
        });
  }

  /**
   * Returns the columns of a table.
   *
   * @param name {@code table} or {@code schema.table}
   * @throws SQLException also when there is no such table
   */
  public TableSchema schema(String name) throws SQLException {
    int dot = name.lastIndexOf('.');
    String schema = dot < 0 ? connection.getSchema() : name.substring(0, dot);
    String table = name.substring(dot + 1);
    List<Column> columns = new ArrayList<>();
    DatabaseMetaData metaData = connection.getMetaData();
    try (ResultSet rows = metaData.getColumns(null, schema, table, null)) {
      while (rows.next()) {
        String type = rows.getString("TYPE_NAME");
        int size = rows.getInt("COLUMN_SIZE");
        int scale = rows.getInt("DECIMAL_DIGITS");
        columns.add(
            new Column(
                rows.getString("COLUMN_NAME"),
                ColumnType.parse(sized(type, size, scale)),
                rows.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls));
      }
    }
    if (columns.isEmpty()) {
      throw new SQLException("there is no table " + name);
    }
    return new TableSchema(columns);
  }

  /** Drivers tell lengths apart from names; ClickHouse's writes them into the name. */
  private static String sized(String type, int size, int scale) {
    boolean wantsSize = type.matches("(?i)varchar|bpchar|char|character varying");
    boolean wantsScale = type.matches("(?i)numeric|decimal");
    // Without a length PostgreSQL's driver tells the greatest integer.
    if (size <= 0 || size == Integer.MAX_VALUE || (!wantsSize && !wantsScale)) {
      return type;
    }
    return type + "(" + size + (wantsScale ? "," + scale : "") + ")";
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private <T> T ask(String sql, Reader<T> reader) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(Math.toIntExact(PATIENCE.toSeconds()));
      try (ResultSet rows = statement.executeQuery(sql)) {
        return reader.read(rows);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
