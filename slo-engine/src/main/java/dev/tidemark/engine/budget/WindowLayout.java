package dev.tidemark.engine.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which windows lie in which ring, and how long cells are. Objectives with the same windows share
 * one layout, so that it stays in the processor's cache however many objectives a tick goes
 * through. Immutable.
 */
final class WindowLayout {
  private static final long MINUTE = 60_000;

  /** There are about as many as there are combinations of windows in all definitions: few. */
  private static final Map<Shape, WindowLayout> KNOWN = new ConcurrentHashMap<>();

  private final Duration[] lengths;

  /** Ring of each window. */
  private final int[] ringOf;

  /** How many cells of its ring each window covers. */
  private final int[] cellsOf;

  private final RingLayout[] rings;

  private record Shape(List<Duration> windows, long sliceMinutes) {}

  /** Cells of one length and the windows that they make up. Immutable. */
  static final class RingLayout {
    private final int cellMinutes;
    private final int[] windows;
    private final int cells;

    private RingLayout(int cellMinutes, int[] windows, int cells) {
      this.cellMinutes = cellMinutes;
      this.windows = windows;
      this.cells = cells;
    }

    int cellMinutes() {
      return cellMinutes;
    }

    long cellMillis() {
      return cellMinutes * MINUTE;
    }

    /** How many windows it serves. */
    int windows() {
      return windows.length;
    }

    /** Place among all windows of one that it serves. */
    int window(int place) {
      return windows[place];
    }

    /** How many cells its longest window covers. */
    int cells() {
      return cells;
    }

    /** Number of the cell that holds a minute, both since the epoch. */
    int cell(int minute) {
      // Division by an int is several times as fast as by a long, and this is the hot path.
      return Math.floorDiv(minute, cellMinutes);
    }
  }

  /**
   * Returns the layout of these windows.
   *
   * @param windows lengths; two of the same length are one
   * @param slice length of what is added at once: no cell is finer
   */
  static WindowLayout of(List<Duration> windows, Duration slice) {
    List<Duration> sorted = windows.stream().distinct().sorted().toList();
    return KNOWN.computeIfAbsent(
        new Shape(sorted, wholeCells(slice.toMillis(), MINUTE)), WindowLayout::new);
  }

  private WindowLayout(Shape shape) {
    lengths = shape.windows().toArray(Duration[]::new);
    ringOf = new int[lengths.length];
    cellsOf = new int[lengths.length];
    List<Long> cellLengths = new ArrayList<>();
    List<List<Integer>> served = new ArrayList<>();
    for (int w = 0; w < lengths.length; w++) {
      long cell = Math.max(cellMillis(lengths[w]), shape.sliceMinutes() * MINUTE);
      int ring = cellLengths.indexOf(cell);
      if (ring < 0) {
        ring = cellLengths.size();
        cellLengths.add(cell);
        served.add(new ArrayList<>());
      }
      ringOf[w] = ring;
      cellsOf[w] = Math.toIntExact(wholeCells(lengths[w].toMillis(), cell));
      served.get(ring).add(w);
    }
    rings = new RingLayout[cellLengths.size()];
    for (int r = 0; r < rings.length; r++) {
      int[] windows = served.get(r).stream().mapToInt(Integer::intValue).toArray();
      int longest = Arrays.stream(windows).map(w -> cellsOf[w]).max().orElse(1);
      rings[r] = new RingLayout(Math.toIntExact(cellLengths.get(r) / MINUTE), windows, longest);
    }
  }

  private static long wholeCells(long millis, long cellMillis) {
    return -Math.floorDiv(-millis, cellMillis);
  }

  private static long cellMillis(Duration window) {
    long hours = window.toHours();
    if (hours <= 6) {
      return MINUTE;
    }
    if (hours <= 3 * 24) {
      return 5 * MINUTE;
    }
    if (hours <= 8 * 24) {
      return 15 * MINUTE;
    }
    if (hours <= 45 * 24) {
      return 60 * MINUTE;
    }
    return hours <= 120 * 24 ? 180 * MINUTE : 720 * MINUTE;
  }

  int rings() {
    return rings.length;
  }

  RingLayout ring(int ring) {
    return rings[ring];
  }

  /** How many windows there are. */
  int windows() {
    return lengths.length;
  }

  /** Ring of a window. */
  int ringOf(int window) {
    return ringOf[window];
  }

  /** How many cells of its ring a window covers. */
  int cellsOf(int window) {
    return cellsOf[window];
  }

  /**
   * Returns the place of a window among all.
   *
   * @throws IllegalArgumentException when no such window is kept
   */
  int indexOf(Duration window) {
    for (int w = 0; w < lengths.length; w++) {
      if (lengths[w].equals(window)) {
        return w;
      }
    }
    throw new IllegalArgumentException("no window of " + window + " is kept");
  }
}
