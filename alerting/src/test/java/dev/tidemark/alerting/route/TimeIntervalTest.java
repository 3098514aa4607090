package dev.tidemark.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Alertmanager's documentation of {@code time_interval} says: ranges include both ends, except
 * that of times, whose end is left out; days of the month below zero count from the end; UTC unless
 * said otherwise. Days of the week are looked up in a calendar.
 */
class TimeIntervalTest {
  private final List<String> problems = new ArrayList<>();

  private TimeInterval read(Map<String, Object> span) {
    return TimeIntervalReading.read(
        "i",
        new Fields(
            Map.of("time_intervals", List.of(span)),
            new Places("a.yaml:1:1", Map.of()),
            "spec",
            problems));
  }

  private void holds(Map<String, Object> span, String at, boolean expected) {
    TimeInterval interval = read(span);
    assertThat(problems).isEmpty();
    assertThat(interval.contains(Instant.parse(at))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // 2026-01-05 is a Monday. Warsaw is at +01:00 until 29 March, then at +02:00.
    "2026-01-05T07:59:59Z, false",
    "2026-01-05T08:00:00Z, true",
    "2026-01-05T15:59:59Z, true",
    "2026-01-05T16:00:00Z, false",
    "2026-01-09T12:00:00Z, true",
    "2026-01-10T12:00:00Z, false",
    "2026-01-11T12:00:00Z, false",
    "2026-03-27T07:30:00Z, false",
    "2026-03-30T07:00:00Z, true",
    "2026-03-30T15:00:00Z, false",
    "2026-10-23T07:00:00Z, true",
    "2026-10-26T07:00:00Z, false",
  })
  void office_hours_follow_the_wall_clock_through_the_change_of_clocks(String at, boolean in) {
    holds(
        Map.of(
            "times", List.of(Map.of("start_time", "09:00", "end_time", "17:00")),
            "weekdays", List.of("Monday:Friday"),
            "location", "Europe/Warsaw"),
        at,
        in);
  }

  @ParameterizedTest
  @CsvSource({
    // The last three days of months with 28, 29 (2028), 30 and 31 days.
    "2026-02-25T23:59:59Z, false",
    "2026-02-26T00:00:00Z, true",
    "2026-02-28T23:59:59Z, true",
    "2028-02-26T12:00:00Z, false",
    "2028-02-27T12:00:00Z, true",
    "2026-04-27T12:00:00Z, false",
    "2026-04-28T12:00:00Z, true",
    "2026-05-28T12:00:00Z, false",
    "2026-05-31T12:00:00Z, true",
    "2026-06-01T00:00:00Z, false",
  })
  void negative_days_count_from_the_end_of_the_month(String at, boolean in) {
    holds(Map.of("days_of_month", List.of("-3:-1")), at, in);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-04-30T12:00:00Z, false",
    "2026-05-29T12:00:00Z, false",
    "2026-05-30T12:00:00Z, true",
    "2026-05-31T12:00:00Z, true",
    "2026-02-28T12:00:00Z, false",
  })
  void a_range_that_begins_after_the_end_of_a_month_is_none_in_it(String at, boolean in) {
    Map<String, Object> span =
        at.startsWith("2026-04")
            ? Map.of("days_of_month", List.of("31:31"))
            : Map.of("days_of_month", List.of("30:31"));
    holds(span, at, in);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-31T23:59:59Z, true",
    "2026-04-01T00:00:00Z, false",
    "2026-12-24T12:00:00Z, true",
    "2028-01-01T12:00:00Z, false",
    "2027-01-01T12:00:00Z, true",
  })
  void months_and_years_are_ranges_too(String at, boolean in) {
    holds(Map.of("months", List.of("January:march", 12), "years", List.of("2026:2027")), at, in);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-28T23:30:00Z, true",
    "2026-03-29T00:59:59Z, true",
    // 02:00 to 03:00 is skipped: 01:59:59 is followed by 03:00.
    "2026-03-29T01:00:00Z, false",
    // 02:00 to 03:00 is there twice, at +02:00 and at +01:00.
    "2026-10-25T00:30:00Z, true",
    "2026-10-25T01:30:00Z, true",
    "2026-10-25T02:00:00Z, false",
  })
  void an_hour_that_is_there_twice_counts_twice_and_one_that_is_skipped_never(
      String at, boolean in) {
    holds(
        Map.of(
            "times",
            List.of(Map.of("start_time", "00:00", "end_time", "03:00")),
            "location",
            "Europe/Warsaw"),
        at,
        in);
  }

  @Test
  void one_of_several_spans_is_enough_and_all_of_a_span_has_to_hold() {
    TimeInterval interval =
        TimeIntervalReading.read(
            "i",
            new Fields(
                Map.of(
                    "timeIntervals",
                    List.of(
                        Map.of("weekdays", List.of("saturday", "sunday")),
                        Map.of("daysOfMonth", List.of(1), "months", List.of("may")))),
                new Places("a.yaml:1:1", Map.of()),
                "spec",
                problems));
    assertThat(problems).isEmpty();
    assertThat(interval.contains(Instant.parse("2026-01-10T12:00:00Z"))).isTrue();
    assertThat(interval.contains(Instant.parse("2026-01-11T12:00:00Z"))).isTrue();
    assertThat(interval.contains(Instant.parse("2026-05-01T12:00:00Z"))).isTrue();
    assertThat(interval.contains(Instant.parse("2026-04-01T12:00:00Z"))).isFalse();
    assertThat(interval.contains(Instant.parse("2026-05-04T12:00:00Z"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weekdays=mondy",
        "weekdays=saturday:sunday",
        "daysOfMonth=0",
        "daysOfMonth=32",
        "daysOfMonth=-1:1",
        "daysOfMonth=31:-1",
        "months=december:january",
        "months=13",
        "years=2027:2026",
        "location=Europe/Warszawa",
        "colour=red"
      })
  void what_cannot_be_is_named(String text) {
    String[] parts = text.split("=", 2);
    TimeInterval unused =
        read(Map.of(parts[0], parts[0].equals("location") ? parts[1] : List.of(parts[1])));
    assertThat(problems)
        .hasSize(1)
        .allSatisfy(
            problem ->
                assertThat(problem).startsWith("a.yaml:1:1: spec.timeIntervals[0]." + parts[0]));
  }

  @Test
  void a_time_past_midnight_is_written_as_two() {
    TimeInterval unused =
        read(Map.of("times", List.of(Map.of("startTime", "22:00", "endTime", "06:00"))));
    assertThat(problems).singleElement().asString().contains("one until 24:00 and one from 00:00");
  }
}
