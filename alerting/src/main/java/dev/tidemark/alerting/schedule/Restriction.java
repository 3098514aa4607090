package dev.tidemark.alerting.schedule;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Set;

/**
 * Hours of the week to which a layer keeps. Immutable.
 *
 * @param days on which these hours begin
 * @param from wall clock
 * @param to wall clock; when it is not after {@code from}, that of the next day, so that 00:00 to
 *     00:00 is the whole day
 */
public record Restriction(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
  /** Copies the set. */
  public Restriction {
    days = Set.copyOf(days);
  }

  boolean contains(Instant at, ZoneId zone) {
    LocalDate today = LocalDate.ofInstant(at, zone);
    return holds(today.minusDays(1), at, zone) || holds(today, at, zone);
  }

  private boolean holds(LocalDate day, Instant at, ZoneId zone) {
    return days.contains(day.getDayOfWeek())
        && !at.isBefore(begin(day, zone))
        && at.isBefore(end(day, zone));
  }

  /** Adds the moments between the two at which it begins or ends. */
  void addChanges(Instant after, Instant before, ZoneId zone, Collection<Instant> changes) {
    LocalDate last = LocalDate.ofInstant(before, zone);
    for (LocalDate day = LocalDate.ofInstant(after, zone).minusDays(1);
        !day.isAfter(last);
        day = day.plusDays(1)) {
      if (days.contains(day.getDayOfWeek())) {
        changes.add(begin(day, zone));
        changes.add(end(day, zone));
      }
    }
  }

  private Instant begin(LocalDate day, ZoneId zone) {
    return LocalTimes.moment(LocalDateTime.of(day, from), zone);
  }

  private Instant end(LocalDate day, ZoneId zone) {
    return LocalTimes.moment(LocalDateTime.of(to.isAfter(from) ? day : day.plusDays(1), to), zone);
  }
}
