package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.EventCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Stretches in which nobody knows. */
class WatchedTimeTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  @Test
  void coverage_leaves_out_what_is_unknown_and_what_was_before() {
    WatchedTime time = new WatchedTime(0, 60_000);
    time.note(600_000, true);
    time.note(660_000, true);
    assertThat(time.coverage(1_200_000, 1_200_000)).isEqualTo(0.9);
    assertThat(time.coverage(1_200_000, 2_400_000)).isEqualTo(0.45);
    time.note(600_000, false);
    assertThat(time.coverage(1_200_000, 1_200_000)).isEqualTo(0.95);
  }

  @Test
  void a_book_forgets_stretches_that_no_window_reaches() {
    Definitions definitions =
        DefinitionParser.parse(
                List.of(
                    new SourceFile(
                        "d.yaml",
                        """
                        apiVersion: tidemark/v1
                        kind: Dataset
                        metadata: {name: orders}
                        spec:
                          objectives:
                            - heartbeat: {connector: cdc, every: 1h, target: 99%, window: 7d, timeSlice: 1h}
                        """)))
            .definitions();
    ObjectiveBook book = new ObjectiveBook(definitions.objectives().get(0), START);
    for (int hour = 0; hour < 60 * 24; hour++) {
      boolean unknown = hour % 24 == 0;
      book.changed(
          new BucketChange(
              definitions.objectives().get(0).id(),
              START.plus(Duration.ofHours(hour)),
              EventCounts.NONE,
              unknown ? EventCounts.NONE : new EventCounts(1, 1),
              unknown,
              false));
      book.update(START.plus(Duration.ofHours(hour + 1)));
    }
    // One a day of the last ten days and a little more: seven of the window and three of slack.
    assertThat(book.unknownEnds()).hasSizeBetween(7, 12);
    Instant end = START.plus(Duration.ofDays(60));
    assertThat(book.spending().snapshot(end, Optional.of(end)).coverageRatio())
        .isEqualTo(161 / 168.0, org.assertj.core.api.Assertions.within(1e-12));
  }
}
