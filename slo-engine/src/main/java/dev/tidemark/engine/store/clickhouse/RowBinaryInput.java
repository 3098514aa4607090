package dev.tidemark.engine.store.clickhouse;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a stream of rows in RowBinary. Not thread-safe. */
final class RowBinaryInput {
  private final PushbackInputStream ahead;
  private final DataInputStream in;

  RowBinaryInput(InputStream stream) {
    ahead = new PushbackInputStream(stream, 1);
    in = new DataInputStream(ahead);
  }

  /** Returns whether another row follows. */
  boolean hasNext() throws IOException {
    int next = ahead.read();
    if (next < 0) {
      return false;
    }
    ahead.unread(next);
    return true;
  }

  int int8() throws IOException {
    return in.readUnsignedByte();
  }

  int int32() throws IOException {
    return Integer.reverseBytes(in.readInt());
  }

  long int64() throws IOException {
    return Long.reverseBytes(in.readLong());
  }

  double float64() throws IOException {
    return Double.longBitsToDouble(int64());
  }

  int length() throws IOException {
    int value = 0;
    int shift = 0;
    while (true) {
      int next = in.readUnsignedByte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
      shift += 7;
    }
  }

  String text() throws IOException {
    byte[] utf8 = new byte[length()];
    in.readFully(utf8);
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
