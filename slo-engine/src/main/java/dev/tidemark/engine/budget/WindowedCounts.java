package dev.tidemark.engine.budget;

import dev.tidemark.engine.model.EventCounts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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

  private final WindowLayout layout;
  private final Ring[] rings;

  /** Cells by absolute index, addressed modulo their number, with running sums per window. */
  private static final class Ring {
    final WindowLayout.RingLayout layout;
    final Cells cells;

    /** Good and total of a window beside each other. */
    final double[] sums;

    long newest;
    int newestAt;

    Ring(WindowLayout.RingLayout layout) {
      this.layout = layout;
      this.cells = new Cells(layout.cells());
      this.sums = new double[2 * layout.windows()];
      this.newest = Long.MIN_VALUE;
    }

    private Ring(Ring other) {
      this.layout = other.layout;
      this.cells = other.cells.copy();
      this.sums = other.sums.clone();
      this.newest = other.newest;
      this.newestAt = other.newestAt;
    }

    void add(int minute, double good, double total) {
      // Division by an int is several times as fast as by a long, and this is the hot path.
      long cell = Math.floorDiv(minute, layout.cellMinutes());
      if (cell > newest) {
        advance(cell);
      }
      long age = newest - cell;
      if (age >= cells.size()) {
        return;
      }
      cells.add(at(age), good, total);
      for (int w = 0; w < layout.windows(); w++) {
        if (age < layout.cellsOf(w)) {
          sums[2 * w] += good;
          sums[2 * w + 1] += total;
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
        java.util.Arrays.fill(sums, 0);
        newest = cell;
        newestAt = (int) Math.floorMod(cell, (long) cells.size());
        return;
      }
      for (long i = 0; i < steps; i++) {
        step();
      }
    }

    private void step() {
      for (int w = 0; w < layout.windows(); w++) {
        int leaving = at(layout.cellsOf(w) - 1L);
        sums[2 * w] -= cells.good(leaving);
        sums[2 * w + 1] -= cells.total(leaving);
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
      for (int w = 0; w < layout.windows(); w++) {
        double good = 0;
        double total = 0;
        for (int age = 0; age < layout.cellsOf(w); age++) {
          good += cells.good(at(age));
          total += cells.total(at(age));
        }
        sums[2 * w] = good;
        sums[2 * w + 1] = total;
      }
    }

    /** The sum of a window that does not end in the newest cell. */
    EventCounts sumUntil(int window, long last) {
      double good = 0;
      double total = 0;
      long oldest = Math.max(last - layout.cellsOf(window) + 1, newest - cells.size() + 1);
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
    layout = WindowLayout.of(windows, slice);
    rings = new Ring[layout.rings()];
    for (int r = 0; r < rings.length; r++) {
      rings[r] = new Ring(layout.ring(r));
    }
  }

  private WindowedCounts(WindowedCounts other) {
    layout = other.layout;
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

  /**
   * Whether sums over stretches of time are as good as the buckets in them, for stretches that end
   * so long before the end of the windows: no ring that reaches back so far has a cell that holds
   * only part of one.
   *
   * @param stretch whole minutes
   */
  public boolean takesSums(Duration stretch, Duration age) {
    for (Ring ring : rings) {
      long reach = ring.layout.cells() * ring.layout.cellMillis();
      if (reach > age.toMillis() && ring.layout.cellMillis() % stretch.toMillis() != 0) {
        return false;
      }
    }
    return true;
  }

  /** Moves all windows on so that they end at {@code endMillis}, exclusive; never back. */
  public void advanceTo(long endMillis) {
    for (Ring ring : rings) {
      long cell = Math.floorDiv(endMillis - 1, ring.layout.cellMillis());
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
    return layout.indexOf(window);
  }

  /** Good events of a window that ends where all windows have been moved to. */
  public double goodAt(int window) {
    return withoutResidue(rings[layout.ringOf(window)].sums[2 * layout.placeOf(window)]);
  }

  /** All events of a window that ends where all windows have been moved to. */
  public double totalAt(int window) {
    return withoutResidue(rings[layout.ringOf(window)].sums[2 * layout.placeOf(window) + 1]);
  }

  /**
   * Returns the counts of the window that ends at {@code end}, exclusive.
   *
   * @throws IllegalArgumentException when no such window is kept
   */
  public EventCounts sum(Duration window, Instant end) {
    int w = indexOf(window);
    Ring ring = rings[layout.ringOf(w)];
    long last = Math.floorDiv(end.toEpochMilli() - 1, ring.layout.cellMillis());
    if (ring.newest == Long.MIN_VALUE) {
      return EventCounts.NONE;
    }
    return last == ring.newest
        ? new EventCounts(goodAt(w), totalAt(w))
        : ring.sumUntil(layout.placeOf(w), last);
  }

  /**
   * Returns when a window that ends at {@code end} will hold at most {@code allowedBad}, if nothing
   * bad is added from now on; {@code end} itself when it does so already.
   */
  public Instant recoversAt(Duration window, Instant end, double allowedBad) {
    int w = indexOf(window);
    Ring ring = rings[layout.ringOf(w)];
    double bad = sum(window, end).bad();
    if (bad <= allowedBad + RESIDUE) {
      return end;
    }
    long last = Math.floorDiv(end.toEpochMilli() - 1, ring.layout.cellMillis());
    int count = ring.layout.cellsOf(layout.placeOf(w));
    for (long cell = last - count + 1; cell <= ring.newest; cell++) {
      if (ring.newest - cell < ring.cells.size()) {
        int at = ring.at(ring.newest - cell);
        bad -= ring.cells.total(at) - ring.cells.good(at);
      }
      if (bad <= allowedBad + RESIDUE) {
        return Instant.ofEpochMilli((cell + count) * ring.layout.cellMillis() + 1);
      }
    }
    return end.plus(window);
  }

  /** What is left of a difference of equal sums is nothing; a real count is never so small. */
  private static double withoutResidue(double value) {
    return Math.abs(value) < RESIDUE ? 0 : value;
  }
}
