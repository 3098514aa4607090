package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kind: Calendar}, and deadlines that name one. */
class CalendarDefinitionsTest {
  private static final SourceFile POLISH =
      new SourceFile(
          "defs/calendars.yaml",
          """
          apiVersion: tidemark/v1
          kind: Calendar
          metadata: {name: polish-business-days}
          spec:
            timeZone: Europe/Warsaw
            on: business-days
            holidays: [2026-04-06, 05-01, 2026-12-24..2027-01-01]
          """);

  private static SourceFile sales(String arrival) {
    return new SourceFile(
        "defs/sales.yaml",
        """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: sales}
        spec:
          objectives:
            - arrival: {%s, target: 99%%, window: 30d}
        """
            .formatted(arrival));
  }

  private static ParseResult parse(SourceFile... files) {
    return DefinitionParser.parse(List.of(files));
  }

  private static List<String> problems(ParseResult result) {
    return result.problems().stream().map(Problem::toString).toList();
  }

  private static Sli.Arrival arrival(ParseResult result) {
    assertThat(problems(result)).isEmpty();
    return (Sli.Arrival) result.definitions().objectives().get(0).sli();
  }

  private static Instant deadlineBefore(ArrivalCalendar calendar, String moment) {
    return calendar.at(Instant.parse(moment)).from();
  }

  @Test
  void a_deadline_takes_days_holidays_and_zone_of_its_calendar_in_any_order_of_files() {
    SourceFile sales = sales("dueBy: \"06:00\", calendar: polish-business-days");
    assertThat(arrival(parse(sales, POLISH))).isEqualTo(arrival(parse(POLISH, sales)));

    ArrivalCalendar calendar = arrival(parse(sales, POLISH)).calendar();
    assertThat(calendar.zone()).isEqualTo(ZoneId.of("Europe/Warsaw"));
    assertThat(calendar.days()).isEqualTo(ActiveHours.BUSINESS_DAYS);
    // Easter Monday; 1 May of any year; all of Christmas to New Year (Friday), then the weekend.
    assertThat(deadlineBefore(calendar, "2026-04-06T12:00:00Z")).isEqualTo("2026-04-03T04:00:00Z");
    assertThat(deadlineBefore(calendar, "2026-05-01T12:00:00Z")).isEqualTo("2026-04-30T04:00:00Z");
    assertThat(deadlineBefore(calendar, "2029-05-01T12:00:00Z")).isEqualTo("2029-04-30T04:00:00Z");
    assertThat(deadlineBefore(calendar, "2027-01-03T12:00:00Z")).isEqualTo("2026-12-23T05:00:00Z");
    assertThat(deadlineBefore(calendar, "2027-01-04T12:00:00Z")).isEqualTo("2027-01-04T05:00:00Z");
  }

  @Test
  void what_the_deadline_says_itself_goes_before_its_calendar_and_holidays_add_up() {
    ArrivalCalendar calendar =
        arrival(
                parse(
                    POLISH,
                    sales(
                        "dueBy: \"06:00\", calendar: polish-business-days, timeZone: Africa/Lagos,"
                            + " on: every-day, holidays: [2026-04-05]")))
            .calendar();

    assertThat(calendar.zone()).isEqualTo(ZoneId.of("Africa/Lagos"));
    assertThat(calendar.days()).containsExactlyInAnyOrder(DayOfWeek.values());
    // Sunday by the deadline, Monday by the calendar.
    assertThat(deadlineBefore(calendar, "2026-04-06T12:00:00Z")).isEqualTo("2026-04-04T05:00:00Z");
  }

