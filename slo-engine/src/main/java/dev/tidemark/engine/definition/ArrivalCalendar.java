package dev.tidemark.engine.definition;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
    LocalTime dueBy, ZoneId zone, Set<DayOfWeek> days, Holidays holidays, Duration slack) {
  private static final int LONGEST_PAUSE_DAYS = 400;

  /**
   * Copies the days.
   *
   * @throws IllegalArgumentException when there is no day of the week, or no deadline for more than
   *     400 days
   */
  public ArrivalCalendar {
    if (days.isEmpty()) {
      throw new IllegalArgumentException("a calendar needs at least one day of the week");
    }
    days = Set.copyOf(days);
    refuseEndlessPause(LocalDate.EPOCH, days, holidays);
    for (LocalDate holiday : new TreeSet<>(holidays.days())) {
      if (!holidays.contains(holiday.minusDays(1))) {
        refuseEndlessPause(holiday, days, holidays);
      }
    }
  }

  private static void refuseEndlessPause(LocalDate from, Set<DayOfWeek> days, Holidays holidays) {
    if (find(from, 1, LONGEST_PAUSE_DAYS, days, holidays).isEmpty()) {
      throw new IllegalArgumentException(
          "there is no deadline within " + LONGEST_PAUSE_DAYS + " days of " + from);
    }
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
    return find(from, step, 2 * LONGEST_PAUSE_DAYS, days, holidays)
        .orElseThrow(() -> new IllegalStateException("no deadline near " + from));
  }

  private static Optional<LocalDate> find(
      LocalDate from, int step, int atMost, Set<DayOfWeek> days, Holidays holidays) {
    LocalDate day = from;
    for (int i = 0; i < atMost; i++) {
      if (days.contains(day.getDayOfWeek()) && !holidays.contains(day)) {
        return Optional.of(day);
      }
      day = day.plusDays(step);
    }
    return Optional.empty();
  }
}
