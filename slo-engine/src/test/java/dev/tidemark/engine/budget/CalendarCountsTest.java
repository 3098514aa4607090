package dev.tidemark.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.BudgetWindow.Calendar;
import dev.tidemark.engine.definition.BudgetWindow.Unit;
import dev.tidemark.engine.model.EventCounts;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calendar windows that begin at a moment somebody chose; worked out with a wall calendar. */
class CalendarCountsTest {

  @ParameterizedTest
  @CsvSource({
    // A month from the 21st at 12:30: New York is five hours behind UTC in winter, four in summer.
    "MONTH, 1, 2020-01-21T12:30, America/New_York, 2026-01-21T17:29:59Z, 2025-12-21T17:30:00Z, 2026-01-21T17:30:00Z",
    "MONTH, 1, 2020-01-21T12:30, America/New_York, 2026-01-21T17:30:00Z, 2026-01-21T17:30:00Z, 2026-02-21T17:30:00Z",
    "MONTH, 1, 2020-01-21T12:30, America/New_York, 2026-04-01T00:00:00Z, 2026-03-21T16:30:00Z, 2026-04-21T16:30:00Z",
    // One of the 31st ends with a shorter month, and is one of the 31st again after it.
    "MONTH, 1, 2026-01-31T00:00, UTC, 2026-02-28T00:00:00Z, 2026-02-28T00:00:00Z, 2026-03-31T00:00:00Z",
    "MONTH, 1, 2026-01-31T00:00, UTC, 2026-02-27T23:59:59Z, 2026-01-31T00:00:00Z, 2026-02-28T00:00:00Z",
    // Two months together, also before the moment that was named.
    "MONTH, 2, 2026-01-01T00:00, UTC, 2026-04-15T00:00:00Z, 2026-03-01T00:00:00Z, 2026-05-01T00:00:00Z",
    "MONTH, 2, 2026-01-01T00:00, UTC, 2025-12-31T00:00:00Z, 2025-11-01T00:00:00Z, 2026-01-01T00:00:00Z",
    // Weeks from Thursday to Thursday: 2026-01-01 was one.
    "WEEK, 1, 2026-01-01T00:00, UTC, 2026-01-21T12:00:00Z, 2026-01-15T00:00:00Z, 2026-01-22T00:00:00Z",
    // A day from 06:00 in Warsaw; 2026-03-29 has 23 hours there.
    "DAY, 1, 2026-01-01T06:00, Europe/Warsaw, 2026-03-29T03:59:59Z, 2026-03-28T05:00:00Z, 2026-03-29T04:00:00Z",
    "QUARTER, 1, 2026-02-01T00:00, UTC, 2026-01-31T00:00:00Z, 2025-11-01T00:00:00Z, 2026-02-01T00:00:00Z",
    "YEAR, 1, 2024-02-29T00:00, UTC, 2026-03-01T00:00:00Z, 2026-02-28T00:00:00Z, 2027-02-28T00:00:00Z"
  })
  void a_window_is_counted_from_its_anchor(
      Unit unit,
      int count,
      LocalDateTime anchor,
      String zone,
      Instant at,
      Instant start,
      Instant end) {
    CalendarCounts counts =
        new CalendarCounts(new Calendar(unit, count, Optional.of(anchor), ZoneId.of(zone)), at);

    assertThat(counts.start()).isEqualTo(start);
    assertThat(counts.end()).isEqualTo(end);
  }

  @Test
  void windows_follow_each_other_without_a_gap() {
    Calendar calendar =
        new Calendar(
            Unit.MONTH, 1, Optional.of(LocalDateTime.parse("2026-01-31T00:00")), ZoneId.of("UTC"));
    CalendarCounts counts = new CalendarCounts(calendar, Instant.parse("2026-02-10T00:00:00Z"));
    counts.add(Instant.parse("2026-02-27T23:59:00Z").toEpochMilli(), 1, 2);
    counts.add(Instant.parse("2026-02-28T00:00:00Z").toEpochMilli(), 3, 3);
    // Late: belongs to the window before.
    counts.add(Instant.parse("2026-01-31T00:00:00Z").toEpochMilli(), 1, 1);

    assertThat(counts.start()).isEqualTo(Instant.parse("2026-02-28T00:00:00Z"));
    assertThat(counts.end()).isEqualTo(Instant.parse("2026-03-31T00:00:00Z"));
    assertThat(counts.current()).isEqualTo(new EventCounts(3, 3));
    assertThat(counts.previous()).isEqualTo(new EventCounts(2, 3));
  }

  @Test
  void says_how_it_is_written() {
    Optional<LocalDateTime> anchor = Optional.of(LocalDateTime.parse("2026-01-21T12:30"));
    assertThat(new Calendar(Unit.MONTH, 2, anchor, ZoneId.of("Europe/Warsaw")).text())
        .isEqualTo("2 months from 2026-01-21 12:30 (Europe/Warsaw)");
    assertThat(new Calendar(Unit.MONTH, ZoneId.of("UTC")).text()).isEqualTo("month (UTC)");
  }
}
