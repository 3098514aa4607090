package dev.tidemark.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.budget.Correction.Mode;
import dev.tidemark.engine.model.EventCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What counts of a slice that corrections cover, wholly or in part. */
class CorrectedTimeTest {
  private static final long HOUR = 3_600_000L;
  private static final long DAY = 24 * HOUR;

  private static Correction correction(long fromMillis, long toMillis, Mode mode) {
    return new Correction(
        "m", Instant.ofEpochMilli(fromMillis), Instant.ofEpochMilli(toMillis), mode);
  }

  @Example
  void an_hour_of_maintenance_takes_an_hour_out_of_a_day_and_not_the_day() {
    CorrectedTime dropped = new CorrectedTime(List.of(correction(2 * HOUR, 3 * HOUR, Mode.DROP)));
    EventCounts bad = dropped.of(0, DAY, new EventCounts(0, 1));
    assertThat(bad.good()).isZero();
    assertThat(bad.total()).isCloseTo(23 / 24.0, within(1e-12));
    assertThat(dropped.of(DAY, DAY, new EventCounts(0, 1))).isEqualTo(new EventCounts(0, 1));
    CorrectedTime excused = new CorrectedTime(List.of(correction(2 * HOUR, 8 * HOUR, Mode.GOOD)));
    // Of 1,000 events 400 were good; those of six hours, 250, all count as good: 300 + 250.
    assertThat(excused.of(0, DAY, new EventCounts(400, 1_000)))
        .isEqualTo(new EventCounts(550, 1_000));
  }

  @Example
  void what_is_covered_whole_counts_whole_as_nothing_or_as_good() {
    CorrectedTime time =
        new CorrectedTime(
            List.of(correction(0, HOUR, Mode.DROP), correction(HOUR, 2 * HOUR, Mode.GOOD)));
    assertThat(time.of(0, HOUR, new EventCounts(3, 7))).isEqualTo(EventCounts.NONE);
    assertThat(time.of(HOUR, HOUR, new EventCounts(3, 7))).isEqualTo(new EventCounts(7, 7));
    assertThat(time.of(2 * HOUR, HOUR, new EventCounts(3, 7))).isEqualTo(new EventCounts(3, 7));
  }

  /** Minute by minute, the first correction that covers it decides. */
  @Property(tries = 300)
  void many_overlapping_ones_are_what_going_through_them_minute_by_minute_says(@ForAll long seed) {
    Random random = new Random(seed);
    List<Correction> corrections = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      long from = random.nextInt(600);
      corrections.add(
          correction(
              from * 60_000,
              (from + random.nextInt(120)) * 60_000,
              List.of(Mode.values()).get(random.nextInt(3))));
    }
    CorrectedTime time = new CorrectedTime(corrections);
    int minutes = List.of(1, 5, 60, 240).get(random.nextInt(4));
    for (int start = 0; start < 720; start += minutes) {
      double good = 0;
      double total = 0;
      for (int minute = start; minute < start + minutes; minute++) {
        long at = minute * 60_000L;
        Mode mode =
            corrections.stream()
                .filter(each -> each.mode() != Mode.KEEP)
                .filter(each -> each.from().toEpochMilli() <= at && at < each.to().toEpochMilli())
                .map(Correction::mode)
                .findFirst()
                .orElse(Mode.KEEP);
        good += mode == Mode.DROP ? 0 : mode == Mode.GOOD ? 10.0 / minutes : 4.0 / minutes;
        total += mode == Mode.DROP ? 0 : 10.0 / minutes;
      }
      EventCounts is = time.of(start * 60_000L, minutes * 60_000L, new EventCounts(4, 10));
      assertThat(is.good()).isCloseTo(good, within(1e-9));
      assertThat(is.total()).isCloseTo(total, within(1e-9));
    }
  }
}
