package dev.tidemark.alerting.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;

/**
 * The wall clock of a calendar's time zone, which may be one that only the calendar itself defines.
 *
 * @param zone never changed after it was given
 */
record WallClock(TimeZone zone) {
  private static final long DAY_MILLIS = 86_400_000L;

  /** The same rule as {@link LocalTimes#moment}: skipped times move on, the earlier of two. */
  Instant moment(LocalDateTime wall) {
    long shown = wall.toInstant(ZoneOffset.UTC).toEpochMilli();
    long before = zone.getOffset(shown - zone.getRawOffset() - DAY_MILLIS);
    long first = shown - before;
    long then = zone.getOffset(first);
    long second = shown - then;
    boolean shownFirst = then == before;
    boolean shownSecond = zone.getOffset(second) == then;
    return Instant.ofEpochMilli(shownFirst || !shownSecond ? first : second);
  }

  LocalDateTime wall(Instant at) {
    long millis = at.toEpochMilli();
    return LocalDateTime.ofInstant(
        Instant.ofEpochMilli(millis + zone.getOffset(millis)), ZoneOffset.UTC);
  }
}
