package dev.tidemark.alerting.schedule;

import static dev.tidemark.alerting.schedule.Rotas.at;
import static dev.tidemark.alerting.schedule.Rotas.layer;
import static dev.tidemark.alerting.schedule.Rotas.listed;
import static dev.tidemark.alerting.schedule.Rotas.schedule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleCalendarTest {
  private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

  private static OnCallCalendar read(String... events) {
    return ScheduleCalendar.read(calendar(events), WARSAW);
  }

  private static String calendar(String... lines) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"
        + String.join("\r\n", lines)
        + "\r\nEND:VCALENDAR\r\n";
  }

  private static String event(String... lines) {
    return "BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\n"
        + String.join("\r\n", lines)
        + "\r\nEND:VEVENT";
  }

  private static List<String> turns(OnCallCalendar calendar, String from, String to) {
    return calendar.between(at(from), at(to)).stream()
        .map(turn -> turn.from() + "/" + turn.to() + " " + String.join(",", turn.members()))
        .toList();
  }

  @Test
  void what_is_written_is_plain_rfc_5545() {
    String text =
        ScheduleCalendar.write(
            schedule("Europe/Warsaw", layer("2026-03-28T09:00", Duration.ofDays(1), "anna", "bo")),
            at("2026-03-28T08:00:00Z"),
            at("2026-03-30T07:00:00Z"),
            at("2026-03-01T00:00:00Z"));
    assertThat(text.replace("\r\n", "\n"))
        .startsWith("BEGIN:VCALENDAR\nVERSION:2.0\n")
        .contains(
            """
            BEGIN:VEVENT
            UID:primary/1774684800/anna@tidemark
            DTSTAMP:20260301T000000Z
            SUMMARY:anna
            DTSTART:20260328T080000Z
            DTEND:20260329T070000Z
            END:VEVENT
            """)
        .contains("SUMMARY:bo\nDTSTART:20260329T070000Z\nDTEND:20260330T070000Z\n")
        .endsWith("END:VCALENDAR\n");
  }

  @Test
  void a_weekly_event_recurs_and_ends_by_the_wall_clock_of_its_zone() {
    OnCallCalendar calendar =
        read(
            event(
                "UID:1",
                "SUMMARY:anna",
                "DTSTART;TZID=America/New_York:20260302T090000",
                "DTEND;TZID=America/New_York:20260309T090000",
                "RRULE:FREQ=WEEKLY;INTERVAL=2"));
    // New York is at -05:00 until 8 March, at -04:00 from then on.
    assertThat(turns(calendar, "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"))
        .containsExactly(
            "2026-03-02T14:00:00Z/2026-03-09T13:00:00Z anna",
            "2026-03-16T13:00:00Z/2026-03-23T13:00:00Z anna",
            "2026-03-30T13:00:00Z/2026-04-06T13:00:00Z anna");
    assertThat(calendar.onCall(at("2026-03-09T12:59:59Z"))).containsExactly("anna");
    assertThat(calendar.onCall(at("2026-03-09T13:00:00Z"))).isEmpty();
    // 2036-03-03 is a Monday 522 weeks after the first, the next one is in between.
    assertThat(calendar.onCall(at("2036-03-05T12:00:00Z"))).containsExactly("anna");
    assertThat(calendar.onCall(at("2036-03-12T12:00:00Z"))).isEmpty();
  }

  @Test
  void exceptions_moved_turns_more_dates_and_ends_are_honoured() {
    OnCallCalendar calendar =
        read(
            event(
                "UID:1",
                "SUMMARY:anna",
                "DTSTART;TZID=Europe/Warsaw:20260105T090000",
                "DURATION:PT8H",
                "RRULE:FREQ=DAILY;UNTIL=20260109T080000Z",
                "EXDATE;TZID=Europe/Warsaw:20260106T090000",
                "RDATE;TZID=Europe/Warsaw:20260120T100000"),
            event(
                "UID:1",
                "SUMMARY:bo",
                "RECURRENCE-ID;TZID=Europe/Warsaw:20260107T090000",
                "DTSTART;TZID=Europe/Warsaw:20260107T120000",
                "DTEND;TZID=Europe/Warsaw:20260107T130000"));
    assertThat(turns(calendar, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"))
        .containsExactly(
            "2026-01-05T08:00:00Z/2026-01-05T16:00:00Z anna",
            "2026-01-07T11:00:00Z/2026-01-07T12:00:00Z bo",
            "2026-01-08T08:00:00Z/2026-01-08T16:00:00Z anna",
            "2026-01-09T08:00:00Z/2026-01-09T16:00:00Z anna",
            "2026-01-20T09:00:00Z/2026-01-20T17:00:00Z anna");
  }

  @Test
  void days_and_times_without_a_zone_follow_the_schedule() {
    OnCallCalendar calendar =
        read(
            event("UID:1", "SUMMARY:anna", "DTSTART;VALUE=DATE:20260329"),
            event("UID:2", "SUMMARY:bo", "DTSTART:20260401T090000", "DTEND:20260401T170000"));
    // The day of the change has 23 hours; afterwards Warsaw is at +02:00.
    assertThat(turns(calendar, "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"))
        .containsExactly(
            "2026-03-28T23:00:00Z/2026-03-29T22:00:00Z anna",
            "2026-04-01T07:00:00Z/2026-04-01T15:00:00Z bo");
  }

  @Test
  void a_zone_that_only_the_calendar_knows_is_taken_from_it() {
    // As Outlook writes it; the rules are those of the European Union.
    OnCallCalendar calendar =
        read(
            "BEGIN:VTIMEZONE",
            "TZID:Central European Standard Time",
            "BEGIN:STANDARD",
            "DTSTART:16010101T030000",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100",
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:16010101T020000",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200",
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
            event(
                "UID:1",
                "SUMMARY:anna",
                "DTSTART;TZID=Central European Standard Time:20260328T090000",
                "DTEND;TZID=Central European Standard Time:20260328T170000",
                "RRULE:FREQ=DAILY;COUNT=2"));
    assertThat(turns(calendar, "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"))
        .containsExactly(
            "2026-03-28T08:00:00Z/2026-03-28T16:00:00Z anna",
            "2026-03-29T07:00:00Z/2026-03-29T15:00:00Z anna");
  }

  @Test
  void a_start_in_the_gap_moves_on_and_of_two_the_earlier_counts() {
    OnCallCalendar calendar =
        read(
            event(
                "UID:1",
                "SUMMARY:anna",
                "DTSTART;TZID=Europe/Warsaw:20260328T023000",
                "DURATION:PT1H",
                "RRULE:FREQ=DAILY;COUNT=2"),
            event(
                "UID:2",
                "SUMMARY:bo",
                "DTSTART;TZID=Europe/Warsaw:20261025T023000",
                "DURATION:PT3H"));
    assertThat(turns(calendar, "2026-03-01T00:00:00Z", "2026-12-01T00:00:00Z"))
        .containsExactly(
            "2026-03-28T01:30:00Z/2026-03-28T02:30:00Z anna",
            // 02:30 is skipped and shown as 03:30.
            "2026-03-29T01:30:00Z/2026-03-29T02:30:00Z anna",
            "2026-10-25T00:30:00Z/2026-10-25T04:30:00Z bo");
  }

  @Test
  void what_is_cancelled_or_nobodys_is_left_out() {
    OnCallCalendar calendar =
        read(
            event("UID:1", "SUMMARY:anna", "DTSTART;VALUE=DATE:20260329", "STATUS:CANCELLED"),
            event("UID:2", "DTSTART;VALUE=DATE:20260329"),
            event("UID:3", "SUMMARY:bo", "DTSTART:20260329T100000Z"));
    assertThat(calendar.members()).isEmpty();
  }

  @Test
  void two_events_at_a_time_are_two_people_on_call_before_any_layer() {
    Schedule schedule =
        new Schedule(
            "primary",
            WARSAW,
            List.of(layer("2026-01-05T09:00", Duration.ofDays(7), "c")),
            List.of(),
            read(
                event(
                    "UID:1", "SUMMARY:anna", "DTSTART:20260110T100000Z", "DTEND:20260110T120000Z"),
                event(
                    "UID:2", "SUMMARY:bo", "DTSTART:20260110T110000Z", "DTEND:20260110T130000Z")));
    assertThat(listed(schedule.shifts(at("2026-01-10T09:00:00Z"), at("2026-01-10T14:00:00Z"))))
        .containsExactly(
            "2026-01-10T09:00:00Z c",
            "2026-01-10T10:00:00Z anna",
            "2026-01-10T11:00:00Z anna,bo",
            "2026-01-10T12:00:00Z bo",
            "2026-01-10T13:00:00Z c");
  }

  @Test
  void what_cannot_be_understood_is_named() {
    assertThatThrownBy(() -> ScheduleCalendar.read("hello", WARSAW))
        .hasMessageContaining("BEGIN:VCALENDAR");
    assertThatThrownBy(() -> read(event("UID:1", "SUMMARY:anna")))
        .hasMessageContaining("'anna' has no DTSTART");
    assertThatThrownBy(
            () ->
                read(
                    event(
                        "UID:1",
                        "SUMMARY:anna",
                        "DTSTART;TZID=Moon:20260101T000000",
                        "DURATION:PT1H")))
        .hasMessageContaining("'Moon' is not known");
  }
}
