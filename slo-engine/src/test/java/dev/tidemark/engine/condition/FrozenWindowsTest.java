package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Silence that freezes windows freezes them through everything that happens meanwhile. A hundred
 * records came every minute for six hours, and one of each hundred was rejected in the first hour.
 * Then nothing comes for an hour and a half, longer than late records are waited for.
 */
class FrozenWindowsTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final ObjectiveId ID = new ObjectiveId("orders-validity");
  private static final Duration SIX_HOURS = Duration.ofHours(6);

  /** 60 of 36,000 are bad where 0.1 % may be. A window that moved on by an hour would have none. */
  private static final double RATE = 60 / 36_000.0 / 0.001;

  private static final Definitions DEFINITIONS = definitions();

  private final Judge judge = new Judge(DEFINITIONS, START);
  private final List<BucketChange> stored = new ArrayList<>();

  private static Definitions definitions() {
    return definitions("7d");
  }

  private static Definitions definitions(String window) {
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
                      objectives: [{validity: {target: 99.9%%, window: %s, noData: frozen}}]
                    """
                        .formatted(window))));
    assertThat(parsed.hasErrors()).as("%s", parsed.problems()).isFalse();
    return parsed.definitions();
  }

  @BeforeEach
  void six_hours_of_records_and_then_silence() {
    for (int minute = 0; minute < 360; minute++) {
      judge.apply(records("observed", minute, 100));
      judge.apply(records("rejected", minute, minute < 60 ? 1 : 0));
      List<BucketChange> changes = judge.tick(minute(minute + 1)).bucketChanges();
      assertThat(changes).hasSize(1);
      stored.addAll(changes);
    }
    for (int minute = 360; minute < 450; minute++) {
      assertThat(judge.tick(minute(minute + 1)).bucketChanges()).isEmpty();
    }
  }

  private static Instant minute(long minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  private static MetricPoint records(String outcome, int minute, double value) {
    return MetricPoint.number(
        Series.of(
            "tidemark.records",
            MetricKind.DELTA_SUM,
            "1",
            Map.of(),
            Map.of("dataset", "orders", "outcome", outcome)),
        0,
        minute(minute).getEpochSecond() * 1_000_000_000L,
        value);
  }

  private static void assertStandsStill(Judge judge, Instant at) {
    BudgetSnapshot snapshot = judge.snapshot(ID, at).orElseThrow();
    assertThat(snapshot.burnRates().getOrDefault(SIX_HOURS, new BurnRate(-1)).value())
        .isCloseTo(RATE, within(1e-9));
    assertThat(snapshot.frozenSince()).contains(minute(360));
  }

  @Test
  void windows_stand_where_the_last_records_left_them() {
    assertStandsStill(judge, minute(450));
  }

  @Test
  void a_start_from_windows_that_were_saved_in_the_silence_leaves_them_there() {
    Settled saved = judge.settled(ID).orElseThrow();
    Judge restarted = new Judge(DEFINITIONS, minute(460));
    Resumption resumption = restarted.resumeAt(minute(460).minus(restarted.horizon()));
    assertThat(resumption.adopt(saved)).isTrue();
    assertThat(restarted.tick(minute(460)).bucketChanges()).isEmpty();
    assertStandsStill(restarted, minute(460));
  }

  @Test
  void another_window_by_an_edit_in_the_silence_is_filled_up_to_there_and_no_further() {
    for (String window : List.of("14d", "month")) {
      Definitions changed = definitions(window);
      Refill refill = judge.refill(changed, objective -> List.of(), minute(450));
      assertThat(refill.wanted()).containsExactly(ID);
      stored.forEach(change -> refill.take(ID, change.start(), change.after(), change.unknown()));
      judge.reload(changed, minute(450), refill);
      assertStandsStill(judge, minute(450));
      assertThat(judge.tick(minute(451)).bucketChanges()).isEmpty();
      assertStandsStill(judge, minute(451));
    }
  }

  @Test
  void a_correction_of_the_silence_leaves_them_there() {
    judge.correct(
        ID,
        List.of(new Correction("BF-1", minute(365), minute(370), Correction.Mode.DROP)),
        Map.of());
    assertThat(judge.tick(minute(451)).bucketChanges()).isEmpty();
    assertStandsStill(judge, minute(451));
  }

  @Test
  void a_time_of_which_nobody_knows_leaves_them_there() {
    judge.markDown(minute(450), minute(510));
    assertThat(judge.tick(minute(510)).bucketChanges()).hasSize(60);
    assertStandsStill(judge, minute(510));
  }
}
