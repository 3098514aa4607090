package dev.tidemark.alerting.route;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a layer begins and hands over.
 *
 * @param start from when on
 * @param anchor the last hand-over at or before it
 * @param every from one hand-over to the next by the wall clock
 */
record Turns(LocalDateTime start, LocalDateTime anchor, Duration every) {
  /** In words, short, and as the weeks of ISO 8601, which Java's durations do not know. */
  private static final Pattern COUNTED =
      Pattern.compile("p?(\\d{1,3})\\s*(d|w|h|days?|weeks?|hours?)");

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);

  static @Nullable Turns read(Fields layer, ZoneId zone) {
    Fields handOver = layer.child("handOver");
    if (handOver == null) {
      layer.problem(
          "handOver", "is missing; write handOver: {every: week, on: monday, at: '09:00'}");
      return null;
    }
    handOver.onlyKnown(ScheduleReading.HAND_OVER, Map.of());
    Duration every = every(handOver);
    LocalTime at = handOver.has("at") ? Clock.time(handOver, "at", LocalTime.MIDNIGHT) : null;
    DayOfWeek on = null;
    String onText = handOver.text("on");
    if (onText != null) {
      on = Clock.day(onText);
      if (on == null) {
        handOver.problem("on", "'" + onText + "' is no day of the week; write monday");
      } else if (every != null && every.toSeconds() % WEEK.toSeconds() != 0) {
        handOver.problem(
            "on", "only whole weeks hand over on a day; write every: week, or drop it");
      }
    }
    LocalDateTime start = start(layer, at, zone);
    return every == null || start == null
        ? null
        : new Turns(start, anchor(start, at, on, every), every);
  }

  /** A date alone is the hand-over's time on that day. */
  private static @Nullable LocalDateTime start(Fields layer, @Nullable LocalTime at, ZoneId zone) {
    String text = layer.text("start");
    if (text != null) {
      try {
        return LocalDate.parse(text).atTime(at == null ? LocalTime.MIDNIGHT : at);
      } catch (DateTimeException e) {
        // It may be a date with a time.
      }
    }
    return Clock.wall(layer, "start", zone);
  }

  private static LocalDateTime anchor(
      LocalDateTime start, @Nullable LocalTime at, @Nullable DayOfWeek on, Duration every) {
    LocalDateTime anchor = start.toLocalDate().atTime(at == null ? start.toLocalTime() : at);
    Duration back = DAY;
    if (on != null) {
      anchor = anchor.with(TemporalAdjusters.previousOrSame(on));
      back = WEEK;
    } else if (every.compareTo(DAY) < 0) {
      back = every;
    }
    while (anchor.isAfter(start)) {
      anchor = anchor.minus(back);
    }
    return anchor;
  }

  private static @Nullable Duration every(Fields handOver) {
    String text = handOver.required("every", "week").strip().toLowerCase(Locale.ROOT);
    Duration every =
        switch (text) {
          case "" -> null;
          case "day", "daily" -> DAY;
          case "week", "weekly" -> WEEK;
          default -> counted(text);
        };
    if (every != null
        && every.compareTo(Duration.ofHours(1)) >= 0
        && every.compareTo(Duration.ofDays(366)) <= 0) {
      return every;
    }
    if (!text.isEmpty()) {
      handOver.problem(
          "every",
          "'"
              + text
              + "' is no length of a turn; write day, week, 3 days, 2 weeks or PT12H, an hour at"
              + " least and a year at most");
    }
    return null;
  }

  private static @Nullable Duration counted(String text) {
    Matcher counted = COUNTED.matcher(text);
    if (counted.matches()) {
      int count = Integer.parseInt(Objects.requireNonNull(counted.group(1)));
      return switch (Objects.requireNonNull(counted.group(2)).charAt(0)) {
        case 'd' -> DAY.multipliedBy(count);
        case 'w' -> WEEK.multipliedBy(count);
        default -> Duration.ofHours(count);
      };
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
