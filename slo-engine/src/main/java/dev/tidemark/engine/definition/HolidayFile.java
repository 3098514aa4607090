package dev.tidemark.engine.definition;

import dev.tidemark.alerting.schedule.ScheduleCalendar;
import dev.tidemark.alerting.schedule.Shift;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;

/**
 * The holidays of an iCalendar file (RFC 5545), as public ones are exported: events of whole days,
 * single, of several days or recurring. Stateless.
 */
final class HolidayFile {
  private static final Instant FROM = Instant.parse("2000-01-01T00:00:00Z");

  /** Rules without an end are followed to here. */
  private static final Instant TO = Instant.parse("2061-01-01T00:00:00Z");

  private HolidayFile() {}

  /**
   * What a file says.
   *
   * @param days that a whole-day event covers
   * @param partly how many events were left out because they cover parts of days
   */
  record Found(Set<LocalDate> days, int partly) {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  static Found read(String text) {
    Set<LocalDate> days = new TreeSet<>();
    int partly = 0;
    // Whole days have no zone; read in UTC they begin and end at midnight of UTC.
    for (Shift event : ScheduleCalendar.read(text, ZoneOffset.UTC).between(FROM, TO)) {
      LocalDateTime from = LocalDateTime.ofInstant(event.from(), ZoneOffset.UTC);
      LocalDateTime to = LocalDateTime.ofInstant(event.to(), ZoneOffset.UTC);
      if (isMidnight(from) && isMidnight(to)) {
        from.toLocalDate().datesUntil(to.toLocalDate()).forEach(days::add);
      } else {
        partly++;
      }
    }
    return new Found(days, partly);
  }

  private static boolean isMidnight(LocalDateTime moment) {
    return moment.toLocalTime().equals(LocalTime.MIDNIGHT);
  }
}
