package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hours over midnight, through the changes of daylight saving time in Warsaw. */
class ActiveHoursTest {
  private static ActiveHours night(Set<DayOfWeek> days) {
    return new ActiveHours(
        days, LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("Europe/Warsaw"));
  }

  @ParameterizedTest(name = "the night from {0} has {2} hours")
  @CsvSource({
    // 22:00 in Warsaw, 06:00 of the next day there, hours between them
    "2026-03-27T21:00:00Z, 2026-03-28T05:00:00Z, 8",
    "2026-03-28T21:00:00Z, 2026-03-29T04:00:00Z, 7",
    "2026-03-29T20:00:00Z, 2026-03-30T04:00:00Z, 8",
    "2026-10-24T20:00:00Z, 2026-10-25T05:00:00Z, 9",
    "2026-10-25T21:00:00Z, 2026-10-26T05:00:00Z, 8",
    "2028-02-29T21:00:00Z, 2028-03-01T05:00:00Z, 8",
  })
  void a_night_lasts_from_22_to_6_by_the_wall_clock(Instant from, Instant to, int hours) {
    ActiveHours night = night(Set.of(DayOfWeek.values()));

    assertThat(Duration.between(from, to)).isEqualTo(Duration.ofHours(hours));
    assertThat(night.contains(from.minusSeconds(1))).isFalse();
    for (Instant at = from; at.isBefore(to); at = at.plus(Duration.ofMinutes(10))) {
      assertThat(night.contains(at)).as(at.toString()).isTrue();
    }
    assertThat(night.contains(to.minusSeconds(1))).isTrue();
    assertThat(night.contains(to)).isFalse();
  }

  @Test
  void a_night_belongs_to_the_day_on_which_it_begins() {
    ActiveHours saturdays = night(Set.of(DayOfWeek.SATURDAY));

    // Friday 27 March, 23:00; Saturday 28, 05:00 and 23:00; Sunday 29, 05:00 and 23:00.
    assertThat(saturdays.contains(Instant.parse("2026-03-27T22:00:00Z"))).isFalse();
    assertThat(saturdays.contains(Instant.parse("2026-03-28T04:00:00Z"))).isFalse();
    assertThat(saturdays.contains(Instant.parse("2026-03-28T22:00:00Z"))).isTrue();
    assertThat(saturdays.contains(Instant.parse("2026-03-29T03:00:00Z"))).isTrue();
    assertThat(saturdays.contains(Instant.parse("2026-03-29T21:00:00Z"))).isFalse();
  }
}