  @Test
  void members_of_a_roster_have_deadlines_of_their_own_and_take_the_rest_from_the_objective() {
    Sli.Arrival arrival =
        arrival(
            parse(
                POLISH,
                new SourceFile(
                    "us.yaml",
                    """
                    apiVersion: tidemark/v1
                    kind: Calendar
                    metadata: {name: us}
                    spec: {timeZone: America/New_York, on: business-days, holidays: [07-04]}
                    """),
                sales(
                    """
                    dueBy: "06:00", calendar: polish-business-days, slack: 2h,
                          roster: {attribute: partition, members: [pl, {name: de, dueBy: "07:30"},
                            {name: us, dueBy: "09:00", calendar: us}]}""")));

    assertThat(arrival.ofMembers()).containsOnlyKeys("de", "us");
    assertThat(arrival.calendarOf("pl")).isEqualTo(arrival.calendar());
    ArrivalCalendar german = arrival.calendarOf("de");
    assertThat(german)
        .isEqualTo(
            new ArrivalCalendar(
                LocalTime.of(7, 30),
                ZoneId.of("Europe/Warsaw"),
                arrival.calendar().days(),
                arrival.calendar().holidays(),
                arrival.calendar().slack()));
    // Easter Monday is a working day there; 09:00 in New York in summer is 13:00 UTC.
    assertThat(deadlineBefore(arrival.calendarOf("us"), "2026-04-06T14:00:00Z"))
        .isEqualTo("2026-04-06T13:00:00Z");
    assertThat(arrival.calendarOf("us").slack()).isEqualTo(arrival.calendar().slack());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "dueBy: \"06:00\", calendar: polish-busines-days | defs/sales.yaml:6:43: there is no"
            + " Calendar 'polish-busines-days'; did you mean 'polish-business-days'?",
        "dueBy: \"06:00\", holidays: [2026-02-30] | '2026-02-30' is no day",
        "dueBy: \"06:00\", holidays: [2026-02-02..2026-02-01] | ends before it begins",
        "dueBy: \"06:00\", holidays: [2026-02-02..2028-02-01] | longer than a year",
        "dueBy: \"06:00\", roster: {attribute: p, members: [{name: eu, dueBy: soon}]} | 'soon' is no"
            + " time of day",
        "dueBy: \"06:00\", roster: {attribute: p, members: [{name: eu, duBy: \"07:00\"}]} | did you"
            + " mean 'dueBy'?",
        "dueBy: \"06:00\", roster: {attribute: p, members: [{dueBy: \"07:00\"}]} | needs 'name'",
        "dueBy: \"06:00\", roster: {attribute: p, members: [eu, eu]} | 'eu' stands here twice",
        "dueBy: \"06:00\", roster: {attribute: p, members: [{name: eu, calendar: german}]} | there is"
            + " no Calendar 'german'; known are polish-business-days",
      })
  void what_is_wrong_is_told_once_with_its_place_and_the_way_out(String arrival, String message) {
    ParseResult result = parse(POLISH, sales(arrival));

    assertThat(problems(result)).singleElement().asString().contains(message);
    assertThat(result.definitions().objectives()).isEmpty();
  }

  @Test
  void only_arrivals_have_members_with_settings() {
    ParseResult result =
        parse(
            new SourceFile(
                "d.yaml",
                """
                apiVersion: tidemark/v1
                kind: Dataset
                metadata: {name: sales}
                spec:
                  objectives:
                    - freshness: {within: 5m, roster: {attribute: p, members: [{name: eu}]}}
                """));

    assertThat(problems(result)).first().asString().contains("only those of arrival have settings");
  }

  @Test
  void a_calendar_with_errors_is_named_where_it_is_used() {
    ParseResult result =
        parse(
            sales("dueBy: \"06:00\", calendar: broken"),
            new SourceFile(
                "defs/broken.yaml",
                """
                apiVersion: tidemark/v1
                kind: Calendar
                metadata: {name: broken}
                spec: {timeZone: Europe/Warsw, on: workdays, holydays: [2026-01-01]}
                """));

    assertThat(problems(result))
        .anyMatch(
            line -> line.contains("the Calendar 'broken' at defs/broken.yaml:3:11 has errors"))
        .anyMatch(line -> line.contains("'Europe/Warsw' is no time zone"))
        .anyMatch(line -> line.contains("'workdays' is no day"))
        .anyMatch(line -> line.contains("did you mean 'holidays'?"))
        .hasSize(4);
  }

  @Test
  void calendars_that_leave_no_deadline_are_refused() {
    assertThat(
            problems(
                parse(
                    sales(
                        "dueBy: \"06:00\", holidays: [2026-01-01..2026-12-31,"
                            + " 2027-01-01..2027-12-31]"))))
        .singleElement()
        .asString()
        .contains("there is no deadline within 400 days of 2026-01-01");
  }

  // ---- iCalendar -----------------------------------------------------------------------------

  /** Whole days, one of several days, one of every year, one that is cancelled, an hour. */
  private static final String HOLIDAYS =
      Stream.of(
              "BEGIN:VCALENDAR",
              "VERSION:2.0",
              "PRODID:-//Example//Holidays//EN",
              event("1", "Good Friday", "DTSTART;VALUE=DATE:20260403"),
              event("2", "Christmas", "DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"),
              event("3", "Constitution Day", "DTSTART;VALUE=DATE:20200503", "RRULE:FREQ=YEARLY"),
              event("4", "Off", "DTSTART;VALUE=DATE:20260407", "STATUS:CANCELLED"),
              event("5", "Party", "DTSTART:20260408T120000Z", "DTEND:20260408T130000Z"),
              "END:VCALENDAR")
          .reduce("", (text, line) -> text + line + "\r\n");

  private static String event(String uid, String summary, String... lines) {
    return "BEGIN:VEVENT\r\nUID:"
        + uid
        + "\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:"
        + summary
        + "\r\n"
        + String.join("\r\n", lines)
        + "\r\nEND:VEVENT";
  }

  private static SourceFile imported(String file) {
    return new SourceFile(
        "defs/calendars.yaml",
        """
        apiVersion: tidemark/v1
        kind: Calendar
        metadata: {name: public}
        spec: {timeZone: Europe/Warsaw, ical: {file: %s}}
        """
            .formatted(file));
  }

  @Test
  void holidays_are_the_whole_days_of_an_icalendar_file() {
    ParseResult result =
        parse(
            new SourceFile("defs/sub/pl.ics", HOLIDAYS),
            imported("./sub/pl.ics"),
            sales("dueBy: \"06:00\", calendar: public"));

    assertThat(problems(result))
        .singleElement()
        .asString()
        .contains("defs/calendars.yaml:4:")
        .contains("1 event(s) of ./sub/pl.ics last parts of days and are left out");
    ArrivalCalendar calendar =
        ((Sli.Arrival) result.definitions().objectives().get(0).sli()).calendar();
    Map.of(
            "2026-04-03T12:00:00Z", "2026-04-02T04:00:00Z",
            "2026-12-26T12:00:00Z", "2026-12-23T05:00:00Z",
            "2026-12-27T12:00:00Z", "2026-12-27T05:00:00Z",
            "2031-05-03T12:00:00Z", "2031-05-02T04:00:00Z",
            "2026-04-07T12:00:00Z", "2026-04-07T04:00:00Z",
            "2026-04-08T12:00:00Z", "2026-04-08T04:00:00Z")
        .forEach(
            (moment, deadline) ->
                assertThat(deadlineBefore(calendar, moment)).as(moment).isEqualTo(deadline));
  }

  @Test
  void a_file_that_is_not_there_or_no_calendar_is_told_with_its_place() {
    assertThat(
            problems(parse(new SourceFile("defs/holidays.ics", HOLIDAYS), imported("holiday.ics"))))
        .singleElement()
        .asString()
        .startsWith("defs/calendars.yaml:4:")
        .contains("there is no file 'holiday.ics'")
        .endsWith("did you mean 'holidays.ics'?");
    assertThat(
            problems(parse(new SourceFile("defs/holidays.ics", "hello"), imported("holidays.ics"))))
        .singleElement()
        .asString()
        .contains("holidays.ics: there is no calendar in it");
  }
}
