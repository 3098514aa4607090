package dev.tidemark.alerting.route;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * Times that recur by the calendar, as Alertmanager's {@code time_intervals}. Immutable.
 *
 * @param name as routes name it
 * @param spans it is the time of any of them
 */
public record TimeInterval(String name, List<Span> spans) {
  public TimeInterval {
    spans = List.copyOf(spans);
  }

  /** Whether a moment lies in it. */
  public boolean contains(Instant at) {
    return spans.stream().anyMatch(span -> span.contains(at));
  }

  /**
   * From one number to another, both included.
   *
   * @param first such as 1
   * @param last such as 5
   */
  public record Range(int first, int last) {
    boolean contains(int number) {
      return number >= first && number <= last;
    }
  }

  /**
   * Times for which all of these hold; an empty list always does.
   *
   * @param times minutes of the day, from 0 to 1439
   * @param weekdays 0 is Sunday, 6 is Saturday
   * @param daysOfMonth from 1; below zero counted from the end, -1 is the last day. A range that
   *     begins after the end of a month is none in that month
   * @param months from 1 to 12
   * @param years such as 2026
   * @param zone whose calendar and wall clock count
   */
  public record Span(
      List<Range> times,
      List<Range> weekdays,
      List<Range> daysOfMonth,
      List<Range> months,
      List<Range> years,
      ZoneId zone) {
    public Span {
      times = List.copyOf(times);
      weekdays = List.copyOf(weekdays);
      daysOfMonth = List.copyOf(daysOfMonth);
      months = List.copyOf(months);
      years = List.copyOf(years);
    }

    boolean contains(Instant at) {
      ZonedDateTime wall = at.atZone(zone);
      return any(times, wall.getHour() * 60 + wall.getMinute())
          && any(weekdays, wall.getDayOfWeek().getValue() % 7)
          && any(months, wall.getMonthValue())
          && any(years, wall.getYear())
          && onDayOfMonth(wall);
    }

    private static boolean any(List<Range> ranges, int number) {
      return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.contains(number));
    }

    private boolean onDayOfMonth(ZonedDateTime wall) {
      int days = YearMonth.from(wall).lengthOfMonth();
      int day = wall.getDayOfMonth();
      return daysOfMonth.isEmpty()
          || daysOfMonth.stream()
              .anyMatch(
                  range ->
                      day >= fromEnd(range.first(), days) && day <= fromEnd(range.last(), days));
    }

    private static int fromEnd(int day, int days) {
      return day < 0 ? days + day + 1 : day;
    }
  }
}
