package dev.tidemark.engine.store.clickhouse;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a stream of rows in RowBinary. Has a buffer of its own, without locks: a start reads many
 * millions of numbers. Not thread-safe.
 */
final class RowBinaryInput {
  private static final int CAPACITY = 1 << 16;

  private final InputStream in;
  private final byte[] bytes = new byte[CAPACITY];

  /** What of {@link #bytes} was not taken yet. */
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).limit(0);

  RowBinaryInput(InputStream stream) {
    in = stream;
  }

  /** Returns whether another row follows. */
  boolean hasNext() throws IOException {
    return buffer.hasRemaining() || fill(1);
  }

  /** Tries to have so many bytes, at most the capacity. Returns whether there are as many. */
  private boolean fill(int wanted) throws IOException {
    buffer.compact();
    try {
      while (buffer.position() < wanted) {
        int read = in.read(bytes, buffer.position(), buffer.remaining());
        if (read < 0) {
          return false;
        }
        buffer.position(buffer.position() + read);
      }
      return true;
    } finally {
      buffer.flip();
    }
  }

  private ByteBuffer need(int wanted) throws IOException {
    if (buffer.remaining() < wanted && !fill(wanted)) {
      throw new EOFException("the answer of ClickHouse ends within a row");
    }
    return buffer;
  }

  int int8() throws IOException {
    return need(1).get() & 0xff;
  }

  int int32() throws IOException {
    return need(4).getInt();
  }

  long int64() throws IOException {
    return need(8).getLong();
  }

  double float64() throws IOException {
    return need(8).getDouble();
  }

  int length() throws IOException {
    int value = 0;
    int shift = 0;
    while (true) {
      int next = int8();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
      shift += 7;
    }
  }

  String text() throws IOException {
    int length = length();
    if (length <= CAPACITY) {
      int at = need(length).position();
      buffer.position(at + length);
      return new String(bytes, at, length, StandardCharsets.UTF_8);
    }
    byte[] utf8 = new byte[length];
    int had = buffer.remaining();
    buffer.get(utf8, 0, had);
    if (in.readNBytes(utf8, had, length - had) < length - had) {
      throw new EOFException("the answer of ClickHouse ends within a text");
    }
    return new String(utf8, StandardCharsets.UTF_8);
  }

  List<String> texts() throws IOException {
    int count = length();
    List<String> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(text());
    }
    return values;
  }

  SortedMap<String, String> map() throws IOException {
    int count = length();
    SortedMap<String, String> values = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String key = text();
      values.put(key, text());
    }
    return values;
  }
}
