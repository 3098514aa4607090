package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.BudgetWindow;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.LowCountGuard;
import dev.tidemark.engine.definition.NoDataPolicy;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.Roster;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.Sli;
import dev.tidemark.engine.evaluate.BucketChange;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  private static final ObjectiveId ID = new ObjectiveId("orders");
  private static final Selector BEATS = new Selector("beat", Map.of());
  private static final Series BEAT = series("beat", MetricKind.GAUGE);
  private static final Series GOOD = series("good", MetricKind.DELTA_SUM);
  private static final Series TOTAL = series("total", MetricKind.DELTA_SUM);

  private static Series series(String name, MetricKind kind) {
    return Series.of(name, kind, "1", Map.of(), Map.of());
  }

  private static Instant minute(int minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  private static MetricPoint point(Series series, int minute, double value) {
    return MetricPoint.number(series, 0, minute(minute).getEpochSecond() * 1_000_000_000L, value);
  }

  private static Definitions definitions(Sli sli, String target) {
    Objective objective =
        new Objective(
            ID,
            "Orders",
            new Objective.Subject(Objective.Subject.Type.DATASET, "orders"),
            "",
            "",
            sli,
            Target.parse(target),
            new BudgetWindow.Rolling(Duration.ofDays(30), "30d"),
            Duration.ofMinutes(1),
            NoDataPolicy.IGNORED,
            Duration.ofMinutes(30),
            List.of(
                new BurnRateCondition(
                    Duration.ofHours(1),
                    Duration.ofMinutes(5),
                    14.4,
                    BurnRateCondition.Severity.PAGE)),
            Map.of(),
            "",
            "");
    return new Definitions(List.of(), List.of(objective), List.of());
  }

  private static Definitions heartbeat() {
    return definitions(
        new Sli.Heartbeat(BEATS, Duration.ofMinutes(2), Duration.ofMinutes(1)), "99%");
  }

  private static Definitions ratio(String target) {
    return definitions(
        new Sli.Ratio(
            "ratio",
            new Selector("good", Map.of()),
            false,
            new Selector("total", Map.of()),
            new Sli.Budgeting.Occurrences()),
        target);
  }

  private static List<EventCounts> after(Tick tick) {
    return tick.bucketChanges().stream().map(BucketChange::after).toList();
  }

  @Test
  void silence_burns_once_a_beat_and_its_grace_are_over() {
    Judge judge = new Judge(heartbeat(), START);
    judge.apply(point(BEAT, 1, 1));
    // Slices end at 1..6; the beat of minute 1 is 3 minutes old at minute 4, 4 at minute 5.
    assertThat(after(judge.tick(minute(6))))
        .extracting(EventCounts::good)
        .containsExactly(1.0, 1.0, 1.0, 1.0, 0.0, 0.0);
    assertThat(judge.badSince(ID)).contains(minute(4));
  }

  @Test
  void a_late_beat_turns_bad_slices_good() {
    Judge judge = new Judge(heartbeat(), START);
    assertThat(judge.tick(minute(6)).firing()).isNotEmpty();
    judge.apply(point(BEAT, 3, 1));
    Tick late = judge.tick(minute(6));
    assertThat(late.bucketChanges()).hasSize(3).allMatch(BucketChange::restated);
    assertThat(judge.currentlyBad(ID)).isFalse();
    assertThat(late.firing()).isEmpty();
  }

  @Test
  void replayed_points_count_once_and_corrections_are_subtracted() {
    Judge judge = new Judge(ratio("99%"), START);
    MetricPoint total = point(TOTAL, 0, 10);
    judge.apply(total);
    judge.apply(total);
    judge.apply(point(GOOD, 0, 9));
    assertThat(after(judge.tick(minute(1)))).containsExactly(new EventCounts(9, 10));
    judge.apply(point(TOTAL, 0, -1));
    assertThat(after(judge.tick(minute(1)))).containsExactly(new EventCounts(9, 9));
    assertThat(judge.snapshot(ID, minute(1)).orElseThrow().burnRates().values())
        .allMatch(rate -> rate.value() == 0);
  }

  @Test
  void an_objective_that_cannot_be_judged_stops_no_other_and_is_told_once() {
    // An interval of 200 % has no bound: comparing it throws.
    Objective healthy = ratio("99%").objectives().get(0);
    Objective broken =
        new Objective(
            new ObjectiveId("broken"),
            healthy.displayName(),
            healthy.subject(),
            healthy.owner(),
            healthy.domain(),
            healthy.sli(),
            healthy.target(),
            healthy.window(),
            List.of(),
            0,
            healthy.slice(),
            healthy.noData(),
            Roster.NONE,
            healthy.allowedLateness(),
            healthy.conditions(),
            new LowCountGuard(0, 2),
            healthy.labels(),
            "",
            "");
    Judge judge = new Judge(new Definitions(List.of(), List.of(broken, healthy), List.of()), START);
    List<ObjectiveId> told = new ArrayList<>();
    judge.onFailure((id, why) -> told.add(id));
    Tick last = judge.tick(START);
    for (int minute = 0; minute < 20; minute++) {
      judge.apply(point(TOTAL, minute, 1_000));
      judge.apply(point(GOOD, minute, 500));
      last = judge.tick(minute(minute + 1));
    }
    assertThat(last.firing()).extracting(firing -> firing.objective().id()).containsExactly(ID);
    assertThat(told).containsExactly(new ObjectiveId("broken"));
  }

  @Test
  void a_page_fires_when_an_hour_has_burned_fourteen_point_four() {
    // 99 %: 14.4 is reached at 14.4 % bad; 100 good a minute, then all bad: with 50 good minutes
    // before, 8 bad ones are 13.8 %, 9 are 15.3 %.
    Judge judge = new Judge(ratio("99%"), START);
    for (int minute = 0; minute < 59; minute++) {
      judge.apply(point(TOTAL, minute, 100));
      judge.apply(point(GOOD, minute, minute < 50 ? 100 : 0));
    }
    assertThat(judge.tick(minute(58)).firing()).isEmpty();
    assertThat(judge.tick(minute(59)).firing()).hasSize(1);
  }

  @Test
  void time_away_is_unknown_until_a_signal_speaks_for_it() {
    Judge judge = new Judge(heartbeat(), START);
    judge.apply(point(BEAT, 1, 1));
    assertThat(judge.tick(minute(2)).firing()).isEmpty();
    judge.markDown(minute(2), minute(12));
    Tick back = judge.tick(minute(12));
    assertThat(back.bucketChanges()).hasSize(10).allMatch(BucketChange::unknown);
    assertThat(back.firing()).isEmpty();
    judge.apply(point(BEAT, 6, 1));
    // Good at the ends of minutes 6 to 9; nothing speaks for 10 to 12.
    assertThat(judge.tick(minute(12)).bucketChanges())
        .extracting(BucketChange::start)
        .contains(minute(6), minute(7), minute(8))
        .doesNotContain(minute(9), minute(10), minute(11));
  }

  @Test
  void a_restarted_judge_goes_on_as_if_it_had_never_stopped() {
    List<MetricPoint> points = new ArrayList<>();
    for (int minute = 1; minute < 300; minute += minute % 7 == 0 ? 5 : 1) {
      points.add(point(BEAT, minute, 1));
    }
    Judge whole = new Judge(heartbeat(), START);
    points.forEach(whole::apply);
    Tick stored = whole.tick(minute(300));

    Judge second = new Judge(heartbeat(), minute(300));
    Instant from = minute(300).minus(second.horizon());
    Resumption resumption = second.resumeAt(from);
    stored
        .bucketChanges()
        .forEach(c -> resumption.restore(c.objective(), c.start(), c.after(), c.unknown()));
    Instant replayed = resumption.replayFrom();
    points.stream().filter(p -> !p.eventTime().isBefore(replayed)).forEach(second::apply);
    assertThat(second.tick(minute(300)).bucketChanges()).noneMatch(BucketChange::unknown);

    assertThat(second.snapshot(ID, minute(300))).isEqualTo(whole.snapshot(ID, minute(300)));
    assertThat(second.currentlyBad(ID)).isEqualTo(whole.currentlyBad(ID));
    assertThat(after(second.tick(minute(310)))).isEqualTo(after(whole.tick(minute(310))));
  }
}
