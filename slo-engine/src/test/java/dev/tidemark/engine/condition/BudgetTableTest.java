package dev.tidemark.engine.condition;

import static dev.tidemark.engine.condition.Promised.RATIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.ErrorBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Every method in every kind of window under every rule of silence, against one table. */
class BudgetTableTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static Promised promised(
      String method, String silence, String window, String zone, Instant start) {
    return Promised.of(
        start,
        RATIO
            + "timeSlice: 1h, target: 90%%, method: %s%s, noData: %s, window: %s, timeZone: %s}"
                .formatted(
                    method,
                    method.equals("timeslices") ? ", sliceTarget: 90%" : "",
                    silence,
                    window,
                    zone));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/budget/method-window-silence.csv", useHeadersInDisplayName = true)
  void four_hours_make_the_numbers_of_the_table(
      String method,
      String silence,
      String window,
      String zone,
      Instant start,
      int hours,
      double good,
      double total,
      double left,
      double burn) {
    Promised promised = promised(method, silence, window, zone, start);
    promised.events(start, 10, 0);
    promised.events(start.plus(HOUR), 5, 5);
    promised.events(start.plus(HOUR.multipliedBy(3)), 20, 0);
    BudgetSnapshot snapshot = promised.after(HOUR.multipliedBy(4));
    ErrorBudget budget = snapshot.budget();
    assertThat(budget.length()).isEqualTo(Duration.ofHours(hours));
    assertThat(budget.counts().good()).isCloseTo(good, within(1e-9));
    assertThat(budget.counts().total()).isCloseTo(total, within(1e-9));
    assertThat(budget.leftRatio().orElseThrow()).isCloseTo(left, within(1e-6));
    assertThat(Objects.requireNonNull(snapshot.burnRates().get(Duration.ofDays(1))).value())
        .isCloseTo(burn, within(1e-6));
  }

  /** A unit that is silent from its first hour to its last has as many bad slices as hours. */
  @ParameterizedTest
  @CsvSource({
    "day, Europe/Warsaw, 2026-03-28T23:00:00Z, 23",
    "day, Europe/Warsaw, 2026-03-29T22:00:00Z, 24",
    "day, Europe/Warsaw, 2026-10-24T22:00:00Z, 25",
    "day, UTC, 2028-02-29T00:00:00Z, 24",
    "week, Europe/Warsaw, 2026-03-22T23:00:00Z, 167",
    "month, UTC, 2028-02-01T00:00:00Z, 696",
    "month, UTC, 2027-02-01T00:00:00Z, 672",
  })
  void a_whole_unit_has_a_slice_for_each_of_its_hours_and_the_next_one_begins_with_none(
      String window, String zone, Instant start, int hours) {
    Promised promised = promised("timeslices", "bad", window, zone, start);
    ErrorBudget whole = promised.after(HOUR.multipliedBy(hours)).budget();
    assertThat(whole.counts().total()).isEqualTo(hours);
    // Ten times what may be bad.
    assertThat(whole.leftRatio().orElseThrow()).isCloseTo(-9, within(1e-9));
    ErrorBudget next = promised.after(HOUR.multipliedBy(hours + 1L)).budget();
    assertThat(next.counts().total()).isEqualTo(1);
    assertThat(next.start()).isEqualTo(start.plus(HOUR.multipliedBy(hours)));
  }
}
