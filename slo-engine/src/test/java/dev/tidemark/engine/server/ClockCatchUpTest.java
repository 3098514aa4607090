package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.store.BucketStore.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClockCatchUpTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration DELAY = Duration.ofSeconds(5);

  private static Duration behind(Instant judgedUntil) {
    return ClockCatchUp.behind(Optional.of(new Checkpoint(judgedUntil, NOW)), NOW, DELAY);
  }

  @Test
  void a_clock_that_is_past_what_was_judged_waits_for_nothing() {
    assertThat(behind(NOW.minusSeconds(14))).isEqualTo(Duration.ZERO);
    assertThat(ClockCatchUp.behind(Optional.empty(), NOW, DELAY)).isEqualTo(Duration.ZERO);
  }

  @Test
  void a_clock_that_is_behind_waits_until_it_would_judge_the_same_moment() {
    // Judged up to 12:00:20 by a clock that showed 12:00:25: this one shows that in 25 s.
    assertThat(behind(NOW.plusSeconds(20))).isEqualTo(Duration.ofSeconds(25));
  }
}
