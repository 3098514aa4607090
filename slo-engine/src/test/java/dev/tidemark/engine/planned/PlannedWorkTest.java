package dev.tidemark.engine.planned;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.MaintenanceDefinition.Budget;
import dev.tidemark.engine.planned.PlannedWork.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannedWorkTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  private static PlannedWork work(Instant startsAt, String declaredBy) {
    return new PlannedWork(
        "BF-1",
        Kind.BACKFILL,
        List.of("orders"),
        startsAt,
        NOW.plusSeconds(3_600),
        Budget.DROP,
        "reload",
        "T-1",
        "dana",
        NOW,
        "",
        false,
        declaredBy);
  }

  /** Tokens tell people apart; the names in requests only do where there are none. */
  @ParameterizedTest
  @CsvSource({
    "ci, ci, rob, false",
    "ci, anna, rob, true",
    "ci, anna, dana, false",
    "local, local, rob, true",
    "local, local, dana, false",
    "'', anna, rob, true",
    "local, anna, rob, true",
  })
  void somebody_else_approves(String declaredBy, String actor, String name, boolean may) {
    assertThat(work(NOW.minusSeconds(60), declaredBy).mayBeApprovedBy(actor, name)).isEqualTo(may);
  }

  @Test
  void what_begins_at_the_moment_of_its_declaration_takes_nothing_from_the_past() {
    assertThat(work(NOW, "ci").needsApproval()).isFalse();
    assertThat(work(NOW.minusMillis(1), "ci").needsApproval()).isTrue();
    assertThat(work(NOW.minusMillis(1), "ci").approvedBy("rob").declaredBy()).isEqualTo("ci");
  }
}
