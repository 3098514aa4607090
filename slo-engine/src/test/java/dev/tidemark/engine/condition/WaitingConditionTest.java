package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.ActiveHours;
import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.BurnRateCondition.Severity;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.NoDataPolicy;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Slices of a day end at midnight UTC, when nobody works and nothing has lasted yet. */
class WaitingConditionTest {
  private static final Instant SUNDAY = Instant.parse("2026-03-01T00:00:00Z");
  private static final ObjectiveId ID = new ObjectiveId("orders-heartbeat");
  private static final Duration DAY = Duration.ofDays(1);

  private static Judge judge(Optional<ActiveHours> hours, Duration after) {
    return new Judge(
        new Definitions(
            List.of(),
            List.of(
                new Objective(
                    ID,
                    "Orders",
                    new Objective.Subject(Objective.Subject.Type.DATASET, "orders"),
                    "",
                    "",
                    new Sli.Heartbeat(
                        new Selector("beat", Map.of()),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1)),
                    Target.parse("99%"),
                    new BudgetWindow.Rolling(Duration.ofDays(30), "30d"),
                    DAY,
                    NoDataPolicy.IGNORED,
                    Duration.ofMinutes(30),
                    List.of(new BurnRateCondition(DAY, DAY, 1, Severity.TICKET, 0, hours, after)),
                    Map.of(),
                    "",
                    "")),
            List.of()),
        SUNDAY);
  }

  /** The first minute whose tick finds it firing. */
  private static Instant begins(Judge judge) {
    for (int minute = 1; minute <= 3 * 24 * 60; minute++) {
      Instant at = SUNDAY.plus(Duration.ofMinutes(minute));
      if (!judge.tick(at).firing().isEmpty()) {
        return at;
      }
    }
    return Instant.MAX;
  }

  @Test
  void a_ticket_for_business_hours_begins_with_them_and_not_with_a_slice() {
    ActiveHours hours =
        new ActiveHours(
            ActiveHours.BUSINESS_DAYS,
            LocalTime.of(8, 0),
            LocalTime.of(18, 0),
            ZoneId.of("Europe/Warsaw"));
    // The silent Sunday is judged at Monday 00:00 UTC; 08:00 in Warsaw is 07:00 UTC.
    assertThat(begins(judge(Optional.of(hours), Duration.ZERO)))
        .isEqualTo(Instant.parse("2026-03-02T07:00:00Z"));
  }

  @Test
  void what_has_to_last_ten_minutes_begins_after_ten_minutes() {
    assertThat(begins(judge(Optional.empty(), Duration.ofMinutes(10))))
        .isEqualTo(Instant.parse("2026-03-02T00:10:00Z"));
  }
}
