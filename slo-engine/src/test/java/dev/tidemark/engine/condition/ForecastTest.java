package dev.tidemark.engine.condition;

import static dev.tidemark.engine.condition.Promised.RATIO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a budget will be used up; every number worked out by hand. */
class ForecastTest {
  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  /** Three days of events of which so many of 1,000 an hour are bad, at 99 %. */
  private static BudgetSnapshot threeDays(String window, int badAnHour) {
    Promised promised = Promised.of(START, RATIO + "target: 99%, window: " + window + "}");
    promised.steadily(START, HOUR, 72, 1_000 - badAnHour, badAnHour);
    return promised.after(Duration.ofDays(3));
  }

  @Test
  void at_half_the_rate_a_months_budget_outlives_the_month() {
    // 0.5× over 30 days: 15 days' worth are spent at its end, and another budget begins.
    BudgetSnapshot june = threeDays("month", 5);
    assertThat(june.leftRatio().orElseThrow()).isEqualTo(0.5);
    assertThat(june.budget().leftOfWholeRatio().orElseThrow()).isEqualTo(0.95);
    assertThat(june.forecast()).isEmpty();
  }

  @Test
  void half_the_rate_uses_up_a_rolling_budget_that_is_only_begun_in_57_days() {
    // More events bring more budget: of the whole window's 95 % are left, 0.95 × 30 d / 0.5.
    assertThat(threeDays("30d", 5).forecast())
        .contains(new Forecast(Duration.ofDays(57), Optional.of(Duration.ofDays(57))));
  }

  @Test
  void what_is_expected_says_what_is_left_of_the_whole() {
    // 720,000 expected: 7,200 may be bad, 72 × 40 = 2,880 are; 0.6 × 30 d / 4.
    BudgetSnapshot june = threeDays("month, expectedEvents: 720000", 40);
    assertThat(june.leftRatio().orElseThrow()).isEqualTo(0.6);
    assertThat(june.forecast())
        .contains(new Forecast(Duration.ofHours(108), Optional.of(Duration.ofHours(108))));
  }

  @Test
  void what_is_overspent_is_used_up_now() {
    assertThat(threeDays("month", 20).forecast())
        .contains(new Forecast(Duration.ZERO, Optional.of(Duration.ZERO)));
  }

  @Test
  void what_would_last_beyond_the_unit_is_no_latest() {
    // Slices: 3 d of bad hours now and then, none in the last six: fastest ends in the month.
    Promised promised =
        Promised.of(
            START,
            RATIO
                + "method: timeslices, sliceTarget: 90%, timeSlice: 1h, target: 90%, window:"
                + " month}");
    promised.steadily(START, HOUR, 48, 10, 0);
    promised.steadily(START.plus(HOUR.multipliedBy(48)), HOUR, 12, 0, 10);
    promised.steadily(START.plus(HOUR.multipliedBy(60)), HOUR, 12, 10, 0);
    Forecast forecast = promised.after(Duration.ofDays(3)).forecast().orElseThrow();
    // 12 of 72 hours are spent; the last day burns at 5×: (60 / 72) × 30 d / 5 = 5 d.
    assertThat(forecast.earliest()).isEqualTo(Duration.ofDays(5));
    assertThat(forecast.latest()).isEmpty();
  }
}
