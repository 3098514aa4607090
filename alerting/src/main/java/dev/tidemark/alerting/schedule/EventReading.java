package dev.tidemark.alerting.schedule;

import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.io.TimezoneAssignment;
import biweekly.property.ExceptionDates;
import biweekly.property.ICalProperty;
import biweekly.property.RecurrenceDates;
import biweekly.property.RecurrenceId;
import biweekly.util.DateTimeComponents;
import biweekly.util.ICalDate;
import biweekly.util.Recurrence;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** One reading of one calendar. */
final class EventReading {
  private final ICalendar calendar;
  private final ZoneId floating;

  EventReading(ICalendar calendar, ZoneId floating) {
    this.calendar = calendar;
    this.floating = floating;
  }

  List<OnCallEvent> events() {
    Map<String, Set<Instant>> moved = new HashMap<>();
    for (VEvent event : calendar.getEvents()) {
      RecurrenceId instead = event.getRecurrenceId();
      if (instead != null && event.getUid() != null) {
        moved
            .computeIfAbsent(event.getUid().getValue(), uid -> new HashSet<>())
            .add(moment(instead, instead.getValue()));
      }
    }
    List<OnCallEvent> events = new ArrayList<>();
    for (VEvent event : calendar.getEvents()) {
      boolean cancelled = event.getStatus() != null && event.getStatus().isCancelled();
      String member = event.getSummary() == null ? "" : event.getSummary().getValue().strip();
      if (!cancelled && !member.isEmpty()) {
        OnCallEvent read = event(event, member, moved);
        if (read != null) {
          events.add(read);
        }
      }
    }
    return events;
  }

  private @Nullable OnCallEvent event(
      VEvent event, String member, Map<String, Set<Instant>> moved) {
    if (event.getDateStart() == null || event.getDateStart().getValue() == null) {
      throw new IllegalArgumentException("the event '" + member + "' has no DTSTART");
    }
    WallClock clock = clock(event.getDateStart(), event.getDateStart().getValue());
    LocalDateTime start = wall(event.getDateStart().getValue());
    Duration length = length(event, clock, start);
    if (length.isZero() || length.isNegative()) {
      return null;
    }
    Set<Instant> left = new HashSet<>();
    for (ExceptionDates except : event.getExceptionDates()) {
      except.getValues().forEach(date -> left.add(exception(except, date, clock, start)));
    }
    if (event.getUid() != null && event.getRecurrenceId() == null) {
      left.addAll(moved.getOrDefault(event.getUid().getValue(), Set.of()));
    }
    Set<LocalDateTime> added = new HashSet<>();
    for (RecurrenceDates more : event.getRecurrenceDates()) {
      more.getDates().forEach(date -> added.add(clock.wall(moment(more, date))));
    }
    Recurrence rule =
        event.getRecurrenceRule() == null ? null : event.getRecurrenceRule().getValue();
    return new OnCallEvent(
        member, clock, start, length, rule, rule == null ? null : until(rule, clock), added, left);
  }

  private Duration length(VEvent event, WallClock clock, LocalDateTime start) {
    if (event.getDateEnd() != null && event.getDateEnd().getValue() != null) {
      Instant end = moment(event.getDateEnd(), event.getDateEnd().getValue());
      return Duration.between(start, clock.wall(end));
    }
    if (event.getDuration() != null && event.getDuration().getValue() != null) {
      return Duration.ofMillis(event.getDuration().getValue().toMillis());
    }
    return event.getDateStart().getValue().hasTime() ? Duration.ZERO : Duration.ofDays(1);
  }

  /** An exception that is only a date leaves out the turn that begins on that day. */
  private Instant exception(
      ICalProperty property, ICalDate date, WallClock clock, LocalDateTime start) {
    return date.hasTime()
        ? moment(property, date)
        : clock.moment(wall(date).toLocalDate().atTime(start.toLocalTime()));
  }

  private static @Nullable Instant until(Recurrence rule, WallClock clock) {
    ICalDate until = rule.getUntil();
    if (until == null) {
      return null;
    }
    DateTimeComponents parts = until.getRawComponents();
    if (!until.hasTime()) {
      return clock.moment(wall(until).toLocalDate().plusDays(1).atStartOfDay()).minusNanos(1);
    }
    return parts != null && !parts.isUtc() ? clock.moment(wall(until)) : until.toInstant();
  }

  private Instant moment(ICalProperty property, ICalDate date) {
    return clock(property, date).moment(wall(date));
  }

  /** Java's own rules for a zone that it knows; else what the calendar says of the zone. */
  private WallClock clock(ICalProperty property, ICalDate date) {
    DateTimeComponents parts = date.getRawComponents();
    if (parts != null && parts.isUtc()) {
      return new WallClock(TimeZone.getTimeZone("UTC"));
    }
    TimezoneAssignment assigned = calendar.getTimezoneInfo().getTimezone(property);
    if (assigned == null) {
      String unknown = property.getParameters().getTimezoneId();
      if (unknown != null) {
        throw new IllegalArgumentException(
            "the calendar's time zone '"
                + unknown
                + "' is not known; export it with its VTIMEZONE, or with a name such as"
                + " Europe/Warsaw");
      }
      return new WallClock(TimeZone.getTimeZone(floating));
    }
    TimeZone zone = assigned.getTimeZone();
    try {
      return new WallClock(TimeZone.getTimeZone(ZoneId.of(zone.getID())));
    } catch (DateTimeException e) {
      return new WallClock(zone);
    }
  }

  private static LocalDateTime wall(ICalDate date) {
    DateTimeComponents parts = date.getRawComponents();
    if (parts == null) {
      throw new IllegalArgumentException("a date of the calendar cannot be read: " + date);
    }
    return LocalDateTime.of(
        parts.getYear(),
        parts.getMonth(),
        parts.getDate(),
        parts.hasTime() ? parts.getHour() : 0,
        parts.hasTime() ? parts.getMinute() : 0,
        parts.hasTime() ? parts.getSecond() : 0);
  }
}
