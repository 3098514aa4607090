package dev.tidemark.engine.budget;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A ring of cells with good and total, addressed by age: 0 is the newest. As small as the numbers
 * allow: bytes for slices, ints for counts, doubles for shares and for counts beyond two thousand
 * million a cell. Widens by itself and never loses precision. Not thread-safe.
 */
final class Cells {
  private static final byte[] NO_BYTES = {};
  private static final short[] NO_SHORTS = {};
  private static final int[] NO_INTS = {};
  private static final double[] NO_DOUBLES = {};

  private final int size;

  /** Where the newest lies. */
  private int head;

  private Width width = Width.BYTE;

  /**
   * Good and total of a cell beside each other; only the array of the width in use has elements.
   */
  private byte[] small;

  private short[] narrow = NO_SHORTS;
  private int[] medium = NO_INTS;
  private double[] wide = NO_DOUBLES;

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
    this.head = other.head;
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
    out.writeInt(head);
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
    head = in.readInt();
    if (head < 0 || head >= size) {
      throw new IOException("the newest of " + size + " cells cannot be at " + head);
    }
    ByteBuffer bytes = ByteBuffer.allocate(2 * size * width.bytes);
    in.readFully(bytes.array());
    small = width == Width.BYTE ? new byte[2 * size] : NO_BYTES;
    narrow = width == Width.SHORT ? new short[2 * size] : NO_SHORTS;
    medium = width == Width.INT ? new int[2 * size] : NO_INTS;
    wide = width == Width.DOUBLE ? new double[2 * size] : NO_DOUBLES;
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

  double good(int age) {
    return value(2 * at(age));
  }

  double total(int age) {
    return value(2 * at(age) + 1);
  }

  void add(int age, double good, double total) {
    int at = 2 * at(age);
    set(at, value(at) + good);
    set(at + 1, value(at + 1) + total);
  }

  /**
   * Makes the oldest cell the newest, with nothing in it.
   *
   * @return whether that was a whole turn of the ring
   */
  boolean step() {
    head = head + 1 == size ? 0 : head + 1;
    set(2 * head, 0);
    set(2 * head + 1, 0);
    return head == 0;
  }

  void clear() {
    switch (width) {
      case BYTE -> Arrays.fill(small, (byte) 0);
      case SHORT -> Arrays.fill(narrow, (short) 0);
      case INT -> Arrays.fill(medium, 0);
      case DOUBLE -> Arrays.fill(wide, 0);
    }
  }

  private int at(int age) {
    int at = head - age;
    return at < 0 ? at + size : at;
  }

  private double value(int at) {
    return switch (width) {
      case BYTE -> small[at];
      case SHORT -> narrow[at];
      case INT -> medium[at];
      case DOUBLE -> wide[at];
    };
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
      small = NO_BYTES;
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
      narrow = NO_SHORTS;
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
      medium = NO_INTS;
      width = Width.DOUBLE;
    }
    wide[at] = value;
  }
}
