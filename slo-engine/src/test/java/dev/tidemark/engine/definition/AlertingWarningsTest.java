package dev.tidemark.engine.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.condition.Promised;
import dev.tidemark.engine.definition.Problem.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What validate says of promises that cannot work as they are written. */
class AlertingWarningsTest {
  private static String only(String line, Severity severity) {
    ParseResult parsed = Promised.parse(line);
    assertThat(parsed.problems()).as(line).hasSize(1);
    assertThat(parsed.problems().get(0).severity()).isEqualTo(severity);
    return parsed.problems().get(0).message();
  }

  /** 14.4 × 6.95 % is 1.0008 and 14.4 × 6.94 % is 0.99936. */
  @Test
  void fourteen_point_four_can_be_reached_above_93_05_percent_only() {
    String line = "runs: {target: %s, alerting: {conditions: [{long: 1h, factor: 14.4}]}}";
    assertThat(only(line.formatted("93.05%"), Severity.WARNING))
        .isEqualTo(
            "a burn rate of 14.40 can never be reached at 93.05%: everything bad is 14.39; lower"
                + " it, or raise the target above 93.06 %");
    assertThat(Promised.parse(line.formatted("93.06%")).problems()).isEmpty();
  }

  @Test
  void usual_conditions_that_can_never_hold_are_named_in_a_note() {
    ParseResult parsed = Promised.parse("runs: {target: 90%, window: 30d}");
    assertThat(parsed.problems()).isEmpty();
    assertThat(DroppedTiers.of(parsed.definitions()))
        .singleElement()
        .hasToString(
            "a.yaml:7:7: note: orders-runs: at 90% not even everything bad burns faster than 10.00,"
                + " so the usual page at 14.40 over 1 h can never hold and is left out");
    assertThat(DroppedTiers.of(Promised.parse("runs: {target: 93.06%}").definitions())).isEmpty();
    assertThat(DroppedTiers.of(Promised.parse("runs: {target: 93.05%}").definitions())).hasSize(1);
    // Who names conditions has chosen.
    assertThat(
            DroppedTiers.of(
                Promised.parse(
                        "runs: {target: 90%, alerting: {conditions: [{long: 1h, factor: 2}]}}")
                    .definitions()))
        .isEmpty();
  }

  @Test
  void a_condition_below_1_fires_on_budget() {
    assertThat(
            only(
                "runs: {target: 99%, alerting: {conditions: [{long: 3d, factor: 0.9333}]}}",
                Severity.WARNING))
        .isEqualTo("a burn rate of 0.9333 is below 1: this fires while the objective is on budget");
  }

  @Test
  void a_window_shorter_than_a_slice_is_told() {
    assertThat(
            Promised.parse("completeness: {atLeast: 99%, per: day, target: 90%, window: 12h}")
                .problems())
        .extracting(Problem::message)
        .contains("the window is shorter than one slice of 1440 min");
    assertThat(
            only(
                "completeness: {atLeast: 99%, per: hour, target: 99%, alerting: {conditions: [{long:"
                    + " 6h, factor: 2}]}}",
                Severity.WARNING))
        .contains("the short window is shorter than a slice of 60 min");
  }

  @ParameterizedTest
  @CsvSource({
    "'freshness: {within: 5m, noData: good}', silence lets the age grow",
    "'heartbeat: {connector: cdc, every: 1m, noData: frozen}', silence lets the age grow",
    "'arrival: {dueBy: \"06:00\", noData: ignored}', silence lets the age grow",
    "'completeness: {atLeast: 99%, noData: good, roster: {attribute: r, members: [a, b]}}', a"
        + " silent member of the roster is bad",
    "'freshness: {within: 5m, alerting: {minEvents: 10}}', minEvents guards counted events",
    "'freshness: {within: 5m, alerting: {confidence: 90%}}', confidence guards counted events",
  })
  void a_setting_without_effect_is_told(String line, String why) {
    assertThat(only(line, Severity.WARNING)).startsWith(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "freshness: {within: 5m, noData: bad}",
        "runs: {noData: good, alerting: {minEvents: 10, confidence: 90%}}",
        "freshness: {within: 5m, roster: {attribute: region, members: [eu, us]}}",
        "completeness: {atLeast: 99%, per: hour, timeZone: Europe/Warsaw}",
        "completeness: {atLeast: 99%, per: day, timeZone: Etc/UTC}",
        "heartbeat: {connector: cdc, every: 1m, timeZone: Europe/Warsaw, window: month}",
      })
  void what_works_is_not_complained_of(String line) {
    assertThat(Promised.parse(line).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runs: {",
        "validity: {",
        "queries: {",
        "lag: {below: 5m, ",
        "cost: {below: 5, ",
        "drift: {feature: f, below: 0.2, ",
        "threshold: {metric: m, below: 3, ",
        "ratio: {good: {metric: m, where: {ok: y}}, total: {metric: m}, ",
      })
  void a_roster_where_nobody_can_be_missed_is_refused(String line) {
    assertThat(only(line + "roster: {attribute: region, members: [eu, us]}}", Severity.ERROR))
        .startsWith("a roster tells who is silent with freshness, arrival, heartbeat")
        .contains("Write an objective per member");
  }

  @ParameterizedTest
  @ValueSource(strings = {"week", "7d", "2d"})
  void a_period_of_more_than_a_day_is_refused(String per) {
    assertThat(only("completeness: {atLeast: 99%, per: " + per + "}", Severity.ERROR))
        .isEqualTo(
            "'"
                + per
                + "' is longer than a day, and would not begin where the calendar's week or month"
                + " does; write day, and judge the weeks by the window");
    assertThat(only("cost: {below: 5, per: " + per + "}", Severity.ERROR)).contains("longer than");
  }

  @Test
  void days_of_another_zone_than_utc_are_refused() {
    assertThat(only("completeness: {atLeast: 99%, timeZone: America/New_York}", Severity.ERROR))
        .isEqualTo(
            "days are judged from midnight to midnight in UTC, not in America/New_York; leave"
                + " timeZone out, or judge shorter periods such as 'per: hour'");
  }
}
