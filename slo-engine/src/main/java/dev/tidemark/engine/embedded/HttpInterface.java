package dev.tidemark.engine.embedded;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.tidemark.engine.embedded.ChdbStatement.ClickHouseException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * ClickHouse's HTTP interface in front of the embedded engine, as the JDBC driver and the official
 * clients use it: SQL in the body or in {@code query} with data in the body, {@code database},
 * {@code param_NAME}, settings as parameters, gzip both ways. Safe for concurrent requests.
 *
 * <p>Source: ClickHouse documentation, "HTTP Interface".
 */
final class HttpInterface implements HttpHandler {
  private static final int MAX_STATEMENT_BYTES = 256 * 1024 * 1024;
  private static final String USER = "default";
  private static final int HEAD_BYTES = 8 * 1024;

  /** An insert whose rows follow: the statement, the format. */
  private static final Pattern INSERT_FORMAT =
      Pattern.compile(
          "\\A\\s*(INSERT\\s+INTO\\s.*?)\\s+FORMAT\\s+([A-Za-z0-9_]+)\\s*;?\\s*\\z",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** The same at the start of a body, up to the white space before the rows. */
  private static final Pattern INSERT_WITH_ROWS =
      Pattern.compile(
          "\\s*(INSERT\\s+INTO\\s(?:(?!\\bVALUES\\b|\\bSELECT\\b).)*?)\\s+FORMAT\\s+([A-Za-z0-9_]+)[ \\t]*\\r?\\n?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Parameters that belong to HTTP or to what a server offers and one embedded engine does not. */
  private static final Set<String> NOT_SETTINGS =
      Set.of(
          "query",
          "query_id",
          "database",
          "default_format",
          "user",
          "password",
          "quota_key",
          "compress",
          "decompress",
          "session_id",
          "session_timeout",
          "session_check",
          "role",
          "buffer_size",
          "wait_end_of_query",
          "enable_http_compression",
          "http_zlib_compression_level",
          "client_protocol_version",
          "stacktrace",
          "close_session");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern FORMAT =
      Pattern.compile("\\bFORMAT\\s+([A-Za-z0-9_]+)\\s*;?\\s*$", Pattern.CASE_INSENSITIVE);
  private static final Pattern VERB =
      Pattern.compile("\\A(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/|\\()*([A-Za-z]+)", Pattern.DOTALL);

  private final Chdb library;
  private final String path;
  private final byte[] password;

  HttpInterface(Chdb library, String path, String password) {
    this.library = library;
    this.path = path;
    this.password = password.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    answer(exchange);
    // Only here: closing ends a chunked answer as if it were whole, which one that broke is not.
    exchange.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
      if (exchange.getRequestURI().getPath().equals("/ping")) {
        plain(exchange, 200, "Ok.\n", 0);
        return;
      }
      if (!exchange.getRequestURI().getPath().equals("/")) {
        plain(exchange, 404, "There is no handle " + exchange.getRequestURI().getPath() + "\n", 0);
        return;
      }
      if (!authenticated(exchange, parameters)) {
        plain(
            exchange,
            403,
            "Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)",
            516);
        return;
      }
      if (parameters.getOrDefault("decompress", "0").equals("1")
          || parameters.getOrDefault("compress", "0").equals("1")) {
        plain(
            exchange,
            501,
            "Code: 48. DB::Exception: the native compression is not offered here; connect with compress=false and decompress=false. (NOT_IMPLEMENTED)",
            48);
        return;
      }
      execute(exchange, parameters);
    } catch (ClickHouseException e) {
      plain(exchange, status(e.code()), String.valueOf(e.getMessage()), e.code());
    } catch (IllegalArgumentException e) {
      plain(exchange, 400, "Code: 36. DB::Exception: " + e.getMessage() + " (BAD_ARGUMENTS)", 36);
    }
  }

  private void execute(HttpExchange exchange, Map<String, String> parameters)
      throws ClickHouseException, IOException {
    long began = System.nanoTime();
    InputStream body = body(exchange);
    String query = parameters.getOrDefault("query", "");
    try (ChdbStatement statement = new ChdbStatement(library, path)) {
      prepare(statement, exchange, parameters);
      if (query.isBlank()) {
        // An insert may come whole in the body; its rows begin behind the format's name.
        byte[] head = body.readNBytes(HEAD_BYTES);
        Matcher insert = INSERT_WITH_ROWS.matcher(new String(head, StandardCharsets.ISO_8859_1));
        if (insert.lookingAt()) {
          query = new String(head, 0, insert.end(2), StandardCharsets.UTF_8);
          body =
              new SequenceInputStream(
                  new ByteArrayInputStream(head, insert.end(), head.length - insert.end()), body);
        } else {
          body = new SequenceInputStream(new ByteArrayInputStream(head), body);
        }
      }
      Matcher insert = INSERT_FORMAT.matcher(query);
      if (insert.find()) {
        String format = insert.group(2);
        statement.insert(
            insert.group(1),
            format,
            body,
            (rows, bytes) -> begin(exchange, parameters, "INSERT", format, rows, bytes, began));
        return;
      }
      byte[] sql = sql(query, body);
      if (sql.length == 0) {
        plain(exchange, exchange.getRequestMethod().equals("GET") ? 200 : 400, "Ok.\n", 0);
        return;
      }
      String verb =
          verb(new String(sql, 0, Math.min(sql.length, HEAD_BYTES), StandardCharsets.UTF_8));
      String format = format(exchange, parameters, sql);
      statement.run(
          sql,
          verb,
          format,
          (rows, bytes) -> begin(exchange, parameters, verb, format, rows, bytes, began));
    }
  }

  private static void prepare(
      ChdbStatement statement, HttpExchange exchange, Map<String, String> parameters)
      throws ClickHouseException {
    String database = database(exchange, parameters);
    if (!database.isEmpty()) {
      statement.run("USE " + quoted(database));
    }
    String settings = settings(parameters);
    if (!settings.isEmpty()) {
      statement.run("SET " + settings);
    }
  }

  private static OutputStream begin(
      HttpExchange exchange,
      Map<String, String> parameters,
      String verb,
      String format,
      long rows,
      long bytes,
      long beganNanos)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    boolean insert = verb.equalsIgnoreCase("INSERT");
    headers.set("Content-Type", "text/plain; charset=UTF-8");
    headers.set("X-ClickHouse-Format", format);
    headers.set("X-ClickHouse-Timezone", "UTC");
    headers.set(
        "X-ClickHouse-Query-Id", parameters.getOrDefault("query_id", UUID.randomUUID().toString()));
    headers.set(
        "X-ClickHouse-Summary",
        String.format(
            Locale.ROOT,
            "{\"read_rows\":\"%d\",\"read_bytes\":\"%d\",\"written_rows\":\"%d\",\"written_bytes\":\"%d\",\"total_rows_to_read\":\"0\",\"result_rows\":\"%d\",\"result_bytes\":\"%d\",\"elapsed_ns\":\"%d\"}",
            rows,
            bytes,
            insert ? rows : 0,
            insert ? bytes : 0,
            rows,
            bytes,
            System.nanoTime() - beganNanos));
    String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
    boolean zip =
        parameters.getOrDefault("enable_http_compression", "0").equals("1")
            && accepted != null
            && accepted.contains("gzip");
    if (zip) {
      headers.set("Content-Encoding", "gzip");
    }
    exchange.sendResponseHeaders(200, 0);
    return zip
        ? new GZIPOutputStream(exchange.getResponseBody(), 64 * 1024)
        : exchange.getResponseBody();
  }

