package dev.tidemark.engine.budget;

import dev.tidemark.engine.model.EventCounts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Running sums over rolling windows, in event time. Windows share rings of cells that are the
 * coarser the longer the window is: a minute up to six hours, five minutes up to three days, a
 * quarter of an hour up to eight days, an hour up to 45 days, three up to 120, twelve beyond.
 * Adding and moving on cost a few operations per window, summing one, however long it is; the far
 * edge of a window is exact to one cell. Reading never changes anything that another reader could
 * see. Not thread-safe.
 */
public final class WindowedCounts {
  private static final long MINUTE = 60_000;
  private static final double RESIDUE = 1e-9;

  private final Duration[] lengths;
  private final Ring[] rings;

  /** By window: its ring, and its place in it. */
  private final int[] ringOf;

  private final int[] placeOf;

  /** Cells by absolute index, addressed modulo their number, with running sums per window. */
  private static final class Ring {
    final int cellMinutes;
    final long cellMillis;
    final int[] windowCells;
    final Cells cells;
    final double[] goodSum;
    final double[] totalSum;
    long newest;
    int newestAt;

    Ring(long cellMillis, int[] windowCells) {
      this.cellMillis = cellMillis;
      this.cellMinutes = Math.toIntExact(cellMillis / MINUTE);
      this.windowCells = windowCells;
      int longest = 1;
      for (int count : windowCells) {
        longest = Math.max(longest, count);
      }
      this.cells = new Cells(longest);
      this.goodSum = new double[windowCells.length];
      this.totalSum = new double[windowCells.length];
      this.newest = Long.MIN_VALUE;
    }

    private Ring(Ring other) {
      this.cellMillis = other.cellMillis;
      this.cellMinutes = other.cellMinutes;
      this.windowCells = other.windowCells;
      this.cells = other.cells.copy();
      this.goodSum = other.goodSum.clone();
      this.totalSum = other.totalSum.clone();
      this.newest = other.newest;
      this.newestAt = other.newestAt;
    }

    void add(int minute, double good, double total) {
      // Division by an int is several times as fast as by a long, and this is the hot path.
      long cell = Math.floorDiv(minute, cellMinutes);
      if (cell > newest) {
        advance(cell);
      }
      long age = newest - cell;
      if (age >= cells.size()) {
        return;
      }
      cells.add(at(age), good, total);
      for (int w = 0; w < windowCells.length; w++) {
        if (age < windowCells[w]) {
          goodSum[w] += good;
          totalSum[w] += total;
        }
      }
    }

    /** Where the cell lies that is so many cells older than the newest. */
    private int at(long age) {
      int at = newestAt - (int) age;
      return at < 0 ? at + cells.size() : at;
    }

    void advance(long cell) {
      if (newest == Long.MIN_VALUE) {
        newest = cell;
        newestAt = (int) Math.floorMod(cell, (long) cells.size());
        return;
      }
      long steps = cell - newest;
      if (steps >= cells.size()) {
        for (int i = 0; i < cells.size(); i++) {
          cells.clear(i);
        }
        java.util.Arrays.fill(goodSum, 0);
        java.util.Arrays.fill(totalSum, 0);
        newest = cell;
        newestAt = (int) Math.floorMod(cell, (long) cells.size());
        return;
      }
      for (long i = 0; i < steps; i++) {
        step();
      }
    }

    private void step() {
      for (int w = 0; w < windowCells.length; w++) {
        int leaving = at(windowCells[w] - 1L);
        goodSum[w] -= cells.good(leaving);
        totalSum[w] -= cells.total(leaving);
      }
      newest++;
      newestAt++;
      if (newestAt == cells.size()) {
        newestAt = 0;
      }
      cells.clear(newestAt);
      if (newestAt == 0) {
        recount();
      }
    }

    /** Once per turn of the ring, so that rounding errors of differences never pile up. */
    private void recount() {
      for (int w = 0; w < windowCells.length; w++) {
        double good = 0;
        double total = 0;
        for (int age = 0; age < windowCells[w]; age++) {
          good += cells.good(at(age));
          total += cells.total(at(age));
        }
        goodSum[w] = good;
        totalSum[w] = total;
      }
    }

    /** The sum of a window that does not end in the newest cell. */
    EventCounts sumUntil(int window, long last) {
      double good = 0;
      double total = 0;
      long oldest = Math.max(last - windowCells[window] + 1, newest - cells.size() + 1);
      for (long cell = Math.min(last, newest); cell >= oldest; cell--) {
        int at = at(newest - cell);
        good += cells.good(at);
        total += cells.total(at);
      }
      return new EventCounts(withoutResidue(good), withoutResidue(total));
    }
  }

