package dev.tidemark.engine.planned;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.MaintenanceDefinition.Budget;
import dev.tidemark.engine.definition.PlannedTimes;
import dev.tidemark.engine.definition.PlannedTimes.Span;
import dev.tidemark.engine.planned.PlannedWork.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannedWorkTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  /** Half an hour after the declaration. */
  private static final Instant DECIDED = NOW.plusSeconds(1_800);

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
        declaredBy,
        "",
        null,
        null);
  }

  private static final Instant FROM = Instant.parse("2026-02-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-04-01T00:00:00Z");

  /** Two hours every Sunday from 1 February on, declared on Monday 2 March at ten. */
  private static PlannedWork sundays() {
    Instant first = Instant.parse("2026-02-01T02:00:00Z");
    return new PlannedWork(
        "BF-2",
        Kind.MAINTENANCE,
        List.of("orders"),
        first,
        Instant.parse("2026-03-15T03:00:00Z"),
        Budget.DROP,
        "upgrades",
        "T-2",
        "dana",
        NOW,
        "",
        false,
        "ci",
        "",
        new PlannedTimes(first, Duration.ofHours(2), "FREQ=WEEKLY;BYDAY=SU", ZoneOffset.UTC),
        null);
  }

  @Test
  void what_recurs_is_active_in_its_times_and_pending_between_them() {
    PlannedWork work = sundays();
    assertThat(work.state(Instant.parse("2026-03-08T01:59:59Z"))).isEqualTo("pending");
    assertThat(work.state(Instant.parse("2026-03-08T02:00:00Z"))).isEqualTo("active");
    assertThat(work.state(Instant.parse("2026-03-08T04:00:00Z"))).isEqualTo("pending");
    // The last time is cut short by the end of the whole.
    assertThat(work.state(Instant.parse("2026-03-15T02:59:59Z"))).isEqualTo("active");
    assertThat(work.state(Instant.parse("2026-03-15T03:00:00Z"))).isEqualTo("over");
    assertThat(work.endingAt(Instant.parse("2026-03-08T03:00:00Z")).times(FROM, TO))
        .last()
        .isEqualTo(span("2026-03-08T02:00:00Z", "2026-03-08T03:00:00Z"));
  }

  @Test
  void the_times_before_the_declaration_leave_the_budget_once_they_are_approved() {
    Span eighth = span("2026-03-08T02:00:00Z", "2026-03-08T04:00:00Z");
    Span last = span("2026-03-15T02:00:00Z", "2026-03-15T03:00:00Z");
    assertThat(sundays().needsApproval()).isTrue();
    assertThat(sundays().corrected(FROM, TO)).containsExactly(eighth, last);
    PlannedWork rejected = sundays().rejectedBy("rob", DECIDED);
    assertThat(rejected.needsApproval()).isFalse();
    assertThat(rejected.corrected(FROM, TO)).containsExactly(eighth, last);
    // Sundays of February: 1, 8, 15, 22; of March: 1, 8, 15.
    PlannedWork approved = sundays().approvedBy("rob", DECIDED);
    assertThat(approved.needsApproval()).isFalse();
    assertThat(approved.corrected(FROM, TO)).hasSize(7).endsWith(eighth, last);
  }

  @Test
  void a_time_under_way_at_the_declaration_counts_from_then_on() {
    PlannedWork work = work(NOW.minusSeconds(3_600), "ci");
    assertThat(work.corrected(FROM, TO)).containsExactly(new Span(NOW, NOW.plusSeconds(3_600)));
    assertThat(work.approvedBy("rob", DECIDED).corrected(FROM, TO))
        .containsExactly(new Span(NOW.minusSeconds(3_600), NOW.plusSeconds(3_600)));
  }

  @Test
  void the_past_is_known_to_leave_the_budget_from_the_approval_on() {
    Span all = new Span(NOW.minusSeconds(3_600), NOW.plusSeconds(3_600));
    Span declared = new Span(NOW, NOW.plusSeconds(3_600));
    PlannedWork approved = work(NOW.minusSeconds(3_600), "ci").approvedBy("rob", DECIDED);
    assertThat(approved.knownAt(NOW.minusMillis(1))).isEmpty();
    PlannedWork waiting = approved.knownAt(DECIDED.minusMillis(1)).orElseThrow();
    assertThat(waiting).isEqualTo(work(NOW.minusSeconds(3_600), "ci"));
    assertThat(waiting.corrected(FROM, TO)).containsExactly(declared);
    assertThat(approved.knownAt(DECIDED)).contains(approved);
    assertThat(approved.corrected(FROM, TO)).containsExactly(all);
    // What is ended afterwards stays decided when it was.
    assertThat(approved.endingAt(DECIDED.plusSeconds(60)).decidedAt()).isEqualTo(DECIDED);
    PlannedWork rejected = work(NOW.minusSeconds(3_600), "ci").rejectedBy("rob", DECIDED);
    assertThat(rejected.knownAt(NOW).orElseThrow().needsApproval()).isTrue();
    assertThat(rejected.knownAt(DECIDED)).contains(rejected);
  }

  private static Span span(String from, String to) {
    return new Span(Instant.parse(from), Instant.parse(to));
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
    assertThat(work(NOW.minusMillis(1), "ci").approvedBy("rob", DECIDED).declaredBy())
        .isEqualTo("ci");
  }
}
