package dev.tidemark.engine.budget;

import dev.tidemark.engine.model.EventCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Running sums over rolling windows, in event time. Each window has a ring of its own whose cells
 * are the coarser the longer it is: a minute up to six hours, a five-hundredth of the length beyond
 * (an hour for thirty days). Adding costs a few operations per window, summing one, however long
 * the window is; the far edge of a window is exact to one cell. Reading never changes anything that
 * another reader could see. Not thread-safe.
 */
public final class WindowedCounts {
  private static final long MINUTE = 60_000;
  private static final double RESIDUE = 1e-9;

  private final List<Ring> rings = new ArrayList<>();

  /** Cells by absolute index, addressed modulo their number. */
  private static final class Ring {
    private final Duration length;
    private final long cellMillis;
    private final double[] good;
    private final double[] total;
    private long newest;
    private double goodSum;
    private double totalSum;

    Ring(Duration length) {
      this.length = length;
      long wanted = Math.max(MINUTE, length.toMillis() / 500);
      this.cellMillis = Math.floorDiv(wanted + MINUTE - 1, MINUTE) * MINUTE;
      int cells = Math.toIntExact(Math.floorDiv(length.toMillis() + cellMillis - 1, cellMillis));
      this.good = new double[Math.max(1, cells)];
      this.total = new double[Math.max(1, cells)];
      this.newest = Long.MIN_VALUE;
    }

    void add(long startMillis, EventCounts delta) {
      long cell = Math.floorDiv(startMillis, cellMillis);
      if (newest == Long.MIN_VALUE) {
        newest = cell;
      }
      advance(cell);
      if (cell <= newest - good.length) {
        return;
      }
      int at = Math.floorMod(cell, good.length);
      good[at] += delta.good();
      total[at] += delta.total();
      goodSum += delta.good();
      totalSum += delta.total();
    }

    void advance(long cell) {
      if (newest == Long.MIN_VALUE || cell <= newest) {
        return;
      }
      long steps = Math.min(cell - newest, good.length);
      for (long i = 1; i <= steps; i++) {
        int at = Math.floorMod(newest + i, good.length);
        goodSum -= good[at];
        totalSum -= total[at];
        good[at] = 0;
        total[at] = 0;
      }
      newest = cell;
      if (steps == good.length || Math.floorMod(cell, good.length) < steps) {
        recount();
      }
    }

    /** Once per turn of the ring, so that rounding errors of differences never pile up. */
    private void recount() {
      goodSum = 0;
      totalSum = 0;
      for (int i = 0; i < good.length; i++) {
        goodSum += good[i];
        totalSum += total[i];
      }
    }

    EventCounts sum(long endMillis) {
      long last = Math.floorDiv(endMillis - 1, cellMillis);
      if (newest == Long.MIN_VALUE || last < newest - good.length) {
        return EventCounts.NONE;
      }
      double g = goodSum;
      double t = totalSum;
      // The window has moved on since the newest cell: what it left behind does not count.
      for (long gone = newest - good.length + 1;
          gone <= Math.min(last - good.length, newest);
          gone++) {
        int at = Math.floorMod(gone, good.length);
        g -= good[at];
        t -= total[at];
      }
      // The window ends before the newest cell: what comes after it does not count yet.
      for (long ahead = newest; ahead > Math.max(last, newest - good.length); ahead--) {
        int at = Math.floorMod(ahead, good.length);
        g -= good[at];
        t -= total[at];
      }
      return new EventCounts(withoutResidue(g), withoutResidue(t));
    }

    /** What is left of a difference of equal sums is nothing; a real count is never so small. */
    private static double withoutResidue(double value) {
      return Math.abs(value) < RESIDUE ? 0 : value;
    }
  }

  /** Keeps these windows; two of the same length share a ring. */
  public WindowedCounts(List<Duration> windows) {
    windows.stream().distinct().sorted().forEach(length -> rings.add(new Ring(length)));
  }

  /** Adds the difference that a bucket made, whenever it was; what left a window does not count. */
  public void add(Instant bucketStart, EventCounts delta) {
    long start = bucketStart.toEpochMilli();
    for (Ring ring : rings) {
      ring.add(start, delta);
    }
  }

  /**
   * Returns the counts of the window that ends at {@code end}, exclusive.
   *
   * @throws IllegalArgumentException when no such window is kept
   */
  public EventCounts sum(Duration window, Instant end) {
    for (Ring ring : rings) {
      if (ring.length.equals(window)) {
        return ring.sum(end.toEpochMilli());
      }
    }
    throw new IllegalArgumentException("no window of " + window + " is kept");
  }
}
