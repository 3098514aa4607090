package dev.tidemark.engine.condition;

import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.EventCounts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Watches the counts of one objective for what no honest data show. Not thread-safe. */
final class Oddities {
  /** So many bad slices from the beginning are no accident. */
  private static final int BAD_SLICES = 10;

  private static final int KEPT = 100;

  /** Newest slices in which the share exceeds the whole, by start in ms. */
  private NavigableMap<Long, EventCounts> excess = Collections.emptyNavigableMap();

  private boolean everGood;

  /** Starts of bad slices, in ms, as many as it takes; one restated ten times is one. */
  private Set<Long> bad = Set.of();

  void changed(BucketChange change) {
    note(change.start().toEpochMilli(), change.after());
  }

  /** Takes the newest counts of a slice. */
  void note(long start, EventCounts counts) {
    if (counts.good() > counts.total() || counts.good() < 0) {
      keepExcess(start, counts);
      if (excess.size() > KEPT) {
        excess.pollFirstEntry();
      }
    } else if (!excess.isEmpty()) {
      excess.remove(start);
    }
    everGood |= counts.good() > 0;
    if (everGood) {
      // From now on nobody asks how often it was bad before.
      bad = Set.of();
    } else if (counts.total() > 0) {
      keepBad(start);
    } else if (!bad.isEmpty()) {
      bad.remove(start);
    }
  }

  private void keepExcess(long start, EventCounts counts) {
    excess = excess.isEmpty() ? new TreeMap<>() : excess;
    excess.put(start, counts);
  }

  private void keepBad(long start) {
    if (bad.size() < BAD_SLICES) {
      bad = bad.isEmpty() ? new TreeSet<>() : bad;
      bad.add(start);
    }
  }

  /**
   * Takes the sums of several slices, none of them odd.
   *
   * @param start of the stretch in which they start, in ms
   * @param counting how many of them count anything
   */
  void noteSum(long start, EventCounts counts, long counting) {
    everGood |= counts.good() > 0;
    // Which slices of the stretch they are is not known, only that they are different ones.
    for (long i = 0; !everGood && i < counting && bad.size() < BAD_SLICES; i++) {
      keepBad(start + i);
    }
  }

  void write(DataOutput out) throws IOException {
    out.writeBoolean(everGood);
    out.writeInt(bad.size());
    for (long start : bad) {
      out.writeLong(start);
    }
    out.writeInt(excess.size());
    for (Map.Entry<Long, EventCounts> one : excess.entrySet()) {
      out.writeLong(one.getKey());
      out.writeDouble(one.getValue().good());
      out.writeDouble(one.getValue().total());
    }
  }

  void read(DataInput in) throws IOException {
    everGood = in.readBoolean();
    int slices = in.readInt();
    for (int i = 0; i < slices; i++) {
      keepBad(in.readLong());
    }
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      keepExcess(in.readLong(), new EventCounts(in.readDouble(), in.readDouble()));
    }
  }

  Optional<Remark> moreThanAll() {
    return Optional.ofNullable(excess.lastEntry())
        .map(
            newest ->
                new Remark(
                    Remark.Kind.MORE_THAN_ALL,
                    "in the slice of "
                        + Instant.ofEpochMilli(newest.getKey())
                        + " "
                        + number(newest.getValue().good())
                        + " of "
                        + number(newest.getValue().total())
                        + " are good: the share counts events that the total does not; let both"
                        + " select the same"));
  }

  private static String number(double count) {
    return count == Math.rint(count) ? Long.toString((long) count) : Double.toString(count);
  }

  Optional<Remark> alwaysBad(Instant since) {
    return everGood || bad.size() < BAD_SLICES
        ? Optional.empty()
        : Optional.of(
            new Remark(
                Remark.Kind.ALWAYS_BAD,
                "nothing has been good since "
                    + since
                    + ", the beginning: the limit may be out of reach, or the good events may not"
                    + " be selected"));
  }
}
