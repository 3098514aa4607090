package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How much of a window has data, and whether that is enough to show a number. */
class CoverageTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final double DAY = 1_440;

  private static Instant minute(int minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  private static Judge judge(String objective) {
    Definitions definitions =
        DefinitionParser.parse(
                List.of(
                    new SourceFile(
                        "d.yaml",
                        """
                        apiVersion: tidemark/v1
                        kind: Dataset
                        metadata: {name: orders}
                        spec:
                          objectives:
                            - %s
                        """
                            .formatted(objective))))
            .definitions();
    return new Judge(definitions, START);
  }

  private static MetricPoint request(int minute) {
    return MetricPoint.number(
        Series.of("http.requests", MetricKind.DELTA_SUM, "1", Map.of(), Map.of()),
        0,
        minute(minute).plusSeconds(1).getEpochSecond() * 1_000_000_000L,
        1);
  }

  private static BudgetSnapshot at(Judge judge, int minute) {
    Tick unused = judge.tick(minute(minute));
    return judge
        .snapshot(judge.definitions().objectives().get(0).id(), minute(minute))
        .orElseThrow();
  }

  @Test
  void one_good_minute_of_events_and_then_silence_is_no_number_any_more() {
    Judge judge =
        judge(
            "ratio: {target: 99%, window: 1d, bad: {metric: http.errors}, total: {metric:"
                + " http.requests}}");
    judge.apply(request(0));
    assertThat(at(judge, 2).isKnown()).isTrue();
    // The newest event is a minute after the start, which is less than half of three minutes.
    BudgetSnapshot silent = at(judge, 3);
    assertThat(silent.leftRatio()).hasValue(1);
    assertThat(silent.isKnown()).isFalse();
    assertThat(silent.coverageRatio()).isCloseTo(1 / DAY, within(1e-9));
    assertThat(silent.coverage().watchedRatio()).isCloseTo(3 / DAY, within(1e-9));
    judge.apply(request(2));
    assertThat(at(judge, 4).isKnown()).isTrue();
    assertThat(at(judge, 4).coverageRatio()).isCloseTo(2 / DAY, within(1e-9));
  }

  @Test
  void of_slices_at_least_half_has_to_have_data() {
    String line =
        "ratio: {target: 99%, window: 1d, method: timeslices, sliceTarget: 90%, bad: {metric:"
            + " http.errors}, total: {metric: http.requests}";
    Judge judge = judge(line + "}");
    judge.apply(request(0));
    judge.apply(request(5));
    assertThat(at(judge, 2).isKnown()).isTrue();
    assertThat(at(judge, 5).isKnown()).isFalse();
    // Two of six.
    assertThat(at(judge, 6).isKnown()).isFalse();
    assertThat(at(judge, 6).coverageRatio()).isCloseTo(2 / DAY, within(1e-9));
    // Whose owner says that silence is bad takes it for data.
    Judge bad = judge(line + ", noData: bad}");
    assertThat(at(bad, 6).isKnown()).isTrue();
    assertThat(at(bad, 6).coverageRatio()).isCloseTo(6 / DAY, within(1e-9));
  }

  @Test
  void a_frozen_number_is_unknown_once_it_stood_still_for_longer_than_it_was_known() {
    Judge judge =
        judge(
            "ratio: {target: 99%, window: 1d, noData: frozen, allowedLateness: 1m, bad: {metric:"
                + " http.errors}, total: {metric: http.requests}}");
    for (int minute = 0; minute < 10; minute++) {
      judge.apply(request(minute));
    }
    assertThat(at(judge, 20).isKnown()).isTrue();
    // Ten minutes of data; of 24 nothing later than two minutes ago can be expected.
    assertThat(at(judge, 22).isKnown()).isTrue();
    assertThat(at(judge, 24).isKnown()).isFalse();
  }

  @Test
  void the_floor_of_a_condition_asks_for_data_not_only_for_somebody_who_watches() {
    Judge judge =
        judge(
            "ratio: {target: 99%, window: 1d, bad: {metric: http.requests}, total: {metric:"
                + " http.requests}, alerting: {minEvents: 1, conditions: [{long: 10m, short: 5m,"
                + " factor: 1, coverage: 50%}]}}");
    for (int minute = 16; minute < 20; minute++) {
      judge.apply(request(minute));
    }
    // Watched for twenty minutes, but only four of the last ten have data.
    assertThat(judge.tick(minute(20)).firing()).isEmpty();
    judge.apply(request(20));
    assertThat(judge.tick(minute(21)).firing()).hasSize(1);
  }
}
