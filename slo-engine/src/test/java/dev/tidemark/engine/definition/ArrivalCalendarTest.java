package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Deadlines, worked out by hand. In 2026 the clocks of Warsaw go from 02:00 to 03:00 on 29 March
 * and from 03:00 to 02:00 on 25 October, both at 01:00 UTC (Directive 2000/84/EC: the last Sundays
 * of March and October); before and after it is an hour ahead of UTC, between them two.
 */
class ArrivalCalendarTest {
  private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
  private static final Set<DayOfWeek> EVERY_DAY = Set.of(DayOfWeek.values());

  private static ArrivalCalendar calendar(String dueBy, Set<DayOfWeek> days, Holidays holidays) {
    return new ArrivalCalendar(LocalTime.parse(dueBy), WARSAW, days, holidays, Duration.ofHours(1));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @CsvSource({
    // due by, on the day, is at; until the next deadline; midnight of the day less an hour
    "06:00, 2026-03-28, 2026-03-28T05:00Z, 2026-03-29T04:00Z, 2026-03-27T22:00Z",
    "06:00, 2026-03-29, 2026-03-29T04:00Z, 2026-03-30T04:00Z, 2026-03-28T22:00Z",
    "06:00, 2026-03-30, 2026-03-30T04:00Z, 2026-03-31T04:00Z, 2026-03-29T21:00Z",
    // 02:30 does not exist on 29 March: it lies as much later, at 03:30.
    "02:30, 2026-03-28, 2026-03-28T01:30Z, 2026-03-29T01:30Z, 2026-03-27T22:00Z",
    "02:30, 2026-03-29, 2026-03-29T01:30Z, 2026-03-30T00:30Z, 2026-03-28T22:00Z",
    "01:59, 2026-03-29, 2026-03-29T00:59Z, 2026-03-29T23:59Z, 2026-03-28T22:00Z",
    "02:00, 2026-03-29, 2026-03-29T01:00Z, 2026-03-30T00:00Z, 2026-03-28T22:00Z",
    "03:00, 2026-03-29, 2026-03-29T01:00Z, 2026-03-30T01:00Z, 2026-03-28T22:00Z",
    "06:00, 2026-10-24, 2026-10-24T04:00Z, 2026-10-25T05:00Z, 2026-10-23T21:00Z",
    "06:00, 2026-10-25, 2026-10-25T05:00Z, 2026-10-26T05:00Z, 2026-10-24T21:00Z",
    "06:00, 2026-10-26, 2026-10-26T05:00Z, 2026-10-27T05:00Z, 2026-10-25T22:00Z",
    // 02:30 comes twice on 25 October: the first one counts.
    "02:30, 2026-10-25, 2026-10-25T00:30Z, 2026-10-26T01:30Z, 2026-10-24T21:00Z",
    "02:00, 2026-10-25, 2026-10-25T00:00Z, 2026-10-26T01:00Z, 2026-10-24T21:00Z",
    "03:00, 2026-10-25, 2026-10-25T02:00Z, 2026-10-26T02:00Z, 2026-10-24T21:00Z",
    // Midnight itself, of the short and of the long day.
    "00:00, 2026-03-29, 2026-03-28T23:00Z, 2026-03-29T22:00Z, 2026-03-28T22:00Z",
    "00:00, 2026-10-25, 2026-10-24T22:00Z, 2026-10-25T23:00Z, 2026-10-24T21:00Z",
  })
  void deadlines_follow_the_wall_clock_through_the_changes_of_daylight_saving_time(
      String dueBy, String day, String from, String until, String watermark) {
    ArrivalCalendar.Due due =
        new ArrivalCalendar.Due(instant(from), instant(until), instant(watermark));
    ArrivalCalendar calendar = calendar(dueBy, EVERY_DAY, Holidays.NONE);

    assertThat(due.from().atZone(WARSAW).toLocalDate()).isEqualTo(LocalDate.parse(day));
    assertThat(calendar.at(due.from())).isEqualTo(due);
    assertThat(calendar.at(due.until().minusMillis(1))).isEqualTo(due);
    assertThat(calendar.at(due.from().minusMillis(1)).until()).isEqualTo(due.from());
    assertThat(calendar.at(due.until()).from()).isEqualTo(due.until());
  }

  private static Instant instant(String withoutSeconds) {
    return Instant.parse(withoutSeconds.replace("Z", ":00Z"));
  }

  /** Good Friday to Easter Monday of 2026 are 3 to 6 April. */
  @Test
  void over_a_weekend_and_holidays_nothing_is_due() {
    ArrivalCalendar calendar =
        calendar(
            "06:00",
            ActiveHours.BUSINESS_DAYS,
            new Holidays(
                Set.of(LocalDate.parse("2026-04-03"), LocalDate.parse("2026-04-06")), Set.of()));

    assertThat(calendar.at(instant("2026-04-05T12:00Z")))
        .isEqualTo(
            new ArrivalCalendar.Due(
                instant("2026-04-02T04:00Z"),
                instant("2026-04-07T04:00Z"),
                instant("2026-04-01T21:00Z")));
  }

  @Test
  void the_29th_of_february_is_a_day_of_leap_years_only() {
    ArrivalCalendar everyDay = calendar("06:00", EVERY_DAY, Holidays.NONE);
    assertThat(everyDay.at(instant("2028-02-29T12:00Z")).from())
        .isEqualTo(instant("2028-02-29T05:00Z"));
    assertThat(everyDay.at(instant("2028-02-29T12:00Z")).until())
        .isEqualTo(instant("2028-03-01T05:00Z"));
    assertThat(everyDay.at(instant("2027-02-28T12:00Z")).until())
        .isEqualTo(instant("2027-03-01T05:00Z"));

    ArrivalCalendar withoutIt =
        calendar("06:00", EVERY_DAY, new Holidays(Set.of(), Set.of(MonthDay.of(2, 29))));
    assertThat(withoutIt.at(instant("2028-02-29T12:00Z")).from())
        .isEqualTo(instant("2028-02-28T05:00Z"));
    assertThat(withoutIt.at(instant("2028-02-29T12:00Z")).until())
        .isEqualTo(instant("2028-03-01T05:00Z"));
    assertThat(withoutIt.at(instant("2027-02-28T12:00Z")).until())
        .isEqualTo(instant("2027-03-01T05:00Z"));
  }

  @Test
  void a_calendar_without_a_deadline_for_more_than_a_year_is_refused() {
    Set<LocalDate> years =
        LocalDate.parse("2026-01-01")
            .datesUntil(LocalDate.parse("2027-06-01"))
            .collect(Collectors.toSet());

    assertThatThrownBy(() -> calendar("06:00", EVERY_DAY, new Holidays(years, Set.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no deadline within 400 days of 2026-01-01");
    assertThatThrownBy(() -> calendar("06:00", Set.of(), Holidays.NONE))
        .hasMessageContaining("at least one day");
  }
}
