package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenSLO's three budgeting methods over the same four minutes, worked out by hand. */
class BudgetingMethodsTest {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  private static final double[][] GOOD_OF_TOTAL = {{100, 100}, {90, 100}, {0, 0}, {1, 2}};

  /**
   * Occurrences: 191 of 202. Timeslices at 95 %: the first minute is good, 90 % and 50 % are not,
   * the empty one does not count. RatioTimeslices: (1 + 0.9 + 0.5) of 3.
   */
  @ParameterizedTest
  @CsvSource({
    "Occurrences, '', 191, 202",
    "Timeslices, ', timeSliceTarget: 0.95, timeSliceWindow: 1m', 1, 3",
    "RatioTimeslices, ', timeSliceWindow: 1m', 2.4, 3"
  })
  void four_minutes_make_the_counts_of_the_method(
      String method, String more, double good, double total) {
    ParseResult parsed =
        DefinitionParser.parse(
            List.of(
                new SourceFile(
                    "slo.yaml",
                    """
                    apiVersion: openslo/v1
                    kind: SLO
                    metadata: {name: answers}
                    spec:
                      service: shop
                      indicator:
                        spec:
                          ratioMetric:
                            good: {metricSource: {type: tidemark, spec: {metric: good}}}
                            total: {metricSource: {type: tidemark, spec: {metric: total}}}
                      timeWindow: [{duration: 28d, isRolling: true}]
                      budgetingMethod: %s
                      objectives: [{target: 0.9%s}]
                    """
                        .formatted(method, more))));
    assertThat(parsed.problems()).isEmpty();
    Judge judge = new Judge(parsed.definitions(), START);
    for (int minute = 0; minute < GOOD_OF_TOTAL.length; minute++) {
      if (GOOD_OF_TOTAL[minute][1] > 0) {
        judge.apply(point("good", minute, GOOD_OF_TOTAL[minute][0]));
        judge.apply(point("total", minute, GOOD_OF_TOTAL[minute][1]));
      }
    }
    assertThat(judge.tick(START.plus(Duration.ofMinutes(4))).bucketChanges()).hasSize(3);

    BudgetSnapshot snapshot =
        judge.snapshot(new ObjectiveId("answers"), START.plus(Duration.ofMinutes(4))).orElseThrow();
    assertThat(snapshot.counts().good()).isCloseTo(good, within(1e-12));
    assertThat(snapshot.counts().total()).isEqualTo(total);
    assertThat(snapshot.sliRatio().orElseThrow()).isCloseTo(good / total, within(1e-12));
  }

  private static MetricPoint point(String metric, int minute, double value) {
    return MetricPoint.number(
        Series.of(metric, MetricKind.DELTA_SUM, "1", Map.of(), Map.of()),
        0,
        START.plus(Duration.ofMinutes(minute)).getEpochSecond() * 1_000_000_000L,
        value);
  }
}
