package dev.tidemark.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

  /** Shows what it was set to. */
  private final class Wall extends Clock {
    @Override
    public Instant instant() {
      return wall;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private Instant wall = T0;
  private long nanos = 77;
  private final SteadyClock steady = new SteadyClock(new Wall(), () -> nanos);

  /** True time passes, by the wall clock too. */
  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
  }

  @Test
  void it_shows_what_the_clock_shows_that_goes_right_or_is_set_forward_or_runs_fast() {
    pass(Duration.ofSeconds(5));
    assertThat(steady.instant()).isEqualTo(T0.plusSeconds(5));
    wall = T0.plus(Duration.ofDays(2));
    assertThat(steady.instant()).isEqualTo(T0.plus(Duration.ofDays(2)));
    nanos += 1;
    wall = wall.plusSeconds(60);
    assertThat(steady.instant()).isEqualTo(wall);
    assertThat(steady.ahead()).isZero();
  }

  @Test
  void a_clock_set_back_an_hour_is_waited_for_at_nine_tenths_of_true_time() {
    pass(Duration.ofHours(2));
    Instant before = steady.instant();
    wall = wall.minus(Duration.ofHours(1));
    assertThat(steady.instant()).isEqualTo(before);
    assertThat(steady.ahead()).isEqualTo(Duration.ofHours(1));
    pass(Duration.ofMinutes(10));
    assertThat(steady.instant()).isEqualTo(before.plus(Duration.ofMinutes(9)));
    // An hour is caught up in ten hours, of which ten minutes are over.
    pass(Duration.ofMinutes(590));
    assertThat(steady.instant()).isEqualTo(before.plus(Duration.ofHours(9))).isEqualTo(wall);
    pass(Duration.ofSeconds(1));
    assertThat(steady.instant()).isEqualTo(wall);
  }

  @Test
  void it_never_goes_back_whatever_the_clock_does() {
    Instant last = steady.instant();
    for (int i = 0; i < 1_000; i++) {
      nanos += TimeUnit.MILLISECONDS.toNanos(200);
      wall = wall.plusMillis(i % 7 == 0 ? -1_000 : 200);
      Instant now = steady.instant();
      assertThat(now).isAfterOrEqualTo(last);
      last = now;
    }
  }
}