  private boolean authenticated(HttpExchange exchange, Map<String, String> parameters) {
    Headers headers = exchange.getRequestHeaders();
    String user = parameters.getOrDefault("user", headers.getFirst("X-ClickHouse-User"));
    String given = parameters.getOrDefault("password", headers.getFirst("X-ClickHouse-Key"));
    String basic = headers.getFirst("Authorization");
    if (given == null && basic != null && basic.startsWith("Basic ")) {
      String pair =
          new String(Base64.getDecoder().decode(basic.substring(6).trim()), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      user = colon < 0 ? pair : pair.substring(0, colon);
      given = pair.substring(colon + 1);
    }
    return given != null
        && (user == null || user.isEmpty() || user.equals(USER))
        && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), password);
  }

  private static InputStream body(HttpExchange exchange) throws IOException {
    String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    if ("gzip".equalsIgnoreCase(encoding)) {
      return new GZIPInputStream(exchange.getRequestBody(), 64 * 1024);
    }
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new IllegalArgumentException(
          "Content-Encoding " + encoding + " is not taken; use gzip");
    }
    return exchange.getRequestBody();
  }

  private static byte[] sql(String query, InputStream body) throws IOException {
    ByteArrayOutputStream sql = new ByteArrayOutputStream(4 * 1024);
    sql.writeBytes(query.getBytes(StandardCharsets.UTF_8));
    byte[] rest = body.readNBytes(MAX_STATEMENT_BYTES + 1);
    if (rest.length > MAX_STATEMENT_BYTES) {
      throw new IllegalArgumentException(
          "a statement may have 256 MiB; send rows as the body of an INSERT … FORMAT …");
    }
    if (rest.length > 0 && !query.isEmpty()) {
      sql.write('\n');
    }
    sql.writeBytes(rest);
    return sql.toByteArray();
  }

  private static String format(HttpExchange exchange, Map<String, String> parameters, byte[] sql) {
    String wanted = exchange.getRequestHeaders().getFirst("X-ClickHouse-Format");
    if (wanted == null) {
      wanted = parameters.get("default_format");
    }
    int tail = Math.min(sql.length, 256);
    Matcher own = FORMAT.matcher(new String(sql, sql.length - tail, tail, StandardCharsets.UTF_8));
    if (own.find()
        && !verb(new String(sql, 0, Math.min(sql.length, 256), StandardCharsets.UTF_8))
            .equalsIgnoreCase("INSERT")) {
      wanted = own.group(1);
    }
    return wanted == null ? "TabSeparated" : wanted;
  }

  private static String verb(String sql) {
    Matcher matcher = VERB.matcher(sql);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String database(HttpExchange exchange, Map<String, String> parameters) {
    String database = parameters.get("database");
    if (database == null) {
      database = exchange.getRequestHeaders().getFirst("X-ClickHouse-Database");
    }
    return database == null ? "" : database;
  }

  private static String settings(Map<String, String> parameters) {
    StringBuilder settings = new StringBuilder();
    for (Map.Entry<String, String> entry : new TreeMap<>(parameters).entrySet()) {
      String name = entry.getKey();
      if (NOT_SETTINGS.contains(name)) {
        continue;
      }
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' is not the name of a setting");
      }
      settings
          .append(settings.isEmpty() ? "" : ", ")
          .append(name)
          .append(" = '")
          .append(entry.getValue().replace("\\", "\\\\").replace("'", "\\'"))
          .append('\'');
    }
    return settings.toString();
  }

  private static String quoted(String identifier) {
    return "`" + identifier.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.put(
            URLDecoder.decode(name, StandardCharsets.UTF_8),
            URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    parameters.remove("");
    return parameters;
  }

  /** As ClickHouse's exceptionCodeToHTTPStatus has it. */
  private static int status(int code) {
    return switch (code) {
      case 46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 336 -> 404;
      case 6, 25, 26, 27, 36, 38, 41, 43, 53, 62, 72, 117, 321, 386, 456, 457 -> 400;
      case 48 -> 501;
      case 159 -> 408;
      default -> 500;
    };
  }

  private static void plain(HttpExchange exchange, int status, String text, int code)
      throws IOException {
    if (exchange.getResponseCode() != -1) {
      // The head is out: the server cuts the connection, and no client takes a part for the whole.
      throw new IOException("the answer broke off: " + text);
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=UTF-8");
    if (code != 0) {
      exchange.getResponseHeaders().set("X-ClickHouse-Exception-Code", Integer.toString(code));
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
