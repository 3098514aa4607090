package dev.tidemark.alerting.escalation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EscalationTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
  private static final Escalation TWICE =
      new Escalation(
          "on-call",
          List.of(step(0, "first"), step(15, "second", "third")),
          Duration.ofMinutes(10),
          1,
          "boss");

  private static Escalation.Step step(int minutes, String... told) {
    return new Escalation.Step(Duration.ofMinutes(minutes), List.of(told));
  }

  /** Asks every minute; what was said as {@code minute words: receivers}. */
  private static List<String> minutes(Escalation escalation, int from, int to) {
    List<String> said = new ArrayList<>();
    EscalationProgress progress = EscalationProgress.begin("on-call", T0);
    for (int minute = from; minute <= to; minute++) {
      Instant now = T0.plus(Duration.ofMinutes(minute));
      Optional<Escalation.Call> call = escalation.due(progress, false, now);
      if (call.isPresent()) {
        said.add(minute + " " + call.get().words() + ": " + String.join(",", call.get().told()));
        progress = progress.called(now);
      }
    }
    return said;
  }

  @Test
  void goes_through_all_rounds_to_the_last_resort() {
    // A round takes 15 + 10 min.
    assertThat(minutes(TWICE, 0, 200))
        .containsExactly(
            "0 step 1 of 2, round 1 of 2: first",
            "15 step 2 of 2, round 1 of 2: second,third",
            "25 step 1 of 2, round 2 of 2: first",
            "40 step 2 of 2, round 2 of 2: second,third",
            "50 last resort: boss");
    assertThat(TWICE.calls()).isEqualTo(5);
  }

  @Test
  void what_comes_late_moves_the_rest_on_and_skips_nobody() {
    assertThat(minutes(TWICE, 100, 200))
        .containsExactly(
            "100 step 1 of 2, round 1 of 2: first",
            "115 step 2 of 2, round 1 of 2: second,third",
            "125 step 1 of 2, round 2 of 2: first",
            "140 step 2 of 2, round 2 of 2: second,third",
            "150 last resort: boss");
  }

  @Test
  void a_first_step_may_wait_and_without_a_last_resort_it_just_ends() {
    Escalation once =
        new Escalation("e", List.of(step(5, "first")), Duration.ofMinutes(10), 0, null);
    assertThat(minutes(once, 0, 100)).containsExactly("5 step 1 of 1: first");
  }

  @Test
  void nobody_is_due_once_somebody_has_taken_it() {
    assertThat(TWICE.due(EscalationProgress.begin("on-call", T0), true, T0.plusSeconds(9999)))
        .isEmpty();
  }

  @Test
  void what_makes_no_sense_is_refused() {
    assertThatThrownBy(() -> new Escalation("e", List.of(), Duration.ofMinutes(1), 0, null))
        .hasMessageContaining("at least one step");
    assertThatThrownBy(
            () ->
                new Escalation(
                    "e", List.of(step(5, "a"), step(5, "b")), Duration.ofMinutes(1), 0, null))
        .hasMessageContaining("step 2 has to come after step 1");
    assertThatThrownBy(() -> new Escalation("e", List.of(step(5, "a")), Duration.ZERO, 0, null))
        .hasMessageContaining("above zero");
  }
}
