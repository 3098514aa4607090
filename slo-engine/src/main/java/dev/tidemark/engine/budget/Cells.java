package dev.tidemark.engine.budget;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Good and total per cell, as small as the numbers allow: bytes for slices, ints for counts,
 * doubles for shares and for counts beyond two thousand million a cell. Widens by itself and never
 * loses precision. Not thread-safe.
 */
final class Cells {
  private final int size;
  private Width width = Width.BYTE;

  /**
   * Good and total of a cell beside each other; only the array of the width in use has elements.
   */
  private byte[] small;

  private short[] narrow = {};
  private int[] medium = {};
  private double[] wide = {};

  private enum Width {
    BYTE(Byte.BYTES),
    SHORT(Short.BYTES),
    INT(Integer.BYTES),
    DOUBLE(Double.BYTES);

    final int bytes;

    Width(int bytes) {
      this.bytes = bytes;
    }
  }

  Cells(int size) {
    this.size = size;
    this.small = new byte[2 * size];
  }

  private Cells(Cells other) {
    this.size = other.size;
    this.width = other.width;
    this.small = other.small.clone();
    this.narrow = other.narrow.clone();
    this.medium = other.medium.clone();
    this.wide = other.wide.clone();
  }

  Cells copy() {
    return new Cells(this);
  }

  /** Writes all cells; {@link #read} makes the same of it. */
  void write(DataOutput out) throws IOException {
    out.writeUTF(width.name());
    ByteBuffer bytes = ByteBuffer.allocate(2 * size * width.bytes);
    switch (width) {
      case BYTE -> bytes.put(small);
      case SHORT -> bytes.asShortBuffer().put(narrow);
      case INT -> bytes.asIntBuffer().put(medium);
      case DOUBLE -> bytes.asDoubleBuffer().put(wide);
    }
    out.write(bytes.array());
  }

  /** Takes over cells that were written; there have to be as many. */
  void read(DataInput in) throws IOException {
    try {
      width = Width.valueOf(in.readUTF());
    } catch (IllegalArgumentException e) {
      throw new IOException("cells of an unknown width", e);
    }
    ByteBuffer bytes = ByteBuffer.allocate(2 * size * width.bytes);
    in.readFully(bytes.array());
    small = new byte[width == Width.BYTE ? 2 * size : 0];
    narrow = new short[width == Width.SHORT ? 2 * size : 0];
    medium = new int[width == Width.INT ? 2 * size : 0];
    wide = new double[width == Width.DOUBLE ? 2 * size : 0];
    switch (width) {
      case BYTE -> bytes.get(small);
      case SHORT -> bytes.asShortBuffer().get(narrow);
      case INT -> bytes.asIntBuffer().get(medium);
      case DOUBLE -> bytes.asDoubleBuffer().get(wide);
    }
  }

  int size() {
    return size;
  }

  double good(int cell) {
    return value(2 * cell);
  }

  double total(int cell) {
    return value(2 * cell + 1);
  }

  private double value(int at) {
    return switch (width) {
      case BYTE -> small[at];
      case SHORT -> narrow[at];
      case INT -> medium[at];
      case DOUBLE -> wide[at];
    };
  }

  void clear(int cell) {
    set(2 * cell, 0);
    set(2 * cell + 1, 0);
  }

  void add(int cell, double good, double total) {
    set(2 * cell, value(2 * cell) + good);
    set(2 * cell + 1, value(2 * cell + 1) + total);
  }

  private void set(int at, double value) {
    if (width == Width.BYTE) {
      byte fits = (byte) value;
      if (fits == value) {
        small[at] = fits;
        return;
      }
      narrow = new short[2 * size];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = small[i];
      }
      small = new byte[0];
      width = Width.SHORT;
    }
    if (width == Width.SHORT) {
      short fits = (short) value;
      if (fits == value) {
        narrow[at] = fits;
        return;
      }
      medium = new int[2 * size];
      for (int i = 0; i < medium.length; i++) {
        medium[i] = narrow[i];
      }
      narrow = new short[0];
      width = Width.INT;
    }
    if (width == Width.INT) {
      int fits = (int) value;
      if (fits == value) {
        medium[at] = fits;
        return;
      }
      wide = new double[2 * size];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = medium[i];
      }
      medium = new int[0];
      width = Width.DOUBLE;
    }
    wide[at] = value;
  }
}
