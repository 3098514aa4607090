package dev.tidemark.alerting.schedule;

import biweekly.util.ICalDate;
import biweekly.util.Recurrence;
import biweekly.util.com.google.ical.compat.javautil.DateIterator;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One event of a calendar with all its recurrences. Immutable.
 *
 * <p>It recurs by the wall clock of its time zone and also lasts by it: a turn from Monday 9:00 to
 * Monday 9:00 ends at 9:00 too when the clocks change in between. RFC 5545 would have it last
 * exactly as many hours, and then nobody is on call for one of them; calendars show it as here.
 */
public final class OnCallEvent {
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  /** Nobody plans more turns of one event; a rule that has no end meets this. */
  private static final int TURNS_AT_MOST = 100_000;

  private final String member;
  private final WallClock clock;
  private final LocalDateTime start;
  private final Duration length;
  private final @Nullable Recurrence rule;
  private final @Nullable Instant until;
  private final Set<LocalDateTime> added;
  private final Set<Instant> left;

  /**
   * Takes what the calendar says.
   *
   * @param start of the first turn by the wall clock
   * @param length by the wall clock, above zero
   * @param rule how it recurs; null when it does not
   * @param until the last moment at which a recurrence may begin; null without an end
   * @param added more starts by the wall clock
   * @param left starts at which it does not take place
   */
  OnCallEvent(
      String member,
      WallClock clock,
      LocalDateTime start,
      Duration length,
      @Nullable Recurrence rule,
      @Nullable Instant until,
      Set<LocalDateTime> added,
      Set<Instant> left) {
    this.member = member;
    this.clock = clock;
    this.start = start;
    this.length = length;
    this.rule = rule == null ? null : new Recurrence.Builder(rule).until((ICalDate) null).build();
    this.until = until;
    this.added = Set.copyOf(added);
    this.left = Set.copyOf(left);
  }

  /** Returns who is on call then. */
  public String member() {
    return member;
  }

  /** Returns its turns that touch [from, to), by their begin. */
  public List<Shift> between(Instant from, Instant to) {
    TreeSet<LocalDateTime> starts = new TreeSet<>(added);
    // Wall times a day around, because the clocks may change in between.
    LocalDateTime earliest = clock.wall(from).minus(length).minusDays(1);
    LocalDateTime latest = clock.wall(to).plusDays(1);
    if (rule == null) {
      starts.add(start);
    } else {
      recur(rule, earliest, latest, starts);
    }
    List<Shift> turns = new ArrayList<>();
    for (LocalDateTime wall : starts) {
      Instant begin = clock.moment(wall);
      Instant shown = clock.moment(wall.plus(length));
      // A turn that begins in a skipped hour is moved on; it must not lose all its time by that.
      Instant end = shown.isAfter(begin) ? shown : begin.plus(length);
      if (begin.isBefore(to) && end.isAfter(from) && !left.contains(begin)) {
        turns.add(new Shift(begin, end, List.of(member)));
      }
    }
    return turns;
  }

  /** Recurrences are counted as if the wall clock were UTC's, which never changes. */
  private void recur(
      Recurrence recurrence, LocalDateTime earliest, LocalDateTime latest, Set<LocalDateTime> to) {
    DateIterator turns =
        recurrence.getDateIterator(new ICalDate(Date.from(start.toInstant(ZoneOffset.UTC))), UTC);
    if (earliest.isAfter(start)) {
      turns.advanceTo(Date.from(earliest.toInstant(ZoneOffset.UTC)));
    }
    for (int i = 0; i < TURNS_AT_MOST && turns.hasNext(); i++) {
      LocalDateTime wall = LocalDateTime.ofInstant(turns.next().toInstant(), ZoneOffset.UTC);
      if (wall.isAfter(latest) || (until != null && clock.moment(wall).isAfter(until))) {
        return;
      }
      to.add(wall);
    }
  }
}
