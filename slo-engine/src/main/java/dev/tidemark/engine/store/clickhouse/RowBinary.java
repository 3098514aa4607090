package dev.tidemark.engine.store.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Rows in ClickHouse's RowBinary format: little-endian numbers, lengths as LEB128. Encoded here and
 * not by the JDBC batch, because boxed parameters cost more than the rest of the way. Not
 * thread-safe.
 */
final class RowBinary {
  private byte[] bytes = new byte[1 << 12];
  private int size;
  private int rows;

  /** Counts one row as begun. */
  void row() {
    rows++;
  }

  int rows() {
    return rows;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  void int8(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  void int32(int value) {
    room(4);
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void int64(long value) {
    room(8);
    for (int shift = 0; shift < 64; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void float64(double value) {
    int64(Double.doubleToRawLongBits(value));
  }

  void length(int value) {
    room(5);
    int left = value;
    while (left > 0x7f) {
      bytes[size++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
  }

  void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    length(utf8.length);
    room(utf8.length);
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
  }

  void texts(List<String> values) {
    length(values.size());
    values.forEach(this::text);
  }

  void map(Map<String, String> values) {
    length(values.size());
    values.forEach(
        (key, value) -> {
          text(key);
          text(value);
        });
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }
}
