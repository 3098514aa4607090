package dev.tidemark.alerting.route;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads times of day, days of the week, and moments by a wall clock. */
final class Clock {
  private Clock() {}

  /** 24:00 is midnight, as whoever writes an end means it. */
  static LocalTime time(Fields fields, String field, LocalTime absent) {
    String text = fields.text(field);
    if (text == null) {
      return absent;
    }
    try {
      return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text);
    } catch (DateTimeException e) {
      fields.problem(field, "'" + text + "' is no time of day; write '09:00'");
      return absent;
    }
  }

  /** A moment in the zone's wall time; one with an offset is converted. */
  static @Nullable LocalDateTime wall(Fields fields, String field, ZoneId zone) {
    String text = fields.required(field, "2026-03-01T09:00");
    if (text.isEmpty()) {
      return null;
    }
    try {
      return LocalDateTime.parse(text);
    } catch (DateTimeException e) {
      // It may have an offset.
    }
    try {
      return OffsetDateTime.parse(text).atZoneSameInstant(zone).toLocalDateTime();
    } catch (DateTimeException e) {
      fields.problem(
          field,
          "'"
              + text
              + "' is no time; write 2026-03-01T09:00 in the schedule's time zone, or with an"
              + " offset 2026-03-01T09:00Z");
      return null;
    }
  }

  static @Nullable Instant moment(Fields fields, String field, ZoneId zone) {
    String text = fields.text(field);
    try {
      if (text != null) {
        return OffsetDateTime.parse(text).toInstant();
      }
    } catch (DateTimeException e) {
      // It may be a wall time.
    }
    LocalDateTime wall = wall(fields, field, zone);
    return wall == null ? null : ZonedDateTime.ofLocal(wall, zone, null).toInstant();
  }

  static @Nullable DayOfWeek day(String text) {
    String word = text.strip().toUpperCase(Locale.ROOT);
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().equals(word) || day.name().substring(0, 3).equals(word)) {
        return day;
      }
    }
    return null;
  }

  /** Returns the days of a word or a range such as {@code fri:mon}; empty when it is none. */
  static Set<DayOfWeek> days(String text) {
    switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "every-day" -> {
        return EnumSet.allOf(DayOfWeek.class);
      }
      case "business-days" -> {
        return EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
      }
      default -> {
        // One day, or from one to another.
      }
    }
    String[] ends = text.split("[:-]", -1);
    DayOfWeek first = day(ends[0]);
    DayOfWeek last = ends.length > 1 ? day(ends[1]) : first;
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    if (ends.length > 2 || first == null || last == null) {
      return days;
    }
    for (DayOfWeek day = first; day != last; day = day.plus(1)) {
      days.add(day);
    }
    days.add(last);
    return days;
  }
}
