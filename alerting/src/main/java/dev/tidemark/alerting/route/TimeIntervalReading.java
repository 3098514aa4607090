package dev.tidemark.alerting.route;

import dev.tidemark.alerting.route.TimeInterval.Range;
import dev.tidemark.alerting.route.TimeInterval.Span;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one time interval, written as Alertmanager's. */
final class TimeIntervalReading {
  static final Set<String> FIELDS = Set.of("timeIntervals");
  static final Set<String> SPAN =
      Set.of("times", "weekdays", "daysOfMonth", "months", "years", "location");
  static final Set<String> TIMES = Set.of("startTime", "endTime");
  private static final Pattern CLOCK = Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)|24:00");
  private static final List<String> WEEKDAYS =
      List.of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday");
  private static final List<String> MONTHS =
      List.of(
          "january",
          "february",
          "march",
          "april",
          "may",
          "june",
          "july",
          "august",
          "september",
          "october",
          "november",
          "december");

  private TimeIntervalReading() {}

  static TimeInterval read(String name, Fields fields) {
    fields.onlyKnown(FIELDS, Map.of());
    List<Span> spans = new ArrayList<>();
    for (Fields span : fields.children("timeIntervals")) {
      spans.add(span(span));
    }
    if (spans.isEmpty()) {
      fields.problem(
          "timeIntervals", "is missing; write timeIntervals: [{weekdays: ['monday:friday']}]");
    }
    return new TimeInterval(name, spans);
  }

  private static Span span(Fields fields) {
    fields.onlyKnown(SPAN, Map.of());
    List<Range> times = new ArrayList<>();
    for (Fields time : fields.children("times")) {
      times.add(time(time));
    }
    List<Range> weekdays =
        ranges(fields, "weekdays", text -> word(text, WEEKDAYS, 0), "monday or monday:friday");
    List<Range> days = ranges(fields, "daysOfMonth", TimeIntervalReading::day, "1:5 or -3:-1");
    List<Range> months =
        ranges(
            fields,
            "months",
            text -> {
              OptionalInt word = word(text, MONTHS, 1);
              return word.isPresent() ? word : whole(text, 1, 12);
            },
            "march, 3 or january:march");
    List<Range> years =
        ranges(fields, "years", text -> whole(text, 1970, 9999), "2026 or 2026:2028");
    return new Span(
        times, weekdays, days, months, years, Zones.read(fields, "location", ZoneId.of("UTC")));
  }

  private static Range time(Fields fields) {
    fields.onlyKnown(TIMES, Map.of());
    int start = minute(fields, "startTime");
    int end = minute(fields, "endTime");
    if (start >= 0 && end >= 0 && start >= end) {
      fields.problem(
          "endTime",
          "has to be after startTime; for a time past midnight write two, one until 24:00 and one"
              + " from 00:00");
    }
    return new Range(start, end - 1);
  }

  private static int minute(Fields fields, String field) {
    String text = fields.required(field, "'09:00'");
    Matcher clock = CLOCK.matcher(text);
    if (!clock.matches()) {
      if (!text.isEmpty()) {
        fields.problem(field, "'" + text + "' is no time of day; write 09:00, up to 24:00");
      }
      return -1;
    }
    return Integer.parseInt(text.substring(0, 2)) * 60 + Integer.parseInt(text.substring(3));
  }

  private static List<Range> ranges(
      Fields fields, String field, Function<String, OptionalInt> reading, String example) {
    List<Range> ranges = new ArrayList<>();
    for (String text : fields.texts(field)) {
      String[] ends = text.toLowerCase(Locale.ROOT).split(":", -1);
      OptionalInt first = reading.apply(ends[0].strip());
      OptionalInt last = ends.length > 1 ? reading.apply(ends[1].strip()) : first;
      if (ends.length > 2 || first.isEmpty() || last.isEmpty()) {
        fields.problem(field, "'" + text + "' is not understood; write " + example);
      } else if (backwards(first.getAsInt(), last.getAsInt())) {
        fields.problem(
            field,
            "'"
                + text
                + "' ends before it begins"
                + (field.equals("weekdays")
                    ? ": the week begins on Sunday; write two, such as friday:saturday and sunday"
                    : "; write the smaller one first, or two"));
      } else {
        ranges.add(new Range(first.getAsInt(), last.getAsInt()));
      }
    }
    return ranges;
  }

  /**
   * Days from the end are compared as in the shortest month. From the end to the begin of a month
   * never is a range, although -1 is less than 1.
   */
  private static boolean backwards(int first, int last) {
    if (first < 0 && last > 0) {
      return true;
    }
    return (first > 0 && last < 0) ? first > 28 + last + 1 : first > last;
  }

  private static OptionalInt day(String text) {
    OptionalInt day = whole(text, -31, 31);
    return day.isPresent() && day.getAsInt() == 0 ? OptionalInt.empty() : day;
  }

  private static OptionalInt word(String text, List<String> words, int first) {
    int place = words.indexOf(text);
    return place < 0 ? OptionalInt.empty() : OptionalInt.of(place + first);
  }

  private static OptionalInt whole(String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      return (number < least || number > most) ? OptionalInt.empty() : OptionalInt.of(number);
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
