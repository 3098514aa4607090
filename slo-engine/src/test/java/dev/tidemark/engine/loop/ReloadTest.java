package dev.tidemark.engine.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.condition.Firing;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Resumption;
import dev.tidemark.engine.condition.Tick;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.planned.Plans;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of definitions are edited under a judge that has counted for a while. */
class ReloadTest {
  private static final ObjectiveId BEATS = new ObjectiveId("orders-heartbeat");
  private static final ObjectiveId SHARE = new ObjectiveId("orders-validity");

  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        owner: team-payments
        objectives:
          - validity: {target: 99.9%, window: 7d}
          - heartbeat: {connector: cdc, every: 1m, target: 99.9%, window: 7d}
      """;

  private final MemoryBuckets buckets = new MemoryBuckets();

  private static Definitions definitions(String text) {
    return SavedWindowsProperties.definitions(text);
  }

  private static Instant at(long minute) {
    return SavedWindowsProperties.minute(minute);
  }

  /** Beats until minute 100 and none after; of 100 rows a minute one is rejected, up to 120. */
  private Judge judge() {
    Judge judge = new Judge(definitions(DEFINITIONS), SavedWindowsProperties.START);
    for (int minute = 1; minute <= 120; minute++) {
      if (minute <= 100) {
        judge.apply(
            SavedWindowsProperties.point(
                "tidemark.heartbeat",
                MetricKind.DELTA_SUM,
                Map.of("connector", "cdc"),
                at(minute),
                1));
      }
      rows(judge, minute - 1);
      keep(judge.tick(at(minute)));
    }
    return judge;
  }

  private static void rows(Judge judge, int minute) {
    for (String outcome : List.of("observed", "rejected")) {
      judge.apply(
          SavedWindowsProperties.point(
              "tidemark.records",
              MetricKind.DELTA_SUM,
              Map.of("dataset", "orders", "outcome", outcome),
              at(minute),
              outcome.equals("observed") ? 100 : 1));
    }
  }

  @CanIgnoreReturnValue
  private Tick keep(Tick tick) {
    buckets.write(tick.bucketChanges());
    return tick;
  }

  private void edit(Judge judge, String text, long minute) {
    Corrections.Asker asker =
        new Corrections.Asker() {
          @Override
          public <T> CompletionStage<T> ask(Function<Judge, T> question) {
            return CompletableFuture.completedFuture(question.apply(judge));
          }
        };
    Definitions changed = definitions(text);
    new Reload(buckets).apply(changed, Plans.of(changed), asker, () -> at(minute));
  }

  private static EventCounts counts(Judge judge, ObjectiveId id, long minute) {
    return judge.snapshot(id, at(minute)).orElseThrow().counts();
  }

  private static Firing firing(Judge judge, ObjectiveId id) {
    return judge.firing(id).orElseThrow();
  }

  @Test
  void a_line_of_comment_on_top_changes_neither_budget_nor_what_fires_nor_a_restart(
      @TempDir Path folder) throws Exception {
    Judge judge = judge();
    BudgetSnapshot beats = judge.snapshot(BEATS, at(120)).orElseThrow();
    BudgetSnapshot share = judge.snapshot(SHARE, at(120)).orElseThrow();
    Firing page = firing(judge, BEATS);
    assertThat(share.counts()).isEqualTo(new EventCounts(120 * 99, 120 * 100));
    String commented = "# Agreed with the payments team.\n" + DEFINITIONS;
    edit(judge, commented, 120);
    assertThat(judge.snapshot(BEATS, at(120))).contains(beats);
    assertThat(judge.snapshot(SHARE, at(120))).contains(share);
    assertThat(judge.tick(at(120)).firing()).contains(newPlace(page, judge));
    assertThat(judge.badSince(BEATS)).contains(page.badSince());

    // What is saved after it is whole too.
    Path file = folder.resolve("windows.bin");
    new WindowFile(file)
        .write(
            entries -> {
              entries.add(judge.settled(BEATS).orElseThrow());
              entries.add(judge.settled(SHARE).orElseThrow());
            });
    Judge next = new Judge(definitions(commented), at(120));
    Resumption resumption = next.resumeAt(at(120).minus(next.horizon()));
    Map<ObjectiveId, Instant> taken = SavedWindows.load(file, resumption);
    assertThat(taken).containsOnlyKeys(BEATS, SHARE);
    taken.forEach(
        (id, from) ->
            buckets.read(
                id,
                from,
                at(120),
                bucket ->
                    resumption.restore(id, bucket.start(), bucket.counts(), bucket.unknown())));
    for (int minute = 0; minute < 120; minute++) {
      rows(next, minute);
    }
    assertThat(next.tick(at(120)).bucketChanges()).isNotEmpty();
    assertThat(counts(next, SHARE, 120)).isEqualTo(share.counts());
    assertThat(counts(next, BEATS, 120).total()).isEqualTo(beats.counts().total());
    assertThat(Files.exists(file)).isTrue();
  }

  private static Firing newPlace(Firing old, Judge judge) {
    return new Firing(
        judge.definitions().objectives().stream()
            .filter(objective -> objective.id().equals(old.objective().id()))
            .findFirst()
            .orElseThrow(),
        old.condition(),
        old.since(),
        old.badSince(),
        old.longRate(),
        old.shortRate());
  }

  @Test
  void another_target_judges_the_same_counts_anew_and_a_page_goes_on() {
    Judge judge = judge();
    Instant since = firing(judge, BEATS).since();
    EventCounts before = counts(judge, BEATS, 120);
    edit(judge, DEFINITIONS.replace("1m, target: 99.9%", "1m, target: 99%"), 120);
    assertThat(counts(judge, BEATS, 120)).isEqualTo(before);
    assertThat(judge.tick(at(120)).firing()).hasSize(2);
    assertThat(firing(judge, BEATS).since()).isEqualTo(since);
    // 18 bad minutes in the hour are 300 × of 0.1 % and 30 × of 1 %.
    assertThat(
            requireNonNull(
                    judge
                        .snapshot(BEATS, at(120))
                        .orElseThrow()
                        .burnRates()
                        .get(Duration.ofHours(1)))
                .value())
        .isEqualTo(30, within(1e-9));
  }

  @Test
  void another_window_is_filled_from_what_is_stored() {
    Judge judge = judge();
    EventCounts beats = counts(judge, BEATS, 120);
    Instant since = firing(judge, BEATS).since();
    edit(judge, DEFINITIONS.replace("window: 7d", "window: month"), 120);
    assertThat(judge.snapshot(BEATS, at(120)).orElseThrow().budget().name()).startsWith("month");
    assertThat(counts(judge, BEATS, 120)).isEqualTo(beats);
    assertThat(counts(judge, SHARE, 120)).isEqualTo(new EventCounts(120 * 99, 120 * 100));
    assertThat(judge.tick(at(120)).firing())
        .filteredOn(firing -> firing.objective().id().equals(BEATS))
        .hasSize(1);
    assertThat(firing(judge, BEATS).since()).isBeforeOrEqualTo(at(120)).isAfterOrEqualTo(since);
    rows(judge, 120);
    keep(judge.tick(at(121)));
    assertThat(counts(judge, SHARE, 121)).isEqualTo(new EventCounts(121 * 99, 121 * 100));
  }

  @Test
  void another_limit_holds_from_here_on_and_forgets_neither_spending_nor_signals() {
    Judge judge = judge();
    EventCounts before = counts(judge, BEATS, 120);
    // Silent for twenty minutes; with a grace as long as the interval, ten minutes are too many.
    edit(judge, DEFINITIONS.replace("every: 1m", "every: 5m"), 120);
    assertThat(counts(judge, BEATS, 120)).isEqualTo(before);
    assertThat(judge.currentlyBad(BEATS)).isTrue();
    keep(judge.tick(at(122)));
    assertThat(counts(judge, BEATS, 122)).isEqualTo(before.plus(new EventCounts(0, 2)));
  }

  @Test
  void a_promise_in_other_units_begins_anew() {
    Judge judge = judge();
    edit(judge, DEFINITIONS.replace("every: 1m,", "every: 1m, timeSlice: 5m,"), 120);
    assertThat(counts(judge, BEATS, 120)).isEqualTo(EventCounts.NONE);
    keep(judge.tick(at(125)));
    assertThat(counts(judge, BEATS, 125)).isEqualTo(new EventCounts(0, 1));
  }

  @Test
  void an_objective_that_comes_back_has_what_it_had_and_does_not_know_the_time_between() {
    Judge judge = judge();
    EventCounts before = counts(judge, BEATS, 120);
    String without =
        DEFINITIONS.replace(
            "    - heartbeat: {connector: cdc, every: 1m, target: 99.9%, window: 7d}\n", "");
    edit(judge, without, 120);
    assertThat(judge.snapshot(BEATS, at(120))).isEmpty();
    for (int minute = 121; minute <= 180; minute++) {
      keep(judge.tick(at(minute)));
    }
    edit(judge, DEFINITIONS, 180);
    assertThat(counts(judge, BEATS, 180)).isEqualTo(before);
    // Two minutes of grace are good.
    keep(judge.tick(at(182)));
    assertThat(counts(judge, BEATS, 182)).isEqualTo(before.plus(new EventCounts(2, 2)));
    // Of seven days 122 minutes were watched.
    assertThat(judge.snapshot(BEATS, at(182)).orElseThrow().coverageRatio())
        .isEqualTo(122 / 10_080.0, within(1e-9));
  }
}
