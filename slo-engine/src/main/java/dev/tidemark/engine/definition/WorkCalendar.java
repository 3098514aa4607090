package dev.tidemark.engine.definition;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kind: Calendar}: on which days data are expected at all, for deadlines that name it.
 * Immutable.
 *
 * @param zone of deadlines that name none themselves; empty when it says none
 * @param days of the week on which data are expected, at least one
 * @param holidays on which they are not
 */
record WorkCalendar(Optional<ZoneId> zone, Set<DayOfWeek> days, Holidays holidays) {
  /** Copies the days. */
  WorkCalendar {
    days = Set.copyOf(days);
  }
}
