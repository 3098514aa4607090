package dev.tidemark.engine.definition;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * When planned work takes place: once, or again and again by a rule of RFC 5545. Immutable.
 *
 * @param first begin of the first time
 * @param duration of each time
 * @param rule such as {@code FREQ=WEEKLY;BYDAY=SU}; empty for once
 * @param zone whose wall clock the rule follows
 */
public record PlannedTimes(Instant first, Duration duration, String rule, ZoneId zone) {
  /** Hourly work over two years and more: no rule recurs more often, no window reaches further. */
  private static final int TIMES_AT_MOST = 25_000;

  private static final int TIMES_TRIED = 200;
  private static final Duration SHORTEST_PAUSE = Duration.ofHours(1);

  /**
   * Checks the rule.
   *
   * @throws IllegalArgumentException when the rule is none, recurs more often than hourly, or the
   *     duration is not above zero
   */
  public PlannedTimes {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException("planned work has to last longer than nothing");
    }
    if (!rule.isEmpty()) {
      switch (parse(rule).getFreq()) {
        case SECONDLY, MINUTELY ->
            throw new IllegalArgumentException("planned work recurs hourly at most");
        default -> {
          // Hourly to yearly is what people plan.
        }
      }
      refuseOftenerThanHourly(first, rule, zone);
    }
  }

  /** BYMINUTE and its like can make of an hourly rule one for every minute. */
  private static void refuseOftenerThanHourly(Instant first, String rule, ZoneId zone) {
    Times times = new Times(first, rule, zone);
    Instant before = null;
    for (int i = 0; i < TIMES_TRIED && times.hasNext(); i++) {
      Instant start = times.next();
      if (before != null && Duration.between(before, start).compareTo(SHORTEST_PAUSE) < 0) {
        throw new IllegalArgumentException("planned work recurs hourly at most");
      }
      before = start;
    }
  }

  /**
   * Goes through the begins. Days and longer are counted on the wall clock, where the calendar of
   * Java reads an hour that never was or was twice as RFC 5545, 3.3.5, wants it; hours are counted
   * one after the other, whatever clocks show.
   */
  private static final class Times {
    private final ZoneId zone;
    private final boolean wallClock;
    private final RecurrenceRuleIterator iterator;

    Times(Instant first, String text, ZoneId zone) {
      RecurrenceRule rule = parse(text);
      this.zone = zone;
      this.wallClock = rule.getFreq() != Freq.HOURLY;
      if (wallClock) {
        DateTime until = rule.getUntil();
        if (until != null && !until.isFloating()) {
          rule.setUntil(
              new DateTime(DateTime.UTC, millis(Instant.ofEpochMilli(until.getTimestamp()))));
        }
      }
      TimeZone counted = wallClock ? DateTime.UTC : TimeZone.getTimeZone(zone);
      this.iterator = rule.iterator(new DateTime(counted, millis(first)));
    }

    private long millis(Instant at) {
      return wallClock
          ? at.atZone(zone).toLocalDateTime().toInstant(ZoneOffset.UTC).toEpochMilli()
          : at.toEpochMilli();
    }

    boolean hasNext() {
      return iterator.hasNext();
    }

    Instant next() {
      Instant counted = Instant.ofEpochMilli(iterator.nextMillis());
      return wallClock
          ? LocalDateTime.ofInstant(counted, ZoneOffset.UTC).atZone(zone).toInstant()
          : counted;
    }

    void forwardTo(Instant at) {
      iterator.fastForward(millis(at));
    }
  }

  /** One time of it: [from, to). */
  public record Span(Instant from, Instant to) {
    /** Whether a moment lies in it. */
    public boolean contains(Instant at) {
      return !at.isBefore(from) && at.isBefore(to);
    }
  }

  private static RecurrenceRule parse(String rule) {
    try {
      return new RecurrenceRule(rule.replaceFirst("^RRULE:", ""));
    } catch (InvalidRecurrenceRuleException e) {
      throw new IllegalArgumentException(
          "'"
              + rule
              + "' is no recurrence rule such as FREQ=WEEKLY;BYDAY=SU ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  /** Returns the times that touch [from, to), oldest first. */
  public List<Span> between(Instant from, Instant to) {
    List<Span> spans = new ArrayList<>();
    if (rule.isEmpty()) {
      Span only = new Span(first, first.plus(duration));
      return only.to().isAfter(from) && first.isBefore(to) ? List.of(only) : List.of();
    }
    Times times = new Times(first, rule, zone);
    Instant reaching = from.minus(duration).minus(SHORTEST_PAUSE);
    if (reaching.isAfter(first)) {
      times.forwardTo(reaching);
    }
    while (times.hasNext() && spans.size() < TIMES_AT_MOST) {
      Instant start = times.next();
      if (!start.isBefore(to)) {
        break;
      }
      if (start.plus(duration).isAfter(from)) {
        spans.add(new Span(start, start.plus(duration)));
      }
    }
    return spans;
  }
}
