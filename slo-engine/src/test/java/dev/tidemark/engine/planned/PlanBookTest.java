package dev.tidemark.engine.planned;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Maintenance in files: known beforehand, or a correction of the past that somebody approves. */
class PlanBookTest {
  private static final Instant BEFORE = Instant.parse("2026-11-28T12:00:00Z");
  private static final Instant AFTER = Instant.parse("2026-12-01T12:00:00Z");
  private static final Instant FROM = Instant.parse("2026-11-20T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-12-08T00:00:00Z");

  private final Store store = new Store();
  private final List<PlannedWork> waiting = new ArrayList<>();

  /** Keeps declarations in memory, as a store does on disk. */
  private static final class Store implements PlanStore {
    private final Map<String, PlannedWork> works = new LinkedHashMap<>();

    @Override
    public void save(PlannedWork work) {
      works.put(work.id(), work);
    }

    @Override
    public List<PlannedWork> load() {
      return List.copyOf(works.values());
    }
  }

  private static Definitions definitions(String spec) {
    ParseResult parsed =
        DefinitionParser.parse(
            List.of(
                new SourceFile(
                    "d.yaml",
                    """
                    apiVersion: tidemark/v1
                    kind: Dataset
                    metadata: {name: orders}
                    spec:
                      objectives: [{heartbeat: {connector: cdc, every: 1m, target: 99%%, window: 30d}}]
                    ---
                    apiVersion: tidemark/v1
                    kind: Maintenance
                    metadata: {name: upgrade}
                    spec: {covers: [orders], ticket: OPS-12, author: dana, %s}
                    """
                        .formatted(spec))));
    assertThat(parsed.problems()).isEmpty();
    return parsed.definitions();
  }

  /** Two hours on Sunday 29 November. */
  private static final Definitions ONCE =
      definitions("reason: upgrade, from: 2026-11-29T02:00, duration: 2h");

  private static final Definitions SUNDAYS =
      definitions(
          "reason: upgrade, from: 2026-11-29T02:00, duration: 2h, repeat: FREQ=WEEKLY;BYDAY=SU");

  private PlanBook book(Definitions definitions, Instant now) {
    return new PlanBook(store, definitions, now, waiting::add);
  }

  private static List<Instant> corrected(PlanBook book, Definitions definitions) {
    return book.plans().corrections(definitions.objectives().get(0), FROM, TO).stream()
        .map(Correction::from)
        .sorted()
        .toList();
  }

  @Test
  void what_was_read_beforehand_needs_nobody_also_after_a_restart_and_by_another_reason() {
    assertThat(corrected(book(ONCE, BEFORE), ONCE)).containsExactly(at("2026-11-29T02:00"));
    PlanBook later = book(ONCE, AFTER);
    assertThat(corrected(later, ONCE)).containsExactly(at("2026-11-29T02:00"));
    Definitions reworded = definitions("reason: disks, from: 2026-11-29T02:00, duration: 2h");
    assertThat(later.reload(reworded, AFTER).declared()).isEmpty();
    assertThat(corrected(later, reworded)).containsExactly(at("2026-11-29T02:00"));
    assertThat(waiting).isEmpty();
  }

  @Test
  void what_was_read_afterwards_waits_and_leaves_the_budget_once_somebody_else_approves() {
    PlanBook book = book(ONCE, AFTER);
    assertThat(corrected(book, ONCE)).isEmpty();
    assertThat(waiting).hasSize(1);
    PlannedWork past = book.list().get(0);
    assertThat(past.needsApproval()).isTrue();
    assertThat(past.mayBeApprovedBy("anna", "dana")).isFalse();
    assertThat(past.mayBeApprovedBy("anna", "anna")).isTrue();
    book.put(past.approvedBy("anna", AFTER));
    assertThat(corrected(book, ONCE)).containsExactly(at("2026-11-29T02:00"));
    PlanBook restarted = book(ONCE, AFTER.plusSeconds(60));
    assertThat(corrected(restarted, ONCE)).containsExactly(at("2026-11-29T02:00"));
    assertThat(waiting).hasSize(1);
    // With the file goes what it planned, approved or not.
    assertThat(restarted.reload(Definitions.EMPTY, AFTER).declared()).isEmpty();
  }

  @Test
  void what_was_rejected_stays_in_the_budget() {
    PlanBook book = book(ONCE, AFTER);
    book.put(book.list().get(0).rejectedBy("anna", AFTER));
    assertThat(corrected(book, ONCE)).isEmpty();
    assertThat(corrected(book(ONCE, AFTER.plusSeconds(60)), ONCE)).isEmpty();
    assertThat(waiting).hasSize(1);
  }

  @Test
  void of_what_recurs_only_the_times_that_had_passed_wait() {
    PlanBook book = book(SUNDAYS, AFTER);
    assertThat(corrected(book, SUNDAYS)).containsExactly(at("2026-12-06T02:00"));
    book.put(book.list().get(0).approvedBy("anna", AFTER));
    assertThat(corrected(book, SUNDAYS))
        .containsExactly(at("2026-11-29T02:00"), at("2026-12-06T02:00"));
  }

  @Test
  void what_is_under_way_when_it_is_read_counts_from_then_on() {
    Instant underWay = at("2026-11-29T03:00");
    assertThat(corrected(book(ONCE, underWay), ONCE)).containsExactly(underWay);
    assertThat(waiting).hasSize(1);
  }

  @Test
  void before_anything_was_judged_there_is_no_past_to_correct() {
    PlanBook book = book(SUNDAYS, Instant.EPOCH);
    assertThat(book.list()).isEmpty();
    assertThat(corrected(book, SUNDAYS))
        .containsExactly(at("2026-11-29T02:00"), at("2026-12-06T02:00"));
  }

  private static Instant at(String minute) {
    return Instant.parse(minute + ":00Z");
  }
}
