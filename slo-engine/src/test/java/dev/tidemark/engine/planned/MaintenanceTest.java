package dev.tidemark.engine.planned;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.budget.Correction;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.EventCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kind: Maintenance} from the file to the budget. */
class MaintenanceTest {
  private static final String ORDERS =
      """
      apiVersion: tidemark/v1
      kind: Dataset
      metadata: {name: orders}
      spec:
        objectives: [{heartbeat: {connector: cdc, every: 1m, target: 99%, window: 30d}}]
      ---
      """;

  private static ParseResult parse(String spec) {
    return DefinitionParser.parse(
        List.of(
            new SourceFile(
                "d.yaml",
                ORDERS
                    + """
                    apiVersion: tidemark/v1
                    kind: Maintenance
                    metadata: {name: upgrade}
                    spec: {reason: upgrade, ticket: OPS-12, %s}
                    """
                        .formatted(spec))));
  }

  private static Definitions definitions(String spec) {
    ParseResult parsed = parse(spec);
    assertThat(parsed.hasErrors()).as(parsed.problems().toString()).isFalse();
    return parsed.definitions();
  }

  private static List<Correction> corrections(String spec, String from, String to) {
    Definitions definitions = definitions(spec);
    return Plans.of(definitions)
        .corrections(definitions.objectives().get(0), Instant.parse(from), Instant.parse(to));
  }

  /** A silent connector: three minutes of grace and age, then nothing but bad slices. */
  private static EventCounts counted(String spec, String start, int minutes) {
    Definitions definitions = definitions(spec);
    Instant at = Instant.parse(start);
    Judge judge = new Judge(definitions, at);
    for (Objective objective : definitions.objectives()) {
      judge.correct(
          objective.id(),
          Plans.of(definitions).corrections(objective, at, at.plus(Duration.ofMinutes(minutes))),
          Map.of());
    }
    for (int minute = 1; minute <= minutes; minute++) {
      assertThat(judge.tick(at.plus(Duration.ofMinutes(minute)))).isNotNull();
    }
    return judge
        .snapshot(definitions.objectives().get(0).id(), at.plus(Duration.ofMinutes(minutes)))
        .orElseThrow()
        .counts();
  }

  @Test
  void its_hours_leave_the_budget_count_as_good_or_stay_week_after_week() {
    String sundays =
        "covers: [orders], from: 2026-11-29T02:00, duration: 2h, repeat: FREQ=WEEKLY;BYDAY=SU, ";
    // From Saturday 22:00 UTC to Monday 01:00 are 27 h, 1,620 min, of which 2 are good at first;
    // 120 of them are maintenance. And once more a week later.
    for (String start : List.of("2026-11-28T22:00:00Z", "2026-12-05T22:00:00Z")) {
      assertThat(counted(sundays + "budget: drop", start, 1_620))
          .isEqualTo(new EventCounts(2, 1_500));
      assertThat(counted(sundays + "budget: good", start, 1_620))
          .isEqualTo(new EventCounts(122, 1_620));
      assertThat(counted(sundays + "budget: keep", start, 1_620))
          .isEqualTo(new EventCounts(2, 1_620));
    }
  }

  @Test
  void what_it_does_not_cover_counts() {
    assertThat(
            corrections(
                "covers: [bills], from: 2026-11-29T02:00, duration: 2h",
                "2026-11-01T00:00:00Z",
                "2026-12-31T00:00:00Z"))
        .isEmpty();
    assertThat(
            corrections(
                "covers: [cdc], from: 2026-11-29T02:00, duration: 2h",
                "2026-11-01T00:00:00Z",
                "2026-12-31T00:00:00Z"))
        .hasSize(1);
  }

  /**
   * Warsaw goes from UTC+1 to UTC+2 on 29 March 2026 at 02:00 and back on 25 October at 03:00. RFC
   * 5545, 3.3.5: a time that does not exist is read with the offset before the gap, one that occurs
   * twice is the first of the two.
   */
  @ParameterizedTest
  @CsvSource({
    "2026-03-22T01:30:00Z, 2026-03-22",
    "2026-03-29T01:30:00Z, 2026-03-29",
    "2026-04-05T00:30:00Z, 2026-04-05",
    "2026-10-18T00:30:00Z, 2026-10-18",
    "2026-10-25T00:30:00Z, 2026-10-25",
    "2026-11-01T01:30:00Z, 2026-11-01"
  })
  void it_follows_the_wall_clock_over_changes_of_daylight_saving_time(String begins, String day) {
    Instant from = Instant.parse(begins);
    assertThat(
            corrections(
                "covers: [orders], from: 2026-01-04T02:30, duration: 45m,"
                    + " repeat: FREQ=WEEKLY;BYDAY=SU, timeZone: Europe/Warsaw",
                day + "T00:00:00Z",
                day + "T12:00:00Z"))
        .containsExactly(
            new Correction(
                "upgrade", from, from.plus(Duration.ofMinutes(45)), Correction.Mode.DROP));
  }

  /** A moment in UTC ends a rule whose times are told by the clock of Warsaw. */
  @Test
  void a_rule_ends_at_the_moment_that_it_names() {
    for (var last : Map.of("20260308T013000Z", 3, "20260308T012959Z", 2).entrySet()) {
      assertThat(
              corrections(
                  "covers: [orders], from: 2026-02-22T02:30, duration: 45m, timeZone:"
                      + " Europe/Warsaw, repeat: FREQ=WEEKLY;UNTIL="
                      + last.getKey(),
                  "2026-01-01T00:00:00Z",
                  "2026-12-31T00:00:00Z"))
          .hasSize(last.getValue());
    }
  }

  @Test
  void hourly_work_reaches_today_however_long_ago_it_began() {
    List<Correction> found =
        corrections(
            "covers: ['*'], from: 2020-01-01T00:00, duration: 5m, repeat: FREQ=HOURLY",
            "2026-01-01T00:00:00Z",
            "2026-11-21T10:00:00Z");
    // 324 days and ten hours.
    assertThat(found).hasSize(324 * 24 + 10);
    assertThat(found.get(found.size() - 1).from()).isEqualTo("2026-11-21T09:00:00Z");
  }

  @Test
  void a_rule_that_recurs_more_often_than_hourly_is_refused_in_every_guise() {
    for (String rule :
        List.of("FREQ=MINUTELY", "FREQ=SECONDLY", "FREQ=HOURLY;BYMINUTE=0,20", "FREQ=NEVER")) {
      ParseResult parsed =
          parse("covers: [orders], from: 2026-11-29T02:00, duration: 2h, repeat: '" + rule + "'");
      assertThat(parsed.problems())
          .as(rule)
          .anyMatch(problem -> problem.toString().contains("d.yaml:10:"));
      assertThat(parsed.definitions().maintenance()).isEmpty();
    }
  }
}
