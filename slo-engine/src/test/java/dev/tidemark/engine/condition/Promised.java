package dev.tidemark.engine.condition;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.engine.budget.BudgetSnapshot;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.ParseResult;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.model.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One promise of a dataset {@code orders}, judged from its signals: counts of the metric {@code m},
 * good ones with {@code ok: y}. Judges in one go, at the end.
 */
public final class Promised {
  /** The ratio that {@link #events} feeds; more settings follow. */
  static final String RATIO = "ratio: {good: {metric: m, where: {ok: y}}, total: {metric: m}, ";

  final Judge judge;
  final ObjectiveId id;
  final Instant start;

  private Promised(Judge judge, Instant start) {
    this.judge = judge;
    this.id = judge.definitions().objectives().get(0).id();
    this.start = start;
  }

  /** The objective of one line; warnings are none of its concern. */
  static Promised of(Instant start, String line) {
    ParseResult parsed = parse(line);
    assertThat(parsed.problems())
        .as(line)
        .noneMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    return new Promised(new Judge(parsed.definitions(), start), start);
  }

  /** Reads a dataset with this one line of an objective. */
  public static ParseResult parse(String line) {
    return DefinitionParser.parse(
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
  }

  /** Events at a moment, all of them in one point of each kind. */
  void events(Instant at, double good, double bad, String... more) {
    if (good > 0) {
      judge.apply(point("m", MetricKind.DELTA_SUM, at, good, "y", more));
    }
    if (bad > 0) {
      judge.apply(point("m", MetricKind.DELTA_SUM, at, bad, "n", more));
    }
  }

  /** The same events every so often, from a moment on. */
  void steadily(Instant from, Duration every, int times, double good, double bad) {
    for (int i = 0; i < times; i++) {
      events(from.plus(every.multipliedBy(i)), good, bad);
    }
  }

  void beat(Instant at) {
    judge.apply(
        MetricPoint.number(
            Series.of(
                "tidemark.heartbeat",
                MetricKind.DELTA_SUM,
                "",
                Map.of("service.name", "ingest"),
                Map.of("connector", "cdc")),
            0,
            at.getEpochSecond() * 1_000_000_000L,
            1));
  }

  @CanIgnoreReturnValue
  BudgetSnapshot at(Instant end) {
    assertThat(judge.tick(end)).isNotNull();
    return judge.snapshot(id, end).orElseThrow();
  }

  @CanIgnoreReturnValue
  BudgetSnapshot after(Duration length) {
    return at(start.plus(length));
  }

  /** Whether the condition of this factor holds. */
  boolean holds(double factor) {
    return judge.definitions().objectives().get(0).conditions().stream()
        .filter(condition -> Math.abs(condition.factor() - factor) < 1e-9)
        .anyMatch(condition -> judge.holdsSince(id, condition).isPresent());
  }

  private static MetricPoint point(
      String metric, MetricKind kind, Instant at, double value, String ok, String... more) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("ok", ok);
    for (int i = 0; i < more.length; i += 2) {
      attributes.put(more[i], more[i + 1]);
    }
    return MetricPoint.number(
        Series.of(metric, kind, "", Map.of("service.name", "ingest"), attributes),
        0,
        at.getEpochSecond() * 1_000_000_000L,
        value);
  }
}
