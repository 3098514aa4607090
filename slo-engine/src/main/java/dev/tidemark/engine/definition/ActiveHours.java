package dev.tidemark.engine.definition;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Set;

/**
 * Hours of a week in which a condition may begin to hold, such as business hours. Immutable.
 *
 * @param days on which the hours begin
 * @param from first moment of a day
 * @param to first moment after them; at or before {@code from} it lies on the next day
 * @param zone whose wall clock counts, through changes of daylight saving time
 */
public record ActiveHours(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
  /** Monday to Friday. */
  public static final Set<DayOfWeek> BUSINESS_DAYS =
      Set.copyOf(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY));

  /** Copies the days. */
  public ActiveHours {
    days = Set.copyOf(days);
  }

  /** Returns whether {@code at} lies within the hours. */
  public boolean contains(Instant at) {
    ZonedDateTime local = at.atZone(zone);
    LocalTime time = local.toLocalTime();
    DayOfWeek day = local.getDayOfWeek();
    if (from.isBefore(to)) {
      return days.contains(day) && !time.isBefore(from) && time.isBefore(to);
    }
    return (days.contains(day) && !time.isBefore(from))
        || (days.contains(day.minus(1)) && time.isBefore(to));
  }
}
