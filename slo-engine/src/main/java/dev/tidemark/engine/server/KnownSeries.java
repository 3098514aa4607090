package dev.tidemark.engine.server;

import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.definition.Selector;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.store.clickhouse.SeenSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Tells the judge of series that came long ago, for objectives that want them only now. Blocks; not
 * for the judge's thread.
 */
final class KnownSeries {
  private static final int SERIES_AT_ONCE = 10_000;
  private static final long PATIENCE_SECONDS = 20;

  private final SeenSeries seen;

  KnownSeries(SeenSeries seen) {
    this.seen = seen;
  }

  /** Tells a judge that nobody else asks yet. */
  void tell(Judge judge, Definitions definitions) {
    seen.metrics().forEach(judge::stored);
    seen.series(metrics(definitions), judge::stored);
  }

  /** Tells a judge at work what other objectives may want. */
  void tell(Judging judging, Definitions changed) {
    List<Series> chunk = new ArrayList<>();
    seen.series(
        metrics(changed),
        series -> {
          chunk.add(series);
          if (chunk.size() == SERIES_AT_ONCE) {
            hand(chunk, judging);
          }
        });
    hand(chunk, judging);
  }

  private static void hand(List<Series> chunk, Judging judging) {
    List<Series> some = List.copyOf(chunk);
    chunk.clear();
    Object unused =
        judging
            .ask(
                judge -> {
                  some.forEach(judge::stored);
                  return true;
                })
            .toCompletableFuture()
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .join();
  }

  private static Set<String> metrics(Definitions definitions) {
    return definitions.objectives().stream()
        .flatMap(objective -> objective.sli().selectors().stream())
        .map(Selector::metric)
        .collect(Collectors.toSet());
  }
}
