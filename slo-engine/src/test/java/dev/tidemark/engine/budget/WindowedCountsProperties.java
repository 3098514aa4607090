package dev.tidemark.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.model.EventCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WindowedCountsProperties {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

  @Property(tries = 300)
  void a_window_equals_a_recount_after_any_order_of_additions(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 120) Integer> minutes,
      @ForAll @IntRange(min = 0, max = 200) int behind) {
    Duration window = Duration.ofHours(1);
    WindowedCounts counts = new WindowedCounts(List.of(window));
    int newest = minutes.stream().mapToInt(Integer::intValue).max().orElse(0);
    for (int i = 0; i < minutes.size(); i++) {
      counts.add(
          START.plus(Duration.ofMinutes(minutes.get(i))), new EventCounts(0.1 * (i - 20), i - 10));
    }
    int end = newest + 1 + behind;
    double good = 0;
    double total = 0;
    for (int i = 0; i < minutes.size(); i++) {
      if (minutes.get(i) >= end - 60 && minutes.get(i) < end) {
        good += 0.1 * (i - 20);
        total += i - 10;
      }
    }
    for (int reading = 0; reading < 2; reading++) {
      EventCounts sum = counts.sum(window, START.plus(Duration.ofMinutes(end)));
      assertThat(sum.good()).isCloseTo(good, within(1e-6));
      assertThat(sum.total()).isCloseTo(total, within(1e-6));
    }
  }

  @Property(tries = 100)
  void what_starts_at_or_after_the_end_does_not_count(
      @ForAll @IntRange(min = 0, max = 59) int end) {
    WindowedCounts counts = new WindowedCounts(List.of(Duration.ofHours(1)));
    for (int minute = 0; minute < 60; minute++) {
      counts.add(START.plus(Duration.ofMinutes(minute)), new EventCounts(1, 2));
    }
    assertThat(counts.sum(Duration.ofHours(1), START.plus(Duration.ofMinutes(end))))
        .isEqualTo(new EventCounts(end, 2.0 * end));
  }
}
