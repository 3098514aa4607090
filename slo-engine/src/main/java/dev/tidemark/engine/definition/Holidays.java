package dev.tidemark.engine.definition;

import java.time.LocalDate;
import java.time.MonthDay;
import java.util.HashSet;
import java.util.Set;

/**
 * Days on which nothing is due, by the calendar of whoever declares them. Immutable.
 *
 * @param days single ones
 * @param yearly those that come back every year; 29 February does in leap years only
 */
public record Holidays(Set<LocalDate> days, Set<MonthDay> yearly) {
  /** None. */
  public static final Holidays NONE = new Holidays(Set.of(), Set.of());

  /** Copies the sets. */
  public Holidays {
    days = Set.copyOf(days);
    yearly = Set.copyOf(yearly);
  }

  /** Returns whether the day is one of them. */
  public boolean contains(LocalDate day) {
    return days.contains(day)
        || (!yearly.isEmpty()
            && yearly.contains(MonthDay.of(day.getMonthValue(), day.getDayOfMonth())));
  }

  /** Returns these and others. */
  public Holidays and(Holidays others) {
    Set<LocalDate> allDays = new HashSet<>(days);
    allDays.addAll(others.days);
    Set<MonthDay> allYearly = new HashSet<>(yearly);
    allYearly.addAll(others.yearly);
    return new Holidays(allDays, allYearly);
  }
}
