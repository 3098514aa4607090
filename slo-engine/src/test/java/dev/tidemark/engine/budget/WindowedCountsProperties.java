package dev.tidemark.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.model.EventCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class WindowedCountsProperties {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  private static final List<Duration> WINDOWS =
      List.of(
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(3),
          Duration.ofDays(7),
          Duration.ofDays(30),
          Duration.ofDays(90));

  /** Length of a cell per window, as the class says it. */
  private static final long[] CELL_MINUTES = {1, 1, 1, 5, 5, 15, 60, 180};

  /** One difference that somebody adds. */
  record Change(int minute, double good, double total) {}

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<Integer> near = Arbitraries.integers().between(0, 500);
    Arbitrary<Integer> far = Arbitraries.integers().between(0, 150_000);
    Arbitrary<Change> slices =
        Combinators.combine(Arbitraries.oneOf(near, far), Arbitraries.integers().between(0, 1))
            .as((minute, good) -> new Change(minute, good, 1));
    Arbitrary<Change> counts =
        Combinators.combine(
                Arbitraries.oneOf(near, far), Arbitraries.integers().between(-50, 1_000_000_000))
            .as((minute, total) -> new Change(minute, Math.floor(total * 0.9), total));
    Arbitrary<Change> shares =
        Combinators.combine(near, Arbitraries.doubles().between(0, 1))
            .as((minute, share) -> new Change(minute, share, 1));
    return Arbitraries.oneOf(slices.list(), Arbitraries.oneOf(slices, counts, shares).list())
        .filter(list -> list.size() <= 80);
  }

  @Property(tries = 400)
  void windows_equal_a_plain_recount_after_any_order_of_arrivals(
      @ForAll("changes") List<Change> changes, @ForAll @IntRange(max = 2_000) int quiet) {
    WindowedCounts counts = new WindowedCounts(WINDOWS, Duration.ofMinutes(1));
    int newest = 0;
    for (Change change : changes) {
      counts.add(minute(change.minute()), new EventCounts(change.good(), change.total()));
      newest = Math.max(newest, change.minute());
    }
    int end = newest + 1 + quiet;
    for (int reading = 0; reading < 2; reading++) {
      for (int w = 0; w < WINDOWS.size(); w++) {
        EventCounts sum = counts.sum(WINDOWS.get(w), minute(end));
        assertIsRecount(sum, changes, w, end);
      }
    }
    counts.advanceTo(minute(end).toEpochMilli());
    for (int w = 0; w < WINDOWS.size(); w++) {
      int place = counts.indexOf(WINDOWS.get(w));
      assertIsRecount(
          new EventCounts(counts.goodAt(place), counts.totalAt(place)), changes, w, end);
    }
  }

  private static void assertIsRecount(EventCounts sum, List<Change> changes, int w, int end) {
    long cell = CELL_MINUTES[w];
    long last = Math.floorDiv(end - 1, cell);
    long first = last - WINDOWS.get(w).toMinutes() / cell + 1;
    double good = 0;
    double total = 0;
    for (Change change : changes) {
      long own = Math.floorDiv(change.minute(), cell);
      if (own >= first && own <= last) {
        good += change.good();
        total += change.total();
      }
    }
    assertThat(sum.good()).describedAs("good of %s", WINDOWS.get(w)).isCloseTo(good, within(1e-6));
    assertThat(sum.total()).describedAs("all of %s", WINDOWS.get(w)).isCloseTo(total, within(1e-6));
  }

  @Property(tries = 100)
  void what_starts_at_or_after_the_end_does_not_count(
      @ForAll @IntRange(min = 0, max = 59) int end) {
    WindowedCounts counts = new WindowedCounts(List.of(Duration.ofHours(1)), Duration.ofMinutes(1));
    for (int minute = 0; minute < 60; minute++) {
      counts.add(minute(minute), new EventCounts(1, 2));
    }
    assertThat(counts.sum(Duration.ofHours(1), minute(end)))
        .isEqualTo(new EventCounts(end, 2.0 * end));
  }

  @Property(tries = 100)
  void the_moment_of_recovery_is_the_first_at_which_little_enough_bad_is_left(
      @ForAll List<@IntRange(max = 59) Integer> badMinutes,
      @ForAll @IntRange(max = 5) int allowed) {
    WindowedCounts counts = new WindowedCounts(List.of(Duration.ofHours(1)), Duration.ofMinutes(1));
    List<Integer> bad = new ArrayList<>(badMinutes.stream().distinct().toList());
    counts.add(minute(59), EventCounts.NONE);
    bad.forEach(minute -> counts.add(minute(minute), new EventCounts(0, 1)));
    int expected = 60;
    while (leftAt(bad, expected) > allowed) {
      expected++;
    }
    Instant at = counts.recoversAt(Duration.ofHours(1), minute(60), allowed);
    assertThat(Duration.between(START, at).toMinutes())
        .isEqualTo(expected == 60 ? 60 : expected - 1);
  }

  private static long leftAt(List<Integer> bad, int end) {
    return bad.stream().filter(minute -> minute >= end - 60).count();
  }

  @Property(tries = 50)
  void a_copy_goes_its_own_way(@ForAll @IntRange(min = 1, max = 100) int added) {
    WindowedCounts counts = new WindowedCounts(WINDOWS, Duration.ofMinutes(1));
    counts.add(START, new EventCounts(1, 1));
    WindowedCounts copy = counts.copy();
    for (int i = 0; i < added; i++) {
      copy.add(START, new EventCounts(0, 1));
    }
    assertThat(counts.sum(Duration.ofHours(1), minute(1))).isEqualTo(new EventCounts(1, 1));
    assertThat(copy.sum(Duration.ofHours(1), minute(1))).isEqualTo(new EventCounts(1, 1 + added));
  }

  private static Instant minute(long minute) {
    return START.plus(Duration.ofMinutes(minute));
  }
}
