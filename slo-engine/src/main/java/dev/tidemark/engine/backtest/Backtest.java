package dev.tidemark.engine.backtest;

import dev.tidemark.engine.alerts.RoutingDefinitions;
import dev.tidemark.engine.backtest.BacktestResult.IncidentOutcome;
import dev.tidemark.engine.backtest.BacktestResult.ObjectiveOutcome;
import dev.tidemark.engine.definition.Definitions;
import dev.tidemark.engine.planned.PlannedWork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;

/**
 * Replays history through the same judge, lineage and incident logic as a server runs, without
 * telling anybody. Objectives that no lineage connects are replayed side by side, one part for each
 * processor. Stateless.
 */
public final class Backtest {
  private Backtest() {}

  /**
   * Replays.
   *
   * @param definitions what to judge; budgets begin whole at {@code from}
   * @param declared planned work that was declared to a server: it keeps people quiet from its
   *     declaration on, and takes something out of the past from its approval on
   * @param history the signals
   * @param from first moment that is judged
   * @param to first moment that is not
   * @param workers threads at most
   * @param progress takes the share that is done, from 0 to 1, from any of the threads
   * @throws BacktestException when the history cannot be read or nothing is to be judged
   */
  public static BacktestResult run(
      Definitions definitions,
      List<PlannedWork> declared,
      SignalHistory history,
      Instant from,
      Instant to,
      int workers,
      DoubleConsumer progress) {
    if (!from.isBefore(to)) {
      throw new BacktestException("the history has to begin before it ends: " + from + ", " + to);
    }
    if (definitions.objectives().isEmpty()) {
      throw new BacktestException("the definitions hold no objective to replay");
    }
    List<Definitions> parts = Parts.of(definitions, workers);
    RoutingDefinitions routing = RoutingDefinitions.of(definitions, Map.of());
    AtomicLong done = new AtomicLong();
    long all = Math.max(1, to.getEpochSecond() - from.getEpochSecond()) * parts.size();
    ExecutorService threads = Executors.newFixedThreadPool(parts.size(), Backtest::thread);
    try {
      List<Future<Replay.Outcome>> running = new ArrayList<>();
      for (Definitions part : parts) {
        running.add(
            threads.submit(
                () ->
                    new Replay(part, declared, routing.routes(), from, to)
                        .run(
                            history,
                            seconds -> progress.accept((double) done.addAndGet(seconds) / all))));
      }
      List<ObjectiveOutcome> objectives = new ArrayList<>();
      List<IncidentOutcome> incidents = new ArrayList<>();
      long points = 0;
      for (Future<Replay.Outcome> part : running) {
        Replay.Outcome outcome = part.get();
        objectives.addAll(outcome.objectives());
        incidents.addAll(outcome.incidents());
        points += outcome.points();
      }
      objectives.sort(Comparator.comparing(ObjectiveOutcome::name));
      incidents.sort(
          Comparator.comparing(IncidentOutcome::at).thenComparing(IncidentOutcome::title));
      return new BacktestResult(from, to, points, objectives, incidents);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new BacktestException("the replay failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BacktestException("the replay was interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "tidemark-backtest");
    thread.setDaemon(true);
    return thread;
  }
}
