package dev.tidemark.engine.definition;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;

/**
 * When data are due: "by 06:00 Europe/Warsaw on business days". From a deadline on, the watermark
 * has to have reached the midnight that began that day, less {@code slack}; until the next deadline
 * nothing more is asked. Immutable.
 *
 * <p>A deadline inside the hour that daylight saving time skips lies as much later; one inside the
 * hour that comes twice is the first.
 *
 * @param dueBy time of day of the deadline
 * @param zone whose wall clock counts
 * @param days of the week with a deadline, at least one
 * @param holidays without one
 * @param slack how far before midnight the newest record of a whole day may lie
 */
public record ArrivalCalendar(
    LocalTime dueBy, ZoneId zone, Set<DayOfWeek> days, Set<LocalDate> holidays, Duration slack) {
  private static final int LONGEST_PAUSE_DAYS = 400;

  /** Copies the sets. */
  public ArrivalCalendar {
    if (days.isEmpty()) {
      throw new IllegalArgumentException("a calendar needs at least one day of the week");
    }
    days = Set.copyOf(days);
    holidays = Set.copyOf(holidays);
  }

  /**
   * What is asked between two deadlines.
   *
   * @param from the deadline
   * @param until the next one, exclusive
   * @param watermark event time that has to be reached
   */
  public record Due(Instant from, Instant until, Instant watermark) {}

  /** Returns what is asked at a moment. */
  public Due at(Instant moment) {
    LocalDate today = moment.atZone(zone).toLocalDate();
    LocalDate last = deadline(today).isAfter(moment) ? today.minusDays(1) : today;
    last = nearest(last, -1);
    LocalDate next = nearest(last.plusDays(1), 1);
    return new Due(
        deadline(last), deadline(next), last.atStartOfDay(zone).toInstant().minus(slack));
  }

  private Instant deadline(LocalDate day) {
    return day.atTime(dueBy).atZone(zone).toInstant();
  }

  private LocalDate nearest(LocalDate from, int step) {
    LocalDate day = from;
    for (int i = 0; i < LONGEST_PAUSE_DAYS; i++) {
      if (days.contains(day.getDayOfWeek()) && !holidays.contains(day)) {
        return day;
      }
      day = day.plusDays(step);
    }
    throw new IllegalStateException(
        "no deadline within " + LONGEST_PAUSE_DAYS + " days of " + from + "; too many holidays");
  }
}
