package dev.tidemark.engine.condition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Events and errors of every minute, and how the two running totals of them are seen.
 *
 * @param events of each minute
 * @param errors of each minute, among the events
 * @param resets minutes at whose beginning the sender starts again and its totals are 0
 * @param gaps minutes at whose end nobody hears the totals; they go on to rise
 */
record Traffic(List<Long> events, List<Long> errors, Set<Integer> resets, Set<Integer> gaps) {

  /** How fast stretches of time burn; above the last one it is nearly everything. */
  private static final double[] RATES = {0, 0, 0, 0.5, 1.4, 2, 4, 4, 8, 20, 100};

  static Traffic of(List<Long> events, List<Long> errors) {
    return new Traffic(events, errors, Set.of(), Set.of());
  }

  /** The same number of events each minute, with the errors of one stretch. */
  static Traffic steady(int minutes, long each, int from, int to, long bad) {
    List<Long> events = new ArrayList<>();
    List<Long> errors = new ArrayList<>();
    for (int i = 0; i < minutes; i++) {
      events.add(each);
      errors.add(i >= from && i < to ? bad : 0);
    }
    return of(events, errors);
  }

  /** Stretches of good and bad time. */
  static Traffic random(long seed, int minutes, double budgetRatio) {
    Random random = new Random(seed);
    List<Long> events = new ArrayList<>();
    List<Long> errors = new ArrayList<>();
    double badShare = 0;
    int until = 60;
    for (int i = 0; i < minutes; i++) {
      if (i == until) {
        double rate = RATES[random.nextInt(RATES.length)] * (0.8 + 0.4 * random.nextDouble());
        badShare = Math.min(0.95, rate * budgetRatio);
        until = i + 15 + random.nextInt(rate > 0 && rate < 50 ? 240 : 90);
      }
      events.add(50_000L + random.nextInt(100_000));
      errors.add((long) (events.get(i) * badShare));
    }
    return of(events, errors);
  }

  /** The same with some new starts of the sender. */
  Traffic withResets(long seed, int many) {
    Random random = new Random(seed);
    Set<Integer> at = new HashSet<>();
    while (at.size() < many) {
      at.add(10 + random.nextInt(events.size() - 10));
    }
    return new Traffic(events, errors, at, gaps);
  }

  /** The same with some stretches of one to three minutes of which nothing is heard. */
  Traffic withGaps(long seed, int many) {
    Random random = new Random(seed);
    Set<Integer> at = new HashSet<>();
    for (int i = 0; i < many; i++) {
      int from = 20 + random.nextInt(events.size() - 40);
      int length = 1 + random.nextInt(3);
      for (int k = 0; k < length; k++) {
        at.add(from + k);
      }
    }
    return new Traffic(events, errors, resets, at);
  }

  /** The running total at the end of each minute, as its sender knows it. */
  List<Long> totals(List<Long> perMinute) {
    List<Long> totals = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < perMinute.size(); i++) {
      total = (resets.contains(i) ? 0 : total) + perMinute.get(i);
      totals.add(total);
    }
    return totals;
  }

  /** The totals as a test of rules has them: from minute 0 on, {@code _} where none was heard. */
  List<String> scraped(List<Long> perMinute) {
    List<String> samples = new ArrayList<>(List.of("0"));
    List<Long> totals = totals(perMinute);
    for (int i = 0; i < totals.size(); i++) {
      samples.add(gaps.contains(i) ? "_" : Long.toString(totals.get(i)));
    }
    return samples;
  }

  /**
   * Share of bad events in the minutes before {@code end}. What happened in a gap counts when it is
   * heard of.
   */
  double badShare(int end, int minutes) {
    double all = 0;
    double bad = 0;
    boolean heard = false;
    for (int i = end - 1; i >= 0 && (i >= end - minutes || (heard && gaps.contains(i))); i--) {
      if (gaps.contains(i) && !heard) {
        continue;
      }
      heard = true;
      all += events.get(i);
      bad += errors.get(i);
    }
    return bad / all;
  }

  /** Whether a gap, or the first minutes after it, lies at this moment. */
  boolean isNearGap(int minute) {
    for (int i = minute - 8; i <= minute + 3; i++) {
      if (gaps.contains(i)) {
        return true;
      }
    }
    return false;
  }
}
