package dev.tidemark.engine.condition;

import static dev.tidemark.engine.condition.Promised.RATIO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.ObjectiveId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** May a risky deploy go? */
class GateTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static GateDecision gate(Promised promised) {
    return promised.judge.gate("orders").orElseThrow();
  }

  @Test
  void an_empty_budget_closes_it_until_what_was_spent_leaves_the_window() {
    // 1 % of 1,440 minutes are 14.4; the first 15 are bad, and long past.
    Promised promised =
        Promised.of(
            START, RATIO + "method: timeslices, sliceTarget: 90%, target: 99%, window: 1d}");
    promised.steadily(START, MINUTE, 15, 0, 10);
    promised.steadily(START.plus(MINUTE.multipliedBy(15)), MINUTE, 285, 10, 0);
    promised.after(MINUTE.multipliedBy(300));
    GateDecision gate = gate(promised);
    assertThat(gate.open()).isFalse();
    assertThat(gate.reason())
        .isEqualTo("orders-ratio has no error budget left in 1d: 36 bad seconds too many");
    // Cells of a day are five minutes long: with the first of them ten bad ones stay.
    assertThat(gate.until().orElseThrow())
        .isBetween(
            START.plus(Duration.ofDays(1)),
            START.plus(Duration.ofDays(1)).plus(MINUTE.multipliedBy(6)));
    promised.steadily(START.plus(MINUTE.multipliedBy(300)), MINUTE, 1_146, 10, 0);
    promised.after(MINUTE.multipliedBy(1_446));
    assertThat(gate(promised).open()).isTrue();
  }

  @Test
  void a_calendar_budget_that_is_spent_closes_it_until_the_next_unit_begins() {
    Promised promised =
        Promised.of(
            START, RATIO + "method: timeslices, sliceTarget: 90%, target: 99.9%, window: day}");
    promised.steadily(START, MINUTE, 10, 0, 10);
    promised.steadily(START.plus(MINUTE.multipliedBy(10)), MINUTE, 110, 10, 0);
    promised.after(MINUTE.multipliedBy(120));
    assertThat(gate(promised).reason()).contains("no error budget left in day (UTC)");
    assertThat(gate(promised).until()).contains(START.plus(Duration.ofDays(1)));
  }

  @Test
  void the_latest_of_all_reasons_says_until_when() {
    // Burning fast for an hour, and the day's budget gone until midnight: midnight it is.
    Promised promised =
        Promised.of(
            START, RATIO + "method: timeslices, sliceTarget: 90%, target: 99.9%, window: day}");
    promised.steadily(START, MINUTE, 10, 0, 10);
    promised.after(MINUTE.multipliedBy(10));
    GateDecision gate = gate(promised);
    assertThat(gate.reason())
        .contains("burns its budget at", "over 1 h", "and orders-ratio has no");
    assertThat(gate.until()).contains(START.plus(Duration.ofDays(1)));
  }

  @Test
  void one_failure_of_ten_closes_nothing_and_is_told() {
    // The interval of 1 of 10 begins at 0.51 %; a burn rate of 2 begins at 2 % here.
    Promised promised = Promised.of(START, RATIO + "target: 99%, window: 30d}");
    promised.events(START, 9, 1);
    promised.after(MINUTE);
    assertThat(gate(promised).open()).isTrue();
    assertThat(gate(promised).reason())
        .isEqualTo(
            "the budgets of 1 objective(s) allow it; too few events to say more of orders-ratio"
                + " with 1 bad of 10");
    // The interval of 10 of 100 begins at 5.5 %: that is no accident.
    promised.events(START.plus(MINUTE), 81, 9);
    promised.after(MINUTE.multipliedBy(2));
    assertThat(gate(promised).open()).isFalse();
  }

  @Test
  void what_was_never_measured_is_said_to_be_unknown() {
    Promised promised = Promised.of(START, RATIO + "target: 99.9%, window: 30d}");
    promised.after(Duration.ofHours(2));
    GateDecision gate = gate(promised);
    assertThat(gate.open()).isTrue();
    assertThat(gate.reason())
        .isEqualTo(
            "nothing was measured lately, so no budget speaks against it; nothing is known of"
                + " orders-ratio");
    assertThat(gate.unknown()).containsExactly(new ObjectiveId("orders-ratio"));
  }

  @Test
  void a_window_that_is_widened_to_a_slice_is_called_by_its_length() {
    Promised promised = Promised.of(START, "cost: {below: 10, per: day, target: 95%, window: 30d}");
    promised.judge.apply(
        dev.tidemark.engine.model.MetricPoint.number(
            dev.tidemark.engine.model.Series.of(
                "tidemark.cost",
                dev.tidemark.engine.model.MetricKind.DELTA_SUM,
                "",
                java.util.Map.of("service.name", "ingest"),
                java.util.Map.of("dataset", "orders")),
            0,
            START.getEpochSecond() * 1_000_000_000L,
            5));
    promised.after(Duration.ofDays(1));
    assertThat(gate(promised).reason()).contains("burns its budget at 20.0× over 1 d");
  }

  @Test
  void nobody_has_this_name() {
    Promised promised = Promised.of(START, RATIO + "target: 99.9%}");
    assertThat(promised.judge.gate("refunds")).isEmpty();
  }
}
