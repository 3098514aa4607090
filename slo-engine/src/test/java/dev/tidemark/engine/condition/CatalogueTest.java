package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.EventCounts;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each line of the catalogue, fed with the signals that its documentation names. */
class CatalogueTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // line | good signal: metric, attributes | bad signal | good and total after both
        "runs: {} | tidemark.runs outcome=success | tidemark.runs outcome=failure | 1 | 2",
        "queries: {} | tidemark.check check=query,outcome=success | tidemark.check"
            + " check=query,outcome=failure | 1 | 2",
        "schema: {} | tidemark.check check=schema,outcome=success | tidemark.check"
            + " check=schema,outcome=failure | 1 | 2",
        "access: {} | tidemark.check check=access,outcome=success | tidemark.check"
            + " check=access,outcome=failure | 1 | 2",
        "catalog: {} | tidemark.check check=catalog,outcome=success | tidemark.check"
            + " check=catalog,outcome=failure | 1 | 2",
        "'checks: {check: nulls}' | tidemark.check check=nulls,outcome=success | tidemark.check"
            + " check=nulls,outcome=failure | 1 | 2",
        // A rejected record was observed too.
        "validity: {} | tidemark.records outcome=observed | tidemark.records outcome=rejected | 0 |"
            + " 1",
        "duplicates: {} | tidemark.records outcome=observed | tidemark.records outcome=duplicate | 0"
            + " | 1",
      })
  void a_line_counts_what_it_says(
      String line, String good, String bad, double expectedGood, double expectedTotal) {
    Judge judge = judge(line.replace("'", ""));
    judge.apply(counter(good));
    judge.apply(counter(bad));
    assertCounts(judge, Duration.ofMinutes(1), expectedGood, expectedTotal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'lag: {below: 2m}' | tidemark.processing.lag | 120",
        "'reads: {below: 50ms}' | tidemark.read.latency | 0.05",
        "'queue: {below: 10m}' | tidemark.queue.age | 600",
        "'latency: {metric: my.latency, below: 1s}' | my.latency | 1",
      })
  void a_latency_counts_observations_up_to_its_limit(String line, String metric, double limit) {
    Judge judge = judge(line.replace("'", ""));
    Series series =
        Series.of(metric, MetricKind.DELTA_HISTOGRAM, "s", Map.of(), Map.of("dataset", "orders"));
    // 7 at most the limit, 2 at most twice as long, 1 longer.
    judge.apply(
        new MetricPoint(
            series,
            0,
            START.getEpochSecond() * 1_000_000_000L,
            0,
            10,
            new double[] {limit, 2 * limit},
            new long[] {7, 2, 1}));
    assertCounts(judge, Duration.ofMinutes(1), 7, 10);
  }

  private static void assertCounts(Judge judge, Duration after, double good, double total) {
    assertThat(judge.tick(START.plus(after))).isNotNull();
    Objective objective = judge.definitions().objectives().get(0);
    assertThat(judge.snapshot(objective.id(), START.plus(after)).orElseThrow().counts())
        .isEqualTo(new EventCounts(good, total));
  }

  private static Judge judge(String line) {
    ParseResult parsed =
        DefinitionParser.parse(
            List.of(
                new SourceFile(
                    "a.yaml",
                    """
                    apiVersion: tidemark/v1
                    kind: Dataset
                    metadata: {name: orders}
                    spec:
                      producedBy: ingest
                      objectives:
                        - %s
                    """
                        .formatted(line))));
    assertThat(parsed.hasErrors()).isFalse();
    return new Judge(parsed.definitions(), START);
  }

  private static MetricPoint counter(String text) {
    List<String> parts = new ArrayList<>(List.of(text.trim().split("[ ,]+", -1)));
    Map<String, String> attributes = new HashMap<>();
    attributes.put("dataset", "orders");
    for (String pair : parts.subList(1, parts.size())) {
      attributes.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return MetricPoint.number(
        Series.of(
            parts.get(0), MetricKind.DELTA_SUM, "1", Map.of("service.name", "ingest"), attributes),
        0,
        START.getEpochSecond() * 1_000_000_000L,
        1);
  }
}
