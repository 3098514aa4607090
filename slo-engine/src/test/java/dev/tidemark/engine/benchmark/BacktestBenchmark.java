package dev.tidemark.engine.benchmark;

import dev.tidemark.engine.backtest.Backtest;
import dev.tidemark.engine.backtest.BacktestResult;
import dev.tidemark.engine.backtest.SignalHistory;
import dev.tidemark.engine.definition.DefinitionParser;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.definition.SourceFile;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures a backtest: thirty days of a watermark a minute for every dataset, made in memory so
 * that only the replay is measured, through judge, lineage and incidents. Every dataset is stale
 * for an hour on one of the days.
 */
public final class BacktestBenchmark {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

  private BacktestBenchmark() {}

  /** Runs it: objectives (default 1,000), days (default 30). */
  public static void main(String[] args) {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int days = args.length > 1 ? Integer.parseInt(args[1]) : 30;
    PrintStream out = System.out;
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < count; i++) {
      yaml.append("apiVersion: tidemark/v1\nkind: Dataset\nmetadata: {name: d")
          .append(i)
          .append("}\nspec: {objectives: [{freshness: {within: 5m, target: 99.5%}}]}\n---\n");
    }
    Definitions definitions =
        DefinitionParser.parse(List.of(new SourceFile("all.yaml", yaml.toString()))).definitions();
    for (int round = 0; round < 3; round++) {
      long began = System.nanoTime();
      BacktestResult result =
          Backtest.run(
              definitions,
              List.of(),
              new Made(count),
              FROM,
              FROM.plus(Duration.ofDays(days)),
              Runtime.getRuntime().availableProcessors(),
              done -> {});
      double seconds = (System.nanoTime() - began) / 1e9;
      out.printf(
          Locale.ROOT,
          "%,d objectives, %d days, %,d signals, %d incidents: %.1f s on %d processors%n",
          count,
          days,
          result.points(),
          result.incidents().size(),
          seconds,
          Runtime.getRuntime().availableProcessors());
    }
  }

  /** A watermark a minute for every dataset that is asked for. */
  private record Made(int count) implements SignalHistory {
    @Override
    public void read(Collection<Selector> selectors, Instant from, Instant to, Reader reader) {
      List<Series> wanted = new ArrayList<>();
      List<Integer> places = new ArrayList<>();
      for (Selector selector : selectors) {
        String dataset =
            selector.attributes().getOrDefault("dataset", java.util.Set.of("")).iterator().next();
        wanted.add(
            Series.of(
                selector.metric(), MetricKind.GAUGE, "s", Map.of(), Map.of("dataset", dataset)));
        places.add(Integer.parseInt(dataset.substring(1)));
      }
      for (long second = from.getEpochSecond(); second < to.getEpochSecond(); second += 60) {
        long nanos = second * 1_000_000_000L;
        long minute = (second - from.getEpochSecond()) / 60;
        for (int i = 0; i < wanted.size(); i++) {
          long quiet = 1_440L * (1 + places.get(i) % 28) + places.get(i) % 1_000;
          if (minute < quiet || minute >= quiet + 60) {
            reader.point(MetricPoint.number(wanted.get(i), 0, nanos, (double) second - 5), nanos);
          }
        }
      }
    }
  }
}
