package dev.tidemark.alerting;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Keeps an incident's timeline short: what comes and goes by itself makes room first, what people
 * did, who was told and how severity and cause changed stays. Stateless.
 */
final class Timeline {
  /** From so many entries on, what comes and goes is left out. */
  static final int ENOUGH = 200;

  /** From so many on, whatever is oldest. */
  static final int MOST = 400;

  /** So many of the newest stay in any case. */
  private static final int NEWEST = 50;

  private static final String LEFT_OUT = "left_out";

  private static final Set<String> STAYS =
      Set.of(
          "opened",
          "notified",
          "acknowledged",
          "untaken",
          "severity",
          "cause",
          "merged",
          "split",
          "resolved",
          "reopened");

  private Timeline() {}

  /**
   * Makes room where there is none, and says where the last of it was how much was left out.
   *
   * @param leftOut how many entries were left out before
   * @return how many are now
   */
  static int trim(List<TimelineEntry> entries, int leftOut) {
    int count = leftOut;
    while (entries.size() > ENOUGH) {
      int out = oldest(entries, entry -> !stays(entry) && !marks(entry));
      if (out < 0 && entries.size() > MOST) {
        out = oldest(entries, entry -> entry.what().equals("notified"));
        out = out < 0 ? oldest(entries, entry -> !marks(entry)) : out;
      }
      if (out < 0) {
        break;
      }
      count++;
      mark(entries, out, count);
    }
    return count;
  }

  /** Takes the entry out; the mark stays at or moves to the last place where one was taken out. */
  private static void mark(List<TimelineEntry> entries, int out, int count) {
    Instant at = entries.remove(out).at();
    int place = out;
    for (int i = 1; i < entries.size(); i++) {
      if (marks(entries.get(i))) {
        Instant before = entries.remove(i).at();
        if (i >= place) {
          place = i;
          at = before;
        } else {
          place--;
        }
        break;
      }
    }
    entries.add(
        place,
        new TimelineEntry(
            at, LEFT_OUT, TimelineEntry.TIDEMARK, count + " entries up to here left out"));
  }

  private static boolean marks(TimelineEntry entry) {
    return entry.what().equals(LEFT_OUT);
  }

  private static boolean stays(TimelineEntry entry) {
    return STAYS.contains(entry.what()) || !entry.actor().equals(TimelineEntry.TIDEMARK);
  }

  /** Returns its place; -1 when there is none between the opening and the newest. */
  private static int oldest(List<TimelineEntry> entries, Predicate<TimelineEntry> which) {
    for (int i = 1; i < entries.size() - NEWEST; i++) {
      if (which.test(entries.get(i))) {
        return i;
      }
    }
    return -1;
  }
}
