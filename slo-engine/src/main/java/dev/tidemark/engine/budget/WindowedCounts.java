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

  private static final int NEVER = Integer.MIN_VALUE;

  private final WindowLayout layout;

  /** The cells of each ring. */
  private final Cells[] cells;

  /** Good and total of each window beside each other. */
  private final double[] sums;

  /** The minute since the epoch in which all windows end. */
  private int newest = NEVER;

  /**
   * Keeps these windows.
   *
   * @param windows lengths; two of the same length are one
   * @param slice length of what is added at once: no cell is finer
   */
  public WindowedCounts(List<Duration> windows, Duration slice) {
    layout = WindowLayout.of(windows, slice);
    sums = new double[2 * layout.windows()];
    cells = new Cells[layout.rings()];
    for (int r = 0; r < cells.length; r++) {
      cells[r] = new Cells(layout.ring(r).cells());
    }
  }

  private WindowedCounts(WindowedCounts other) {
    layout = other.layout;
    sums = other.sums.clone();
    newest = other.newest;
    cells = new Cells[other.cells.length];
    for (int r = 0; r < cells.length; r++) {
      cells[r] = other.cells[r].copy();
    }
  }

  /** Returns an independent copy. */
  public WindowedCounts copy() {
    return new WindowedCounts(this);
  }

  /** Writes all counts; {@link #read} makes the same of it. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(newest);
    for (Cells ring : cells) {
      ring.write(out);
    }
  }

  /** Takes over counts of the same windows and slices that were written. */
  public void read(DataInput in) throws IOException {
    newest = in.readInt();
    for (int r = 0; r < cells.length; r++) {
      cells[r].read(in);
      recount(r);
    }
  }

  /** Adds the difference that a bucket made, whenever it was; what left a window does not count. */
  public void add(Instant bucketStart, EventCounts delta) {
    add(bucketStart.toEpochMilli(), delta.good(), delta.total());
  }

  /** Adds a difference; the start in ms since the epoch. */
  public void add(long startMillis, double good, double total) {
    int minute = minute(startMillis);
    if (minute > newest) {
      advance(minute);
    }
    for (int r = 0; r < cells.length; r++) {
      WindowLayout.RingLayout ring = layout.ring(r);
      int age = minute == newest ? 0 : ring.cell(newest) - ring.cell(minute);
      if (age < ring.cells()) {
        cells[r].add(age, good, total);
        for (int place = 0; place < ring.windows(); place++) {
          int w = ring.window(place);
          if (age < layout.cellsOf(w)) {
            sums[2 * w] += good;
            sums[2 * w + 1] += total;
          }
        }
      }
    }
  }

  private static int minute(long millis) {
    return Math.toIntExact(Math.floorDiv(millis, MINUTE));
  }

  private void advance(int minute) {
    for (int r = 0; newest != NEVER && r < cells.length; r++) {
      WindowLayout.RingLayout ring = layout.ring(r);
      int steps = ring.cell(minute) - ring.cell(newest);
      if (steps >= ring.cells()) {
        cells[r].clear();
        recount(r);
      } else {
        for (int i = 0; i < steps; i++) {
          step(r);
        }
      }
    }
    newest = minute;
  }

  private void step(int r) {
    WindowLayout.RingLayout ring = layout.ring(r);
    for (int place = 0; place < ring.windows(); place++) {
      int w = ring.window(place);
      int leaving = layout.cellsOf(w) - 1;
      sums[2 * w] -= cells[r].good(leaving);
      sums[2 * w + 1] -= cells[r].total(leaving);
    }
    if (cells[r].step()) {
      recount(r);
    }
  }

  /** Once per turn of the ring, so that rounding errors of differences never pile up. */
  private void recount(int r) {
    WindowLayout.RingLayout ring = layout.ring(r);
    for (int place = 0; place < ring.windows(); place++) {
      int w = ring.window(place);
      double good = 0;
      double total = 0;
      for (int age = 0; age < layout.cellsOf(w); age++) {
        good += cells[r].good(age);
        total += cells[r].total(age);
      }
      sums[2 * w] = good;
      sums[2 * w + 1] = total;
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
    for (int r = 0; r < cells.length; r++) {
      WindowLayout.RingLayout ring = layout.ring(r);
      long reach = ring.cells() * ring.cellMillis();
      if (reach > age.toMillis() && ring.cellMillis() % stretch.toMillis() != 0) {
        return false;
      }
    }
    return true;
  }

  /** Moves all windows on so that they end at {@code endMillis}, exclusive; never back. */
  public void advanceTo(long endMillis) {
    int minute = minute(endMillis - 1);
    if (minute > newest) {
      advance(minute);
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
    return withoutResidue(sums[2 * window]);
  }

  /** All events of a window that ends where all windows have been moved to. */
  public double totalAt(int window) {
    return withoutResidue(sums[2 * window + 1]);
  }

  /**
   * Returns the counts of the window that ends at {@code end}, exclusive.
   *
   * @throws IllegalArgumentException when no such window is kept
   */
  public EventCounts sum(Duration window, Instant end) {
    int w = indexOf(window);
    if (newest == NEVER) {
      return EventCounts.NONE;
    }
    WindowLayout.RingLayout ring = layout.ring(layout.ringOf(w));
    int ahead = ring.cell(minute(end.toEpochMilli() - 1)) - ring.cell(newest);
    return ahead == 0
        ? new EventCounts(goodAt(w), totalAt(w))
        : sumOfOther(w, -ahead, cells[layout.ringOf(w)]);
  }

  /** The sum of a window that does not end in the newest cell. */
  private EventCounts sumOfOther(int window, int lastAge, Cells ring) {
    double good = 0;
    double total = 0;
    int oldest = Math.min(lastAge + layout.cellsOf(window), ring.size());
    for (int age = Math.max(lastAge, 0); age < oldest; age++) {
      good += ring.good(age);
      total += ring.total(age);
    }
    return new EventCounts(withoutResidue(good), withoutResidue(total));
  }

  /**
   * Returns when a window that ends at {@code end} will hold at most {@code allowedBad}, if nothing
   * bad is added from now on; {@code end} itself when it does so already.
   */
  public Instant recoversAt(Duration window, Instant end, double allowedBad) {
    int w = indexOf(window);
    double bad = sum(window, end).bad();
    if (bad <= allowedBad + RESIDUE) {
      return end;
    }
    WindowLayout.RingLayout layoutOfRing = layout.ring(layout.ringOf(w));
    Cells ring = cells[layout.ringOf(w)];
    int newestCell = layoutOfRing.cell(newest);
    int last = layoutOfRing.cell(minute(end.toEpochMilli() - 1));
    int count = layout.cellsOf(w);
    for (int cell = last - count + 1; cell <= newestCell; cell++) {
      int age = newestCell - cell;
      if (age < ring.size()) {
        bad -= ring.total(age) - ring.good(age);
      }
      if (bad <= allowedBad + RESIDUE) {
        return Instant.ofEpochMilli((long) (cell + count) * layoutOfRing.cellMillis() + 1);
      }
    }
    return end.plus(window);
  }

  /** What is left of a difference of equal sums is nothing; a real count is never so small. */
  private static double withoutResidue(double value) {
    return Math.abs(value) < RESIDUE ? 0 : value;
  }
}
