package dev.tidemark.engine.condition;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Since when one objective is watched, and the stretches in which nobody knows. Moments in ms since
 * the epoch. Not thread-safe.
 */
final class WatchedTime {
  private final long sliceMillis;

  /** Stretches in which nobody knows, as start and end; ascending. */
  private List<long[]> unknown = List.of();

  /** Start of the oldest slice that was watched. */
  private long since;

  private boolean sinceKnown;

  WatchedTime(long since, long sliceMillis) {
    this.since = since;
    this.sliceMillis = sliceMillis;
  }

  /** Start of the oldest slice that was watched. */
  long since() {
    return since;
  }

  /** Notes that a slice was judged before a restart. Returns whether it is the oldest so far. */
  boolean reachesBackTo(long start) {
    boolean oldest = !sinceKnown || start < since;
    if (oldest) {
      since = start;
      sinceKnown = true;
    }
    return oldest;
  }

  /** Takes over what another one knows, and begins no later than this one does. */
  void takeOver(WatchedTime other) {
    since = Math.min(since, other.since);
    sinceKnown |= other.sinceKnown;
    unknown = other.unknown.isEmpty() ? List.of() : new ArrayList<>(other.unknown);
  }

  /** Notes of a slice whether it is known. */
  void note(long start, boolean isUnknown) {
    if (isUnknown) {
      doubt(start, start + sliceMillis);
    } else if (!unknown.isEmpty() && start < unknown.get(unknown.size() - 1)[1]) {
      cutOut(start);
    }
  }

  /** Notes a stretch in which nobody knows, later than all others. */
  void doubt(long start, long end) {
    if (!unknown.isEmpty() && unknown.get(unknown.size() - 1)[1] == start) {
      unknown.get(unknown.size() - 1)[1] = end;
    } else {
      keep(start, end);
    }
  }

  private void keep(long start, long end) {
    unknown = unknown.isEmpty() ? new ArrayList<>() : unknown;
    unknown.add(new long[] {start, end});
  }

  private void cutOut(long start) {
    for (int i = 0; i < unknown.size(); i++) {
      long[] stretch = unknown.get(i);
      if (start >= stretch[0] && start < stretch[1]) {
        unknown.remove(i);
        if (start + sliceMillis < stretch[1]) {
          unknown.add(i, new long[] {start + sliceMillis, stretch[1]});
        }
        if (stretch[0] < start) {
          unknown.add(i, new long[] {stretch[0], start});
        }
        return;
      }
    }
  }

  /** Share of [end - length, end) that was watched, 0 to 1. */
  double coverage(long end, long lengthMillis) {
    long from = end - lengthMillis;
    long watched = end - Math.max(from, since);
    for (long[] stretch : unknown) {
      watched -= Math.max(0, Math.min(stretch[1], end) - Math.max(stretch[0], from));
    }
    return Math.max(0, Math.min(1, (double) watched / lengthMillis));
  }

  /** Forgets stretches that no window reaches any more. */
  void forgetBefore(long millis) {
    while (!unknown.isEmpty() && unknown.get(0)[1] < millis) {
      unknown.remove(0);
    }
  }

  /** Start of the last slice of each stretch in which nobody knows. */
  List<Instant> unknownEnds() {
    return unknown.stream().map(stretch -> Instant.ofEpochMilli(stretch[1] - sliceMillis)).toList();
  }

  /** Writes what is known of slices before a moment. */
  void write(DataOutput out, long before) throws IOException {
    out.writeBoolean(sinceKnown || since < before);
    out.writeLong(since);
    List<long[]> stretches =
        unknown.stream()
            .filter(stretch -> stretch[0] < before)
            .map(stretch -> new long[] {stretch[0], Math.min(stretch[1], before)})
            .toList();
    out.writeInt(stretches.size());
    for (long[] stretch : stretches) {
      out.writeLong(stretch[0]);
      out.writeLong(stretch[1]);
    }
  }

  /** Takes over what was written. */
  void read(DataInput in) throws IOException {
    sinceKnown = in.readBoolean();
    since = in.readLong();
    int stretches = in.readInt();
    for (int i = 0; i < stretches; i++) {
      keep(in.readLong(), in.readLong());
    }
  }
}
