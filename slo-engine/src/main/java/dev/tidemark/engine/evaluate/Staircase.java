package dev.tidemark.engine.evaluate;

import java.util.Arrays;

/**
 * The newest event time by the moment at which it was observed: both ascend. Mostly appended to,
 * and asked about its end. Times in ms since the epoch. Not thread-safe.
 */
final class Staircase {
  static final long NOTHING = Long.MIN_VALUE;

  private long[] observed = new long[4];
  private long[] events = new long[4];
  private int from;
  private int to;

  /** Notes that by {@code at} this event time was known. */
  void raise(long at, long event) {
    int place = after(at);
    if (place > from && events[place - 1] >= event) {
      return;
    }
    if (place > from && observed[place - 1] == at) {
      place--;
    }
    int end = place;
    while (end < to && events[end] <= event) {
      end++;
    }
    replace(place, end, at, event);
  }

  private void replace(int place, int end, long at, long event) {
    if (place == end) {
      int moved = place - makeRoom();
      System.arraycopy(observed, moved, observed, moved + 1, to - moved);
      System.arraycopy(events, moved, events, moved + 1, to - moved);
      observed[moved] = at;
      events[moved] = event;
      to++;
      return;
    }
    observed[place] = at;
    events[place] = event;
    int gone = end - place - 1;
    if (gone > 0) {
      System.arraycopy(observed, end, observed, place + 1, to - end);
      System.arraycopy(events, end, events, place + 1, to - end);
      to -= gone;
    }
  }

  /** Returns by how much everything moved to the front. */
  private int makeRoom() {
    if (to < observed.length) {
      return 0;
    }
    if (from > observed.length / 2) {
      System.arraycopy(observed, from, observed, 0, to - from);
      System.arraycopy(events, from, events, 0, to - from);
      int moved = from;
      to -= moved;
      from = 0;
      return moved;
    }
    observed = Arrays.copyOf(observed, observed.length * 2);
    events = Arrays.copyOf(events, events.length * 2);
    return 0;
  }

  /** The event time known at a moment, or {@link #NOTHING}. */
  long at(long moment) {
    int place = after(moment);
    return place == from ? NOTHING : events[place - 1];
  }

  /** When the event time known at a moment was observed, or {@link #NOTHING}. */
  long observedAt(long moment) {
    int place = after(moment);
    return place == from ? NOTHING : observed[place - 1];
  }

  /** First place whose observation is later than {@code moment}. */
  private int after(long moment) {
    if (from == to || observed[to - 1] <= moment) {
      return to;
    }
    int low = from;
    int high = to - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (observed[middle] <= moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Forgets what only concerns moments before this one; mostly that is one step, or none. */
  void forgetBefore(long moment) {
    while (from + 1 < to && observed[from + 1] <= moment) {
      from++;
    }
  }

  /** Takes one step away, if it is exactly this one. */
  void remove(long at, long event) {
    int place = after(at) - 1;
    if (place >= from && observed[place] == at && events[place] == event) {
      System.arraycopy(observed, place + 1, observed, place, to - place - 1);
      System.arraycopy(events, place + 1, events, place, to - place - 1);
      to--;
    }
  }

  void clear() {
    from = 0;
    to = 0;
  }

  /** The newest event time, or {@link #NOTHING}. */
  long newest() {
    return from == to ? NOTHING : events[to - 1];
  }

  /** When the newest event time was observed, or {@link #NOTHING}. */
  long newestObserved() {
    return from == to ? NOTHING : observed[to - 1];
  }
}
