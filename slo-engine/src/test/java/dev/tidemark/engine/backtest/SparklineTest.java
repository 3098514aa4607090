package dev.tidemark.engine.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.backtest.BacktestResult.Left;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A day in 24 signs: one for each hour. */
class SparklineTest {
  private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant TO = FROM.plus(Duration.ofDays(1));

  private static Left left(double hour, double ratio) {
    return new Left(FROM.plusSeconds(Math.round(hour * 3_600)), ratio);
  }

  @Test
  void without_moments_nothing_is_known() {
    assertThat(Sparkline.of(List.of(), FROM, TO)).isEqualTo("·".repeat(24));
  }

  @Test
  void each_hour_shows_the_eighth_in_which_its_lowest_moment_lies() {
    List<Left> history =
        List.of(
            left(0.5, 1),
            // Exactly at its end an hour is told of, not the next one.
            left(1, 0.9),
            // Seven eighths are the seventh sign, a little more is the eighth; the lowest counts.
            left(1.5, 0.876),
            left(2, 0.875),
            left(3, 0.5),
            left(3.5, 0.126),
            left(4.5, 0.125),
            left(5.5, 0),
            left(6.5, -3),
            left(24, 0.01));
    assertThat(Sparkline.of(history, FROM, TO)).isEqualTo("█▇▄▂▁××" + "·".repeat(16) + "▁");
  }
}
