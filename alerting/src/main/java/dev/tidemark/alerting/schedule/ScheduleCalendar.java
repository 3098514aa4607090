package dev.tidemark.alerting.schedule;

import biweekly.Biweekly;
import biweekly.ICalVersion;
import biweekly.ICalendar;
import biweekly.component.VEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * Schedules as iCalendar (RFC 5545), for people's calendars and from them. Stateless.
 *
 * <p>Written are plain events in UTC, one for each shift and member, whose ids stay the same as
 * long as the shifts do. Read are events whose summary names the member, with their recurrences
 * ({@code RRULE}, {@code RDATE}, {@code EXDATE}, {@code RECURRENCE-ID}); those that are cancelled
 * or last no time are left out.
 */
public final class ScheduleCalendar {
  private ScheduleCalendar() {}

  /**
   * Returns who is on call in [from, to) as an iCalendar object.
   *
   * @param at when this was asked
   */
  public static String write(Schedule schedule, Instant from, Instant to, Instant at) {
    ICalendar calendar = new ICalendar();
    calendar.setProductId("-//Tidemark//On call//EN");
    calendar.setName(schedule.name());
    for (Shift shift : schedule.shifts(from, to)) {
      for (String member : shift.members()) {
        VEvent event = new VEvent();
        event.setUid(
            schedule.name() + "/" + shift.from().getEpochSecond() + "/" + member + "@tidemark");
        event.setDateTimeStamp(Date.from(at));
        event.setSummary(member);
        event.setDateStart(Date.from(shift.from()), true);
        event.setDateEnd(Date.from(shift.to()), true);
        calendar.addEvent(event);
      }
    }
    return Biweekly.write(calendar).version(ICalVersion.V2_0).go();
  }

  /**
   * Reads events.
   *
   * @param zone of times that name none
   * @throws IllegalArgumentException when this is no calendar, or an event cannot be understood;
   *     the message says which and why
   */
  public static OnCallCalendar read(String text, ZoneId zone) {
    List<ICalendar> calendars = Biweekly.parse(text).all();
    if (calendars.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no calendar in it; it has to begin with BEGIN:VCALENDAR");
    }
    List<OnCallEvent> events = new ArrayList<>();
    for (ICalendar calendar : calendars) {
      events.addAll(new EventReading(calendar, zone).events());
    }
    return new OnCallCalendar(events);
  }
}
