package dev.tidemark.engine.embedded;

import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One statement on a connection of its own. Opening one costs a fifth of a millisecond, and nothing
 * that a request sets (settings, parameters, database) can leak into the next. Not thread-safe.
 */
final class ChdbStatement implements AutoCloseable {
  /**
   * Formats whose pieces may follow each other; what each piece repeats at its start is cut off.
   */
  private static final Map<String, Integer> STREAMED_WITH_HEAD_LINES =
      Map.of(
          "TabSeparated", 0,
          "TSV", 0,
          "CSV", 0,
          "JSONEachRow", 0,
          "RowBinary", 0,
          "TabSeparatedWithNames", 1,
          "CSVWithNames", 1,
          "TabSeparatedWithNamesAndTypes", 2,
          "CSVWithNamesAndTypes", 2);

  private static final Set<String> READING = Set.of("SELECT", "WITH");
  private static final Pattern CODE = Pattern.compile("Code: (\\d+)");

  private final Chdb library;
  private final Pointer handle;
  private final Pointer connection;

  ChdbStatement(Chdb library, String path) throws ClickHouseException {
    this.library = library;
    Pointer opened = library.chdb_connect(2, new String[] {"clickhouse", "--path=" + path});
    if (opened == null) {
      throw new ClickHouseException(210, "Code: 210. the engine refused a connection to " + path);
    }
    this.handle = opened;
    this.connection = opened.getPointer(0);
  }

  /** ClickHouse refused a statement. */
  static final class ClickHouseException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    ClickHouseException(int code, String message) {
      super(message);
      this.code = code;
    }

    static ClickHouseException of(String message) {
      Matcher matcher = CODE.matcher(message);
      return new ClickHouseException(
          matcher.find() ? Integer.parseInt(matcher.group(1)) : 1002, message);
    }

