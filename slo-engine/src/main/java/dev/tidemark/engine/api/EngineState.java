package dev.tidemark.engine.api;

import dev.tidemark.alerting.Alerting;
import dev.tidemark.alerting.DispatcherStats;
import dev.tidemark.alerting.Outbox;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.definition.Problem;
import dev.tidemark.engine.lineage.LineageGraph;
import dev.tidemark.engine.store.BucketStore;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.runbooks.RunbookLibrary;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the API and the pages may look at. Thread-safe. Stores block: ask them on a worker thread.
 *
 * @param clock engine time
 * @param judge runs a question on the judge's own thread
 * @param alerting incidents
 * @param outbox notifications on their way
 * @param lineage the graph as it stands
 * @param problems of the definitions as last read
 * @param runbooks to link and render
 * @param buckets judged history
 * @param clickHouse for logs, spans and lineage events of the debug page
 * @param health Tidemark's own
 * @param dispatch how receivers do
 * @param records what is kept about the past
 * @param notice a line for every page, or empty
 */
public record EngineState(
    Clock clock,
    Asker judge,
    Alerting alerting,
    Outbox outbox,
    Supplier<LineageGraph> lineage,
    Supplier<List<Problem>> problems,
    RunbookLibrary runbooks,
    BucketStore buckets,
    ClickHouseConnections clickHouse,
    Supplier<Health> health,
    Supplier<DispatcherStats> dispatch,
    Records records,
    String notice) {

  /** Asks the judge. */
  public interface Asker {
    /** Runs a question on the judge's thread. */
    <T> CompletionStage<T> ask(Function<Judge, T> question);
  }

  /**
   * How Tidemark itself does.
   *
   * @param queuedRows that wait for ClickHouse
   * @param spooledBytes that wait on disk
   * @param storeError why ClickHouse does not answer, or empty
   * @param judgedBehindSeconds how far judging is behind the engine's clock
   * @param undelivered notifications on their way
   * @param deadLetters notifications given up
   * @param insertedRows since the start
   */
  public record Health(
      long queuedRows,
      long spooledBytes,
      String storeError,
      double judgedBehindSeconds,
      long undelivered,
      long deadLetters,
      long insertedRows) {}
}