  /**
   * Keeps these windows.
   *
   * @param windows lengths; two of the same length are one
   * @param slice length of what is added at once: no cell is finer
   */
  public WindowedCounts(List<Duration> windows, Duration slice) {
    List<Duration> sorted = windows.stream().distinct().sorted().toList();
    lengths = sorted.toArray(Duration[]::new);
    ringOf = new int[lengths.length];
    placeOf = new int[lengths.length];
    List<Long> cellLengths = new ArrayList<>();
    List<List<Integer>> counts = new ArrayList<>();
    for (int w = 0; w < lengths.length; w++) {
      long cell = Math.max(cellMillis(lengths[w]), wholeMinutes(slice.toMillis()));
      int ring = cellLengths.indexOf(cell);
      if (ring < 0) {
        ring = cellLengths.size();
        cellLengths.add(cell);
        counts.add(new ArrayList<>());
      }
      ringOf[w] = ring;
      placeOf[w] = counts.get(ring).size();
      counts.get(ring).add(Math.toIntExact(wholeCells(lengths[w].toMillis(), cell)));
    }
    rings = new Ring[cellLengths.size()];
    for (int r = 0; r < rings.length; r++) {
      rings[r] =
          new Ring(
              cellLengths.get(r), counts.get(r).stream().mapToInt(Integer::intValue).toArray());
    }
  }

  private WindowedCounts(WindowedCounts other) {
    lengths = other.lengths;
    ringOf = other.ringOf;
    placeOf = other.placeOf;
    rings = new Ring[other.rings.length];
    for (int r = 0; r < rings.length; r++) {
      rings[r] = new Ring(other.rings[r]);
    }
  }

  /** Returns an independent copy. */
  public WindowedCounts copy() {
    return new WindowedCounts(this);
  }

  /** Writes all counts; {@link #read} makes the same of it. */
  public void write(DataOutput out) throws IOException {
    for (Ring ring : rings) {
      out.writeLong(ring.newest);
      ring.cells.write(out);
    }
  }

  /** Takes over counts of the same windows and slices that were written. */
  public void read(DataInput in) throws IOException {
    for (Ring ring : rings) {
      ring.newest = in.readLong();
      ring.newestAt =
          ring.newest == Long.MIN_VALUE
              ? 0
              : (int) Math.floorMod(ring.newest, (long) ring.cells.size());
      ring.cells.read(in);
      ring.recount();
    }
  }

  private static long wholeMinutes(long millis) {
    return wholeCells(millis, MINUTE) * MINUTE;
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

  /** Adds the difference that a bucket made, whenever it was; what left a window does not count. */
  public void add(Instant bucketStart, EventCounts delta) {
    add(bucketStart.toEpochMilli(), delta.good(), delta.total());
  }

  /** Adds a difference; the start in ms since the epoch. */
  public void add(long startMillis, double good, double total) {
    int minute = Math.toIntExact(Math.floorDiv(startMillis, MINUTE));
    for (Ring ring : rings) {
      ring.add(minute, good, total);
    }
  }

  /** Moves all windows on so that they end at {@code endMillis}, exclusive; never back. */
  public void advanceTo(long endMillis) {
    for (Ring ring : rings) {
      long cell = Math.floorDiv(endMillis - 1, ring.cellMillis);
      if (cell > ring.newest) {
        ring.advance(cell);
      }
    }
  }

  /**
   * Returns the place of a window, for {@link #goodAt} and {@link #totalAt}.
   *
   * @throws IllegalArgumentException when no such window is kept
   */
  public int indexOf(Duration window) {
    for (int w = 0; w < lengths.length; w++) {
      if (lengths[w].equals(window)) {
        return w;
      }
    }
    throw new IllegalArgumentException("no window of " + window + " is kept");
  }

  /** Good events of a window that ends where all windows have been moved to. */
  public double goodAt(int window) {
    return withoutResidue(rings[ringOf[window]].goodSum[placeOf[window]]);
  }

  /** All events of a window that ends where all windows have been moved to. */
  public double totalAt(int window) {
    return withoutResidue(rings[ringOf[window]].totalSum[placeOf[window]]);
  }

  /**
   * Returns the counts of the window that ends at {@code end}, exclusive.
   *
   * @throws IllegalArgumentException when no such window is kept
   */
  public EventCounts sum(Duration window, Instant end) {
    int w = indexOf(window);
    Ring ring = rings[ringOf[w]];
    long last = Math.floorDiv(end.toEpochMilli() - 1, ring.cellMillis);
    if (ring.newest == Long.MIN_VALUE) {
      return EventCounts.NONE;
    }
    return last == ring.newest
        ? new EventCounts(goodAt(w), totalAt(w))
        : ring.sumUntil(placeOf[w], last);
  }

  /**
   * Returns when a window that ends at {@code end} will hold at most {@code allowedBad}, if nothing
   * bad is added from now on; {@code end} itself when it does so already.
   */
  public Instant recoversAt(Duration window, Instant end, double allowedBad) {
    int w = indexOf(window);
    Ring ring = rings[ringOf[w]];
    double bad = sum(window, end).bad();
    if (bad <= allowedBad + RESIDUE) {
      return end;
    }
    long last = Math.floorDiv(end.toEpochMilli() - 1, ring.cellMillis);
    int count = ring.windowCells[placeOf[w]];
    for (long cell = last - count + 1; cell <= ring.newest; cell++) {
      if (ring.newest - cell < ring.cells.size()) {
        int at = ring.at(ring.newest - cell);
        bad -= ring.cells.total(at) - ring.cells.good(at);
      }
      if (bad <= allowedBad + RESIDUE) {
        return Instant.ofEpochMilli((cell + count) * ring.cellMillis + 1);
      }
    }
    return end.plus(window);
  }

  /** What is left of a difference of equal sums is nothing; a real count is never so small. */
  private static double withoutResidue(double value) {
    return Math.abs(value) < RESIDUE ? 0 : value;
  }
}