    int code() {
      return code;
    }
  }

  /** Receives a result: what it is made of first, then its bytes. */
  interface Answer {
    /** Says how much was read or written and opens the body. */
    OutputStream begin(long rows, long bytes) throws IOException;
  }

  /** Runs something whose result nobody needs, such as SET. */
  void run(String sql) throws ClickHouseException {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    library.chdb_destroy_query_result(query(bytes, "Null"));
  }

  /** Runs a statement; SELECTs in formats that allow it arrive piece by piece. */
  void run(byte[] sql, String verb, String format, Answer answer)
      throws ClickHouseException, IOException {
    boolean binaryHead = format.equals("RowBinaryWithNamesAndTypes");
    Integer headLines = STREAMED_WITH_HEAD_LINES.get(format);
    if (READING.contains(verb.toUpperCase(Locale.ROOT)) && (binaryHead || headLines != null)) {
      stream(sql, format, binaryHead ? -1 : headLines, answer);
      return;
    }
    Pointer result = query(sql, format);
    try (OutputStream out =
        answer.begin(
            library.chdb_result_rows_read(result).longValue(),
            library.chdb_result_bytes_read(result).longValue())) {
      out.write(content(result));
    } finally {
      library.chdb_destroy_query_result(result);
    }
  }

  /**
   * Inserts rows that arrive as bytes. Never as one text with the statement: the engine takes an
   * empty line in it for the end.
   */
  void insert(String sql, String format, InputStream rows, Answer answer)
      throws ClickHouseException, IOException {
    byte[] statement = sql.getBytes(StandardCharsets.UTF_8);
    byte[] name = format.getBytes(StandardCharsets.US_ASCII);
    Pointer stream =
        library.chdb_stream_insert_n(
            connection,
            statement,
            new NativeLong(statement.length),
            name,
            new NativeLong(name.length));
    if (stream == null) {
      throw new ClickHouseException(1002, "Code: 1002. the engine refused the insert");
    }
    boolean finished = false;
    try {
      refuseFailed(stream);
      byte[] piece = new byte[1 << 20];
      for (int read = rows.readNBytes(piece, 0, piece.length);
          read > 0;
          read = rows.readNBytes(piece, 0, piece.length)) {
        if (library.chdb_stream_append(stream, piece, new NativeLong(read)) != 0) {
          refuseFailed(stream);
          throw new ClickHouseException(1002, "Code: 1002. the engine stopped taking rows");
        }
      }
      finished = true;
      Pointer result = checked(library.chdb_stream_done(stream));
      try (OutputStream out =
          answer.begin(
              library.chdb_result_rows_written(result).longValue(),
              library.chdb_result_bytes_written(result).longValue())) {
        out.flush();
      } finally {
        library.chdb_destroy_query_result(result);
      }
    } finally {
      if (!finished) {
        library.chdb_stream_cancel_insert(stream);
      }
      library.chdb_destroy_insert_stream(stream);
    }
  }

  private void refuseFailed(Pointer stream) throws ClickHouseException {
    String error = library.chdb_stream_insert_error(stream);
    if (error != null) {
      throw ClickHouseException.of(error);
    }
  }

  private void stream(byte[] sql, String format, int headLines, Answer answer)
      throws ClickHouseException, IOException {
    byte[] name = format.getBytes(StandardCharsets.US_ASCII);
    Pointer stream =
        checked(
            library.chdb_stream_query_n(
                connection, sql, new NativeLong(sql.length), name, new NativeLong(name.length)));
    boolean finished = false;
    try {
      OutputStream out = null;
      while (!finished) {
        Pointer piece = checked(library.chdb_stream_fetch_result(connection, stream));
        byte[] content;
        try {
          content = content(piece);
        } finally {
          library.chdb_destroy_query_result(piece);
        }
        if (content.length == 0) {
          finished = true;
        } else if (out == null) {
          out = answer.begin(0, 0);
          out.write(content);
        } else {
          int head = headLines < 0 ? binaryHead(content) : textHead(content, headLines);
          out.write(content, head, content.length - head);
        }
      }
      if (out == null) {
        // No row: the head alone comes only from a query that is not streamed.
        Pointer result = query(sql, format);
        try (OutputStream empty = answer.begin(0, 0)) {
          empty.write(content(result));
        } finally {
          library.chdb_destroy_query_result(result);
        }
      } else {
        out.close();
      }
    } finally {
      if (!finished) {
        library.chdb_stream_cancel_query(connection, stream);
      }
      library.chdb_destroy_query_result(stream);
    }
  }

  private Pointer query(byte[] sql, String format) throws ClickHouseException {
    byte[] name = format.getBytes(StandardCharsets.US_ASCII);
    return checked(
        library.chdb_query_n(
            connection, sql, new NativeLong(sql.length), name, new NativeLong(name.length)));
  }

  private Pointer checked(@Nullable Pointer result) throws ClickHouseException {
    if (result == null) {
      throw new ClickHouseException(1002, "Code: 1002. the engine gave no answer");
    }
    String error = library.chdb_result_error(result);
    if (error != null) {
      library.chdb_destroy_query_result(result);
      throw ClickHouseException.of(error);
    }
    return result;
  }

  private byte[] content(Pointer result) {
    int length = library.chdb_result_length(result).intValue();
    Pointer buffer = library.chdb_result_buffer(result);
    return length == 0 || buffer == null ? new byte[0] : buffer.getByteArray(0, length);
  }

  /** Length of the column count, names and types that begin RowBinaryWithNamesAndTypes. */
  static int binaryHead(byte[] content) {
    int[] position = {0};
    int columns = varint(content, position);
    for (int i = 0; i < 2 * columns; i++) {
      int length = varint(content, position);
      position[0] += length;
    }
    return position[0];
  }

  private static int varint(byte[] content, int[] position) {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = content[position[0]++];
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static int textHead(byte[] content, int lines) {
    int position = 0;
    for (int line = 0; line < lines; line++) {
      while (content[position++] != '\n') {
        // on to the line's end
      }
    }
    return position;
  }

  @Override
  public void close() {
    library.chdb_close_conn(handle);
  }
}
