package dev.tidemark.engine.budget;

import dev.tidemark.engine.definition.BudgetWindow.Calendar;
import dev.tidemark.engine.model.EventCounts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.TemporalUnit;

/**
 * Sums of the current calendar unit and of the one before, in a time zone. A unit is as long as the
 * calendar says: a day of 23, 24 or 25 hours, a month of 28 to 31 days. A bucket belongs to the
 * unit in which it starts. Not thread-safe.
 */
public final class CalendarCounts {
  private final Calendar calendar;
  private long previousStart;
  private long start;
  private long end;
  private double good;
  private double total;
  private double previousGood;
  private double previousTotal;

  /** Begins with the unit that contains {@code at}. */
  public CalendarCounts(Calendar calendar, Instant at) {
    this.calendar = calendar;
    ZonedDateTime first = startOf(calendar, at);
    this.start = first.toInstant().toEpochMilli();
    this.end = next(calendar, first).toInstant().toEpochMilli();
    this.previousStart =
        startOf(calendar, Instant.ofEpochMilli(start - 1)).toInstant().toEpochMilli();
  }

  private CalendarCounts(CalendarCounts other) {
    calendar = other.calendar;
    previousStart = other.previousStart;
    start = other.start;
    end = other.end;
    good = other.good;
    total = other.total;
    previousGood = other.previousGood;
    previousTotal = other.previousTotal;
  }

  /** Returns an independent copy. */
  public CalendarCounts copy() {
    return new CalendarCounts(this);
  }

  /** Writes the counts; {@link #read} makes the same of it. */
  public void write(DataOutput out) throws IOException {
    out.writeLong(previousStart);
    out.writeLong(start);
    out.writeLong(end);
    out.writeDouble(good);
    out.writeDouble(total);
    out.writeDouble(previousGood);
    out.writeDouble(previousTotal);
  }

  /** Takes over counts of the same calendar that were written. */
  public void read(DataInput in) throws IOException {
    previousStart = in.readLong();
    start = in.readLong();
    end = in.readLong();
    good = in.readDouble();
    total = in.readDouble();
    previousGood = in.readDouble();
    previousTotal = in.readDouble();
  }

  /** First moment of the unit that contains {@code at}. Weeks begin on Monday (ISO 8601). */
  public static ZonedDateTime startOf(Calendar calendar, Instant at) {
    ZoneId zone = calendar.zone();
    if (calendar.anchor().isPresent()) {
      return anchored(calendar, calendar.anchor().get(), at);
    }
    java.time.LocalDate day = at.atZone(zone).toLocalDate();
    java.time.LocalDate first =
        switch (calendar.unit()) {
          case DAY -> day;
          case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          case MONTH -> day.withDayOfMonth(1);
          case QUARTER -> day.with(IsoFields.DAY_OF_QUARTER, 1);
          case YEAR -> day.withDayOfYear(1);
        };
    return first.atStartOfDay(zone);
  }

  /**
   * Windows are counted from the anchor, so that one of the 31st stays one of the 31st after a
   * shorter month.
   */
  private static ZonedDateTime anchored(Calendar calendar, LocalDateTime anchor, Instant at) {
    LocalDateTime local = at.atZone(calendar.zone()).toLocalDateTime();
    long windows = Math.floorDiv(unit(calendar).between(anchor, local), calendar.count());
    // A part of a unit before the anchor is none; and zones may repeat or leave out an hour.
    ZonedDateTime first = begin(calendar, anchor, windows + 1);
    for (long back = windows; first.toInstant().isAfter(at); back--) {
      first = begin(calendar, anchor, back);
    }
    return first;
  }

  private static TemporalUnit unit(Calendar calendar) {
    return switch (calendar.unit()) {
      case DAY -> ChronoUnit.DAYS;
      case WEEK -> ChronoUnit.WEEKS;
      case MONTH -> ChronoUnit.MONTHS;
      case QUARTER -> IsoFields.QUARTER_YEARS;
      case YEAR -> ChronoUnit.YEARS;
    };
  }

  private static ZonedDateTime begin(Calendar calendar, LocalDateTime anchor, long windows) {
    return anchor.plus(windows * calendar.count(), unit(calendar)).atZone(calendar.zone());
  }

  private static ZonedDateTime next(Calendar calendar, ZonedDateTime first) {
    if (calendar.anchor().isPresent()) {
      LocalDateTime anchor = calendar.anchor().get();
      long windows =
          Math.floorDiv(unit(calendar).between(anchor, first.toLocalDateTime()), calendar.count());
      ZonedDateTime next = begin(calendar, anchor, windows);
      for (long on = windows + 1; !next.toInstant().isAfter(first.toInstant()); on++) {
        next = begin(calendar, anchor, on);
      }
      return next;
    }
    java.time.LocalDate day = first.toLocalDate();
    java.time.LocalDate after =
        switch (calendar.unit()) {
          case DAY -> day.plusDays(1);
          case WEEK -> day.plusWeeks(1);
          case MONTH -> day.plusMonths(1);
          case QUARTER -> day.plus(1, IsoFields.QUARTER_YEARS);
          case YEAR -> day.plus(1, ChronoUnit.YEARS);
        };
    return after.atStartOfDay(calendar.zone());
  }

  /** Adds the difference that a bucket made; older than the unit before does not count. */
  public void add(long startMillis, double goodDelta, double totalDelta) {
    if (startMillis >= end) {
      advanceTo(startMillis + 1);
    }
    if (startMillis >= start) {
      good += goodDelta;
      total += totalDelta;
    } else if (startMillis >= previousStart) {
      previousGood += goodDelta;
      previousTotal += totalDelta;
    }
  }

  /** Goes on to the unit in which the last moment before {@code endMillis} lies; never back. */
  public void advanceTo(long endMillis) {
    while (endMillis > end) {
      ZonedDateTime first = Instant.ofEpochMilli(end).atZone(calendar.zone());
      previousStart = start;
      previousGood = good;
      previousTotal = total;
      start = end;
      end = next(calendar, first).toInstant().toEpochMilli();
      good = 0;
      total = 0;
    }
  }

  /** The calendar unit that is counted. */
  public Calendar calendar() {
    return calendar;
  }

  /** First moment of the current unit. */
  public Instant start() {
    return Instant.ofEpochMilli(start);
  }

  /** First moment of the next unit. */
  public Instant end() {
    return Instant.ofEpochMilli(end);
  }

  /** True length of the current unit. */
  public Duration length() {
    return Duration.ofMillis(end - start);
  }

  /** Counts of the current unit so far. */
  public EventCounts current() {
    return new EventCounts(good, total);
  }

  /** Counts of the unit before, as they stand. */
  public EventCounts previous() {
    return new EventCounts(previousGood, previousTotal);
  }
}
