package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.budget.ErrorBudget;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an owner writes in one line, judged; every number worked out by hand. */
class PromiseTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  private static Definitions objective(String line) {
    ParseResult parsed = Promised.parse(line);
    assertThat(parsed.problems()).isEmpty();
    return parsed.definitions();
  }

  private static ObjectiveId id(Definitions definitions) {
    return definitions.objectives().get(0).id();
  }

  private static BudgetSnapshot budget(Judge judge, Instant at) {
    return judge.snapshot(id(judge.definitions()), at).orElseThrow();
  }

  private static boolean tick(Judge judge, Instant at) {
    return !judge.tick(at).firing().isEmpty();
  }

  private static void minutes(Judge judge, Instant from, int count) {
    for (int i = 1; i <= count; i++) {
      assertThat(judge.tick(from.plus(Duration.ofMinutes(i)))).isNotNull();
    }
  }

  private static MetricPoint point(
      String metric, MetricKind kind, Instant at, double value, String... attributes) {
    java.util.HashMap<String, String> map = new java.util.HashMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      map.put(attributes[i], attributes[i + 1]);
    }
    return MetricPoint.number(
        Series.of(metric, kind, "", Map.of("service.name", "ingest"), map),
        0,
        at.getEpochSecond() * 1_000_000_000L,
        value);
  }

  private static MetricPoint beat(Instant at) {
    return point("tidemark.heartbeat", MetricKind.DELTA_SUM, at, 1, "connector", "cdc");
  }

  private static MetricPoint run(Instant at, String outcome, double count) {
    return point("tidemark.runs", MetricKind.DELTA_SUM, at, count, "outcome", outcome);
  }

  private static Instant minute(long minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  // ---- windows -------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    // 23 hours: the clocks of Warsaw go forward on 29 March 2026.
    "day,     2026-03-29T10:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
    // 25 hours: they go back on 25 October.
    "day,     2026-10-25T10:00:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
    "week,    2026-03-29T10:00:00Z, 2026-03-22T23:00:00Z, 2026-03-29T22:00:00Z",
    // A leap year's February has 29 days.
    "month,   2028-02-10T10:00:00Z, 2028-01-31T23:00:00Z, 2028-02-29T23:00:00Z",
    "quarter, 2026-05-10T10:00:00Z, 2026-03-31T22:00:00Z, 2026-06-30T22:00:00Z",
    "year,    2028-05-10T10:00:00Z, 2027-12-31T23:00:00Z, 2028-12-31T23:00:00Z",
  })
  void a_calendar_window_is_as_long_as_the_calendar_says(
      String unit, Instant at, Instant start, Instant end) {
    Definitions definitions =
        objective(
            "heartbeat: {connector: cdc, every: 1m, target: 99%, window: "
                + unit
                + ", timeZone: Europe/Warsaw}");
    Judge judge = new Judge(definitions, at);
    judge.apply(beat(at));
    assertThat(tick(judge, at.plusSeconds(60))).isFalse();
    ErrorBudget budget = budget(judge, at.plusSeconds(60)).budget();
    assertThat(budget.start()).isEqualTo(start);
    assertThat(budget.end()).isEqualTo(end);
    // 1 % of all minutes of the unit may be bad.
    assertThat(budget.leftCount())
        .isCloseTo(Duration.between(start, end).toMinutes() * 0.01, within(1e-9));
  }

  @Test
  void a_budget_is_whole_again_when_its_calendar_unit_begins_and_the_rolling_one_is_not() {
    Instant evening = Instant.parse("2026-03-02T22:00:00Z");
    Definitions definitions =
        objective(
            "heartbeat: {connector: cdc, every: 1m, target: 99%, window: [day, 7d],"
                + " timeZone: Europe/Warsaw}");
    Judge judge = new Judge(definitions, evening);
    minutes(judge, evening, 59);
    // Nothing was ever heard: after two minutes of promise and grace 57 minutes are bad.
    BudgetSnapshot before = budget(judge, evening.plus(Duration.ofMinutes(59)));
    assertThat(before.counts().bad()).isEqualTo(57);
    assertThat(before.leftRatio().orElseThrow()).isCloseTo(1 - 57 / 14.4, within(1e-9));
    judge.apply(beat(evening.plus(Duration.ofMinutes(60))));
    minutes(judge, evening.plus(Duration.ofMinutes(59)), 2);
    BudgetSnapshot after = budget(judge, evening.plus(Duration.ofMinutes(61)));
    assertThat(after.budget().name()).isEqualTo("day (Europe/Warsaw)");
    assertThat(after.counts()).isEqualTo(new EventCounts(1, 1));
    assertThat(after.leftRatio()).hasValue(1);
    assertThat(after.others()).hasSize(1);
    assertThat(after.others().get(0).counts().bad()).isEqualTo(57);
  }

  @Test
  void a_budget_of_events_comes_from_what_was_seen_or_from_what_is_expected() {
    String line = "runs: {target: 90%, window: month";
    Judge seen = new Judge(objective(line + "}"), START);
    Judge expected = new Judge(objective(line + ", expectedEvents: 1000}"), START);
    for (Judge judge : List.of(seen, expected)) {
      judge.apply(run(START, "success", 98));
      judge.apply(run(START, "failure", 2));
      minutes(judge, START, 1);
    }
    // 10 of the 100 seen may fail, or 100 of the 1,000 expected. At 100 a minute 8 are 4.8 s; at
    // 1,000 in the 31 days of March 98 are 72.9 h.
    assertThat(budget(seen, minute(1)).leftText()).isEqualTo("8 bad events left (5 s of failure)");
    assertThat(budget(seen, minute(1)).leftRatio().orElseThrow()).isCloseTo(0.8, within(1e-9));
    assertThat(budget(expected, minute(1)).leftText())
        .isEqualTo("98 bad events left (3 d of failure)");
    assertThat(budget(expected, minute(1)).leftRatio().orElseThrow()).isCloseTo(0.98, within(1e-9));
  }

  // ---- silence -------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    // Ten minutes with 10 good runs each, then ten without any.
    "occurrences, good, 110, 110",
    "occurrences, bad, 100, 110",
    "occurrences, ignored, 100, 100",
    "occurrences, frozen, 100, 100",
    "'timeslices, sliceTarget: 90%', good, 20, 20",
    "'timeslices, sliceTarget: 90%', bad, 10, 20",
    "'timeslices, sliceTarget: 90%', ignored, 10, 10",
    "'timeslices, sliceTarget: 90%', frozen, 10, 10",
    "ratioTimeslices, good, 20, 20",
    "ratioTimeslices, bad, 10, 20",
    "ratioTimeslices, ignored, 10, 10",
    "ratioTimeslices, frozen, 10, 10",
  })
  void silence_counts_as_its_owner_says(String method, String silence, double good, double total) {
    Judge judge =
        new Judge(
            objective(
                "ratio: {good: {metric: m, where: {ok: y}}, total: {metric: m}, target: 90%,"
                    + " noData: "
                    + silence
                    + ", method: "
                    + method
                    + "}"),
            START);
    for (int i = 0; i < 10; i++) {
      judge.apply(point("m", MetricKind.DELTA_SUM, minute(i), 10, "ok", "y"));
    }
    minutes(judge, START, 20);
    assertThat(budget(judge, minute(20)).counts()).isEqualTo(new EventCounts(good, total));
  }

  @Test
  void frozen_silence_keeps_an_alert_until_data_come_and_ignored_silence_lets_it_end() {
    String line =
        "ratio: {good: {metric: m, where: {ok: y}}, total: {metric: m}, target: 99%, noData: ";
    Judge frozen = new Judge(objective(line + "frozen}"), START);
    Judge ignored = new Judge(objective(line + "ignored}"), START);
    for (Judge judge : List.of(frozen, ignored)) {
      judge.apply(point("m", MetricKind.DELTA_SUM, minute(0), 100, "ok", "n"));
      assertThat(tick(judge, minute(1))).isTrue();
      minutes(judge, minute(1), 60 * 24 * 4);
    }
    Instant later = minute(60 * 24 * 4 + 1);
    assertThat(frozen.firing(id(frozen.definitions()))).isPresent();
    assertThat(budget(frozen, later).frozenSince()).contains(minute(1));
    assertThat(ignored.firing(id(ignored.definitions()))).isEmpty();
    frozen.apply(point("m", MetricKind.DELTA_SUM, later, 100, "ok", "y"));
    assertThat(tick(frozen, later.plusSeconds(60))).isFalse();
    assertThat(budget(frozen, later.plusSeconds(60)).frozenSince()).isEmpty();
  }

  // ---- guards --------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    // 99.9 % in 30 d: page at 14.4, so at a bad share of 1.44 %. Lower ends of the one-sided 95 %
    // intervals: scipy.stats.beta.ppf(0.05, bad, total - bad + 1).
    "1, 10, false", // 0.51 %
    "2, 10, true", // 3.68 %
    "1, 1, true", // 5.0 %
    "1, 4, false", // 1.27 %
    "1, 3, true", // 1.70 %
    "90, 6000, false", // 1.25 %
    "120, 6000, true", // 1.71 %
  })
  void a_handful_of_events_pages_only_when_it_is_no_accident(int bad, int total, boolean pages) {
    Judge judge = new Judge(objective("runs: {target: 99.9%, window: 30d}"), START);
    judge.apply(run(START, "failure", bad));
    judge.apply(run(START, "success", total - bad));
    boolean paged =
        judge.tick(minute(1)).firing().stream()
            .anyMatch(firing -> firing.condition().factor() > 14);
    assertThat(paged).isEqualTo(pages);
  }

  @Test
  void a_floor_on_events_holds_back_what_the_interval_would_let_through() {
    String line = "runs: {target: 99.9%, window: 30d, alerting: {minEvents: 20}}";
    Judge few = new Judge(objective(line), START);
    few.apply(run(START, "failure", 19));
    assertThat(tick(few, minute(1))).isFalse();
    few.apply(run(minute(1), "failure", 1));
    assertThat(tick(few, minute(2))).isTrue();
  }

  @Test
  void a_long_window_with_little_behind_it_waits() {
    Judge judge =
        new Judge(
            objective(
                "heartbeat: {connector: cdc, every: 1m, target: 99%, window: 30d, alerting:"
                    + " {conditions: [{long: 1h, short: 5m, factor: 10, coverage: 50%}]}}"),
            START);
    minutes(judge, START, 29);
    assertThat(judge.firing(id(judge.definitions()))).isEmpty();
    assertThat(tick(judge, minute(30))).isTrue();
  }

  @Test
  void a_condition_with_hours_begins_only_in_them() {
    // Monday 2 March 2026: 08:00 in Warsaw is 07:00 UTC.
    Judge judge =
        new Judge(
            objective(
                "heartbeat: {connector: cdc, every: 1m, target: 99%, window: 30d, timeZone:"
                    + " Europe/Warsaw, alerting: {conditions: [{long: 1h, short: 5m, factor: 1,"
                    + " severity: ticket, during: business-hours}]}}"),
            START);
    minutes(judge, START, 7 * 60 - 1);
    assertThat(judge.firing(id(judge.definitions()))).isEmpty();
    assertThat(tick(judge, minute(7 * 60))).isTrue();
  }

  @Test
  void detection_from_a_clean_hour_takes_as_long_as_the_arithmetic_says() {
    // 99.9 %, 30 d: 14.4 x 0.1 % of 60 minutes are 0.864, so the first bad minute; 99 %: 8.64, so
    // the ninth (anchors: 0.864 and 8.64 minutes).
    for (var expected : Map.of("99.9%", 1, "99%", 9).entrySet()) {
      Judge judge =
          new Judge(
              objective(
                  "heartbeat: {connector: cdc, every: 1m, grace: 1m, window: 30d, target: "
                      + expected.getKey()
                      + "}"),
              START);
      for (int i = 0; i < 600; i++) {
        judge.apply(beat(minute(i)));
      }
      minutes(judge, START, 600);
      int bad = 0;
      boolean firing = false;
      for (int minute = 601; !firing && minute < 660; minute++) {
        firing =
            judge.tick(minute(minute)).firing().stream().anyMatch(f -> f.condition().factor() > 14);
        bad += judge.currentlyBad(id(judge.definitions())) ? 1 : 0;
      }
      assertThat(bad).describedAs(expected.getKey()).isEqualTo(expected.getValue());
    }
  }

  // ---- corrections ---------------------------------------------------------------------------

  @Test
  void a_correction_drops_slices_or_makes_them_good_and_the_raw_numbers_stay() {
    Judge judge =
        new Judge(
            objective("heartbeat: {connector: cdc, every: 1m, target: 99%, window: 7d}"), START);
    minutes(judge, START, 62);
    ObjectiveId id = id(judge.definitions());
    assertThat(budget(judge, minute(62)).counts()).isEqualTo(new EventCounts(2, 62));
    Correction drop = new Correction("m", minute(10), minute(40), Correction.Mode.DROP);
    judge.correct(id, List.of(drop), Map.of());
    BudgetSnapshot dropped = budget(judge, minute(62));
    assertThat(dropped.counts()).isEqualTo(new EventCounts(2, 32));
    assertThat(dropped.budget().rawCounts()).isEqualTo(new EventCounts(2, 62));
    // 1 % of 10,080 minutes are 100.8, of the 10,050 that are left 100.5: 30 bad ones, not 60.
    assertThat(dropped.leftRatio().orElseThrow()).isCloseTo(1 - 30 / 100.5, within(1e-9));
    assertThat(dropped.budget().rawLeftRatio().orElseThrow())
        .isCloseTo(1 - 60 / 100.8, within(1e-9));
    judge.correct(
        id, List.of(new Correction("m", minute(10), minute(40), Correction.Mode.GOOD)), Map.of());
    assertThat(budget(judge, minute(62)).counts()).isEqualTo(new EventCounts(32, 62));
    judge.correct(id, List.of(), Map.of());
    assertThat(budget(judge, minute(62)).counts()).isEqualTo(new EventCounts(2, 62));
  }

  @Test
  void a_correction_reaches_back_with_stored_buckets_and_ahead_by_itself() {
    Judge judge =
        new Judge(
            objective(
                "heartbeat: {connector: cdc, every: 1m, target: 99%, window: 7d, allowedLateness:"
                    + " 5m}"),
            START);
    minutes(judge, START, 120);
    ObjectiveId id = id(judge.definitions());
    assertThat(judge.recentFrom(id)).isAfter(minute(60));
    Map<Instant, EventCounts> stored = new java.util.HashMap<>();
    for (int i = 0; i < 120; i++) {
      stored.put(minute(i), new EventCounts(i < 2 ? 1 : 0, 1));
    }
    judge.correct(
        id, List.of(new Correction("m", minute(30), minute(130), Correction.Mode.DROP)), stored);
    assertThat(budget(judge, minute(120)).counts()).isEqualTo(new EventCounts(2, 30));
    minutes(judge, minute(120), 20);
    // Ten more are dropped, ten count; bad all of them.
    assertThat(budget(judge, minute(140)).counts()).isEqualTo(new EventCounts(2, 40));
  }

  // ---- arrival, roster, cost -----------------------------------------------------------------

  @Test
  void late_data_are_bad_from_the_deadline_until_they_come_and_holidays_have_none() {
    // Monday 2 March, 06:00 in Warsaw is 05:00 UTC; Tuesday is a holiday; Wednesday comes in time.
    Judge judge =
        new Judge(
            objective(
                "arrival: {dueBy: \"06:00\", on: business-days, holidays: [2026-03-03], timeZone:"
                    + " Europe/Warsaw, target: 99%, window: 7d}"),
            Instant.parse("2026-03-01T12:00:00Z"));
    Instant begin = Instant.parse("2026-03-01T12:00:00Z");
    judge.apply(watermark(begin, Instant.parse("2026-02-28T22:50:00Z")));
    minutes(judge, begin, 17 * 60);
    assertThat(judge.currentlyBad(id(judge.definitions()))).isTrue();
    Instant monday = Instant.parse("2026-03-02T05:00:00Z");
    minutes(judge, monday, 30);
    // The slice that ends at 05:00 sees the deadline pass; it and thirty more are bad.
    assertThat(budget(judge, monday).counts().bad()).isEqualTo(31);
    judge.apply(watermark(monday.plusSeconds(31 * 60), Instant.parse("2026-03-01T22:40:00Z")));
    minutes(judge, monday.plusSeconds(30 * 60), 60 * 24);
    // Nothing was due on Tuesday.
    assertThat(budget(judge, monday).counts().bad()).isEqualTo(31);
    Instant wednesday = Instant.parse("2026-03-04T04:30:00Z");
    judge.apply(watermark(wednesday, Instant.parse("2026-03-03T22:30:00Z")));
    minutes(judge, Instant.parse("2026-03-03T05:30:00Z"), 60 * 24 * 2);
    // Thursday's data never come: due on 5 March, 05:00 UTC, and half an hour has passed.
    assertThat(budget(judge, monday).counts().bad()).isEqualTo(31 + 31);
  }

  /**
   * On 29 March there is no 02:30 in Warsaw, so the data are due at 03:30 (01:30 UTC); on 25
   * October there are two, of which the first counts (00:30 UTC). Nothing comes: each minute from
   * the one that ends at the deadline is bad, also the one that ends at the second 02:30.
   */
  @ParameterizedTest
  @CsvSource({
    "2026-03-28T12:00:00Z, 2026-03-29T01:29:00Z, 0",
    "2026-03-28T12:00:00Z, 2026-03-29T01:40:00Z, 11",
    "2026-10-24T12:00:00Z, 2026-10-25T00:29:00Z, 0",
    "2026-10-24T12:00:00Z, 2026-10-25T01:35:00Z, 66",
  })
  void a_deadline_that_does_not_exist_is_an_hour_later_and_one_that_comes_twice_is_the_first(
      Instant begin, Instant end, double bad) {
    Judge judge =
        new Judge(
            objective(
                "arrival: {dueBy: \"02:30\", timeZone: Europe/Warsaw, target: 99%, window: 7d}"),
            begin);
    assertThat(judge.tick(end)).isNotNull();
    assertThat(budget(judge, end).counts().bad()).isEqualTo(bad);
  }

  private static MetricPoint watermark(Instant at, Instant newest) {
    return point(
        "tidemark.watermark",
        MetricKind.GAUGE,
        at,
        (double) newest.getEpochSecond(),
        "dataset",
        "orders");
  }

  @Test
  void a_member_of_the_roster_that_never_reports_is_bad() {
    Judge judge =
        new Judge(
            objective(
                "freshness: {within: 5m, target: 99%, window: 7d, roster: {attribute: region,"
                    + " members: [eu, us]}}"),
            START);
    for (int i = 0; i < 30; i++) {
      judge.apply(
          point(
              "tidemark.watermark",
              MetricKind.GAUGE,
              minute(i),
              (double) minute(i).getEpochSecond(),
              "dataset",
              "orders",
              "region",
              "eu"));
    }
    minutes(judge, START, 20);
    // The moment at which listening began stands in for 'us' for five minutes.
    assertThat(budget(judge, minute(20)).counts()).isEqualTo(new EventCounts(5, 20));
  }

  @Test
  void completeness_asks_every_member_of_the_roster() {
    Judge judge =
        new Judge(
            objective(
                "completeness: {atLeast: 99%, per: hour, target: 90%, window: 30d, roster:"
                    + " {attribute: partition, members: [a, b]}}"),
            START);
    record Row(int hour, String partition, double observed, double expected) {}
    List<Row> rows =
        List.of(
            new Row(0, "a", 100, 100),
            new Row(0, "b", 100, 100),
            new Row(1, "a", 1000, 1000),
            new Row(1, "b", 8, 10),
            new Row(2, "a", 100, 100));
    for (Row row : rows) {
      Instant at = START.plus(Duration.ofHours(row.hour()));
      for (String outcome : List.of("observed", "expected")) {
        judge.apply(
            point(
                "tidemark.records",
                MetricKind.DELTA_SUM,
                at,
                outcome.equals("observed") ? row.observed() : row.expected(),
                "dataset",
                "orders",
                "outcome",
                outcome,
                "partition",
                row.partition()));
      }
    }
    // Hour 0 is whole; in hour 1 'b' lacks a fifth although 99.8 % of all came; in hour 2 'b' is
    // silent.
    assertThat(judge.tick(START.plus(Duration.ofHours(3)))).isNotNull();
    assertThat(budget(judge, START).counts()).isEqualTo(new EventCounts(1, 3));
  }

  @Test
  void cost_is_good_while_money_per_terabyte_stays_below_the_limit() {
    Judge judge =
        new Judge(objective("cost: {below: 10, per: day, target: 90%, window: 30d}"), START);
    double[][] days = {{30, 3e12}, {31, 3e12}, {5, 0}};
    for (int day = 0; day < days.length; day++) {
      Instant at = START.plus(Duration.ofDays(day));
      judge.apply(
          point("tidemark.cost", MetricKind.DELTA_SUM, at, days[day][0], "dataset", "orders"));
      judge.apply(
          point("tidemark.bytes", MetricKind.DELTA_SUM, at, days[day][1], "dataset", "orders"));
    }
    // 10 a TB is good, 10.3 is not, and money for nothing is not; the fourth day is silent.
    assertThat(judge.tick(START.plus(Duration.ofDays(4)))).isNotNull();
    assertThat(budget(judge, START).counts()).isEqualTo(new EventCounts(1, 3));
  }

  // ---- gate and forecast ---------------------------------------------------------------------

  @Test
  void a_closed_gate_says_until_when() {
    Judge judge =
        new Judge(
            objective("heartbeat: {connector: cdc, every: 1m, target: 99%, window: 30d}"), START);
    for (int i = 0; i <= 100; i++) {
      if (i <= 50 || i > 60) {
        judge.apply(beat(minute(i)));
      }
    }
    minutes(judge, START, 70);
    // Minutes that end at 53 to 60 are bad: 8 of 60 at 1 % are 13.3; 2 x 1 % of 60 allow one, so
    // the gate opens when seven of them have left the hour: after 01:59.
    GateDecision gate = judge.gate("orders").orElseThrow();
    assertThat(gate.open()).isFalse();
    assertThat(gate.reason()).contains("burns its budget at 13.3× over 1 h");
    assertThat(gate.until().orElseThrow()).isBetween(minute(118), minute(119));
  }

  @Test
  void the_forecast_takes_off_what_is_spent_and_says_how_sure_it_is() {
    Judge judge =
        new Judge(
            objective("heartbeat: {connector: cdc, every: 1m, target: 99%, window: 30d}"), START);
    // Three days of which every hundredth minute is bad: three beats are left out at a time.
    Instant end = START.plus(Duration.ofDays(3));
    for (int i = 0; i < 3 * 1_440; i++) {
      if (i % 100 > 2) {
        judge.apply(beat(minute(i)));
      }
    }
    assertThat(judge.tick(end)).isNotNull();
    BudgetSnapshot snapshot = budget(judge, end);
    double spent = snapshot.counts().bad() / 432;
    assertThat(snapshot.leftRatio().orElseThrow()).isCloseTo(1 - spent, within(1e-9));
    var forecast = snapshot.forecast().orElseThrow();
    double slowest =
        java.util.stream.Stream.of(6, 24, 72)
            .mapToDouble(
                h ->
                    java.util.Objects.requireNonNull(snapshot.burnRates().get(Duration.ofHours(h)))
                        .value())
            .min()
            .orElseThrow();
    assertThat(forecast.latest().orElseThrow().toMinutes())
        .isCloseTo(Math.round((1 - spent) * 43_200 / slowest), within(1L));
    assertThat(forecast.earliest()).isLessThanOrEqualTo(forecast.latest().orElseThrow());
  }
}
