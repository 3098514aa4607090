package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.EventCounts;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What no honest data show. */
class OdditiesTest {
  private static final EventCounts BAD = new EventCounts(0, 1);

  @Test
  void one_bad_slice_restated_ten_times_is_one() {
    Oddities oddities = new Oddities();
    for (int i = 0; i < 20; i++) {
      oddities.note(0, new EventCounts(0, 1 + i));
    }
    assertThat(oddities.alwaysBad(Instant.EPOCH)).isEmpty();
  }

  @Test
  void ten_bad_slices_from_the_beginning_are_told_until_one_is_good() {
    Oddities oddities = new Oddities();
    for (int slice = 0; slice < 9; slice++) {
      oddities.note(slice * 60_000L, BAD);
    }
    assertThat(oddities.alwaysBad(Instant.EPOCH)).isEmpty();
    oddities.note(9 * 60_000L, BAD);
    assertThat(oddities.alwaysBad(Instant.EPOCH)).isPresent();
    oddities.note(3 * 60_000L, new EventCounts(1, 1));
    assertThat(oddities.alwaysBad(Instant.EPOCH)).isEmpty();
  }
}
