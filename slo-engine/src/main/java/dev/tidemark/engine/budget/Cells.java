package dev.tidemark.engine.budget;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

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
    BYTE,
    SHORT,
    INT,
    DOUBLE
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
    for (int i = 0; i < 2 * size; i++) {
      switch (width) {
        case BYTE -> out.writeByte(small[i]);
        case SHORT -> out.writeShort(narrow[i]);
        case INT -> out.writeInt(medium[i]);
        case DOUBLE -> out.writeDouble(wide[i]);
      }
    }
  }

  /** Takes over cells that were written; there have to be as many. */
  void read(DataInput in) throws IOException {
    Width written;
    try {
      written = Width.valueOf(in.readUTF());
    } catch (IllegalArgumentException e) {
      throw new IOException("cells of an unknown width", e);
    }
    for (int i = 0; i < 2 * size; i++) {
      set(
          i,
          switch (written) {
            case BYTE -> in.readByte();
            case SHORT -> in.readShort();
            case INT -> in.readInt();
            case DOUBLE -> in.readDouble();
          });
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
