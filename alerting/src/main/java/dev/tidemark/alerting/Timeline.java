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
   * Makes room where there is none, and says in the second place how much was left out.
   *
   * @param leftOut how many entries were left out before
   * @return how many are now
   */
  static int trim(List<TimelineEntry> entries, int leftOut) {
    if (entries.size() <= ENOUGH) {
      return leftOut;
    }
    int begin = leftOut == 0 ? 1 : 2;
    int out = oldest(entries, begin, entry -> !stays(entry));
    if (out < 0 && entries.size() > MOST) {
      out = oldest(entries, begin, entry -> entry.what().equals("notified"));
      out = out < 0 ? begin : out;
    }
    if (out < 0) {
      return leftOut;
    }
    Instant at = entries.get(leftOut == 0 ? out : 1).at();
    TimelineEntry gone = entries.remove(out);
    int now = leftOut + 1;
    TimelineEntry said =
        new TimelineEntry(
            at,
            LEFT_OUT,
            TimelineEntry.TIDEMARK,
            now + " entries left out, the last one of " + gone.at());
    if (leftOut == 0) {
      entries.add(1, said);
    } else {
      entries.set(1, said);
    }
    return now;
  }

  private static boolean stays(TimelineEntry entry) {
    return STAYS.contains(entry.what()) || !entry.actor().equals(TimelineEntry.TIDEMARK);
  }

  private static int oldest(
      List<TimelineEntry> entries, int begin, Predicate<TimelineEntry> which) {
    for (int i = begin; i < entries.size() - NEWEST; i++) {
      if (which.test(entries.get(i))) {
        return i;
      }
    }
    return -1;
  }
}
