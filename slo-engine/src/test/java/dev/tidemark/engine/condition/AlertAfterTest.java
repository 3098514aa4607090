package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.budget.WindowedCounts;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.model.EventCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A condition that has to last begins to hold after it did, and a pause begins the wait again. */
class AlertAfterTest {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

  private final ConditionState state =
      new ConditionState(
          new BurnRateCondition(
              Duration.ofHours(1),
              Duration.ofMinutes(5),
              10,
              Severity.PAGE,
              0,
              Optional.empty(),
              Duration.ofMinutes(3)),
          new Comparison(10, 1, 0));

  /** At a target of 99 % 10 of 100 bad are a burn rate of 10. */
  private void minute(int minute, int bad) {
    WindowedCounts windows =
        new WindowedCounts(
            List.of(Duration.ofMinutes(5), Duration.ofHours(1)), Duration.ofMinutes(1));
    Instant at = START.plus(Duration.ofMinutes(minute));
    windows.add(at, new EventCounts(100 - bad, 100));
    state.update(windows, 0.01, condition -> true, null, at);
  }

  @Test
  void it_holds_once_it_has_lasted() {
    minute(0, 10);
    minute(1, 10);
    minute(2, 10);
    assertThat(state.firingSince()).isNull();
    minute(3, 10);
    assertThat(state.firingSince()).isEqualTo(START.plus(Duration.ofMinutes(3)));
  }

  @Test
  void a_pause_begins_the_wait_again() {
    minute(0, 10);
    minute(2, 9);
    minute(3, 10);
    minute(5, 10);
    assertThat(state.firingSince()).isNull();
    minute(6, 10);
    assertThat(state.firingSince()).isEqualTo(START.plus(Duration.ofMinutes(6)));
  }
}
