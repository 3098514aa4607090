package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.CalendarCounts;
import dev.tidemark.engine.budget.CorrectedTime;
import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.budget.WindowedCounts;
import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.model.EventCounts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What one objective's windows hold, as it happened and as it was corrected. As long as nothing is
 * corrected both are the same and kept once. Not thread-safe.
 */
final class CorrectedCounts {
  /** Shared: a tick goes through the counts of all objectives. */
  private static final CalendarCounts[] NO_CALENDARS = {};

  private final long sliceMillis;
  private final Totals raw;
  private Totals adjusted;
  private List<Correction> corrections = List.of();
  private CorrectedTime time = CorrectedTime.NONE;

  /** Rolling and calendar windows over the same buckets. */
  static final class Totals {
    final WindowedCounts windows;
    final CalendarCounts[] calendars;

    Totals(WindowedCounts windows, CalendarCounts[] calendars) {
      this.windows = windows;
      this.calendars = calendars;
    }

    private Totals copy() {
      CalendarCounts[] copies = calendars.clone();
      for (int i = 0; i < copies.length; i++) {
        copies[i] = copies[i].copy();
      }
      return new Totals(windows.copy(), copies);
    }

    private void add(long start, double good, double total) {
      windows.add(start, good, total);
      for (CalendarCounts calendar : calendars) {
        calendar.add(start, good, total);
      }
    }

    private void resumeAt(Instant last) {
      for (int i = 0; i < calendars.length; i++) {
        calendars[i] = new CalendarCounts(calendars[i].calendar(), last);
      }
    }

    private void write(DataOutput out) throws IOException {
      windows.write(out);
      for (CalendarCounts calendar : calendars) {
        calendar.write(out);
      }
    }

    private void read(DataInput in) throws IOException {
      windows.read(in);
      for (CalendarCounts calendar : calendars) {
        calendar.read(in);
      }
    }

    private void advanceTo(long end) {
      windows.advanceTo(end);
      for (CalendarCounts calendar : calendars) {
        calendar.advanceTo(end);
      }
    }
  }

  /**
   * Begins with nothing counted.
   *
   * @param windows lengths of rolling ones
   * @param calendars units of calendar ones
   * @param start a moment in the first unit of each
   */
  CorrectedCounts(
      List<Duration> windows,
      List<BudgetWindow.Calendar> calendars,
      Duration slice,
      long sliceMillis,
      Instant start) {
    this.sliceMillis = sliceMillis;
    this.raw =
        new Totals(
            new WindowedCounts(windows, slice),
            calendars.isEmpty()
                ? NO_CALENDARS
                : calendars.stream()
                    .map(calendar -> new CalendarCounts(calendar, start))
                    .toArray(CalendarCounts[]::new));
    this.adjusted = raw;
  }

  /** As it happened. */
  Totals raw() {
    return raw;
  }

  /** As it governs. */
  Totals adjusted() {
    return adjusted;
  }

  /** Those in force that change counts. */
  List<Correction> corrections() {
    return corrections;
  }

  /**
   * Share of a rolling window, 0 to 1, that its slices are, where each counts one.
   *
   * @param end of the window, in ms since the epoch
   */
  double share(Duration window, long end) {
    return share(raw.windows.sum(window, Instant.ofEpochMilli(end)).total(), window);
  }

  /** Share of a window, 0 to 1, that so many slices are. */
  double share(double slices, Duration window) {
    return Math.max(0, Math.min(1, slices * sliceMillis / window.toMillis()));
  }

  /** Puts calendar windows into the unit of a moment, before anything is restored. */
  void resumeAt(Instant last) {
    raw.resumeAt(last);
    if (adjusted != raw) {
      adjusted.resumeAt(last);
    }
  }

  /** Takes the difference that a judged or restated slice makes. */
  void add(long start, EventCounts before, EventCounts after) {
    raw.add(start, after.good() - before.good(), after.total() - before.total());
    if (adjusted != raw) {
      EventCounts was = corrected(start, before);
      EventCounts is = corrected(start, after);
      adjusted.add(start, is.good() - was.good(), is.total() - was.total());
    }
  }

  /**
   * Takes other corrections.
   *
   * @param changed all from now on; where two overlap the first one counts
   * @param happened start and counts of counted buckets that any of them covers, as they happened
   */
  void correct(List<Correction> changed, Map<Instant, EventCounts> happened) {
    corrections = changed.stream().filter(c -> c.mode() != Correction.Mode.KEEP).toList();
    time = new CorrectedTime(corrections);
    adjusted = corrections.isEmpty() ? raw : raw.copy();
    happened.forEach((start, counts) -> recount(start.toEpochMilli(), counts));
  }

  /** Applies the corrections in force to a bucket that is counted as it happened. */
  void recount(long start, EventCounts counts) {
    // Slices of a silence that freezes windows must not move them on, by whatever is added.
    if (adjusted != raw && !counts.isEmpty()) {
      EventCounts is = corrected(start, counts);
      adjusted.add(start, is.good() - counts.good(), is.total() - counts.total());
    }
  }

  private EventCounts corrected(long start, EventCounts counts) {
    return time.of(start, sliceMillis, counts);
  }

  /** How much of [from, to), both ms since the epoch, leaves the budget, in ms. */
  long droppedMillis(long from, long to) {
    return time.droppedMillis(from, to);
  }

  void advanceTo(long end) {
    raw.advanceTo(end);
    if (adjusted != raw) {
      adjusted.advanceTo(end);
    }
  }

  /** Moves the governing windows on to where those that happened are, when they lag behind. */
  void catchUp(long end) {
    if (adjusted != raw) {
      adjusted.advanceTo(end);
    }
  }

  /**
   * Writes what happened, without these slices.
   *
   * @param recent counts of slices that may still change
   */
  void write(DataOutput out, Map<Instant, EventCounts> recent) throws IOException {
    Totals settled = raw.copy();
    recent.forEach(
        (start, counts) -> {
          // Also by nothing windows would be moved on, which a silence may have frozen.
          if (!counts.isEmpty()) {
            settled.add(start.toEpochMilli(), -counts.good(), -counts.total());
          }
        });
    settled.write(out);
  }

  /**
   * Takes over what was written, before anything else is counted. It is not corrected yet: that is
   * what {@link #correct} or {@link #recount} of its buckets does.
   */
  void read(DataInput in) throws IOException {
    raw.read(in);
    adjusted = corrections.isEmpty() ? raw : raw.copy();
  }
}
