package dev.tidemark.alerting.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** What a wall clock shows, as a moment. */
final class LocalTimes {
  private LocalTimes() {}

  /**
   * A time that the clocks skip is moved on by as much as they are; of a time that they show twice
   * the earlier one counts. RFC 5545, section 3.3.5, says the same.
   */
  static Instant moment(LocalDateTime wall, ZoneId zone) {
    return ZonedDateTime.ofLocal(wall, zone, null).toInstant();
  }
}
