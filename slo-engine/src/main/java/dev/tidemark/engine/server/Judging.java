package dev.tidemark.engine.server;

import dev.tidemark.alerting.Alert;
import dev.tidemark.engine.alerts.AlertMaker;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Tick;
import dev.tidemark.engine.loop.BudgetMinutes;
import dev.tidemark.engine.loop.Corrections;
import dev.tidemark.engine.loop.DecisionWriter;
import dev.tidemark.engine.loop.JudgeLoop;
import dev.tidemark.engine.loop.LiveLineage;
import dev.tidemark.engine.loop.Restart;
import dev.tidemark.engine.loop.SavedWindows;
import dev.tidemark.engine.loop.Teller;
import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Judges what comes in, and hands what came of it to whoever writes it down and whoever tells it.
 * Thread-safe.
 */
final class Judging implements EngineState.Asker, Corrections.Asker {
  private static final Duration REAL_TICK = Duration.ofMillis(100);

  private final Restart.Resumed resumed;
  private final LiveLineage lineage;
  private final PlanBook plans;
  private final DecisionWriter writer;
  private final Teller teller;
  private final BudgetMinutes minutes = new BudgetMinutes();
  private final JudgeLoop loop;
  private final SavedWindows saved;

  /**
   * Prepares it; {@link #start()} begins to judge.
   *
   * @param resumed what the last run left
   * @param writer keeps what is decided
   * @param teller tells it
   * @param windows where counts are saved for the next start
   * @param parts closes what is made
   */
  Judging(
      Restart.Resumed resumed,
      Surroundings surroundings,
      DecisionWriter writer,
      Teller teller,
      Times times,
      Path windows,
      EngineMetrics metrics,
      Parts parts) {
    this.resumed = resumed;
    this.lineage = surroundings.lineage();
    this.plans = surroundings.plans();
    this.writer = writer;
    this.teller = teller;
    this.loop =
        parts.own(
            new JudgeLoop(
                resumed.judge(),
                resumed.judgedUntil(),
                times.clock(),
                times.judgingDelay(),
                REAL_TICK,
                metrics,
                this::decided));
    writer.decided(resumed.missed().bucketChanges(), resumed.judgedUntil(), times.start());
    this.saved = parts.own(new SavedWindows(windows, loop, metrics));
    metrics.counters(
        "tidemark_signals_too_late",
        "Points later than an objective allows of their source (service.name), per objective.",
        "source",
        resumed.judge().tooLate()::bySource);
  }

  private void decided(Tick tick, Instant at, Instant received) {
    writer.decided(tick.bucketChanges(), at, received);
    teller.decided(alerts(tick, at));
    writer.budgets(minutes.at(resumed.judge(), at));
  }

  private List<Alert> alerts(Tick tick, Instant at) {
    return AlertMaker.alerts(
        resumed.judge(), lineage.graph(), lineage.troubles(), plans.plans(), tick.firing(), at);
  }

  /**
   * Tells what was found about the time in which nothing ran. Only after what OpenLineage told
   * before, so that nobody hears of a cause that it makes another; and before {@link #start()}.
   */
  void tellMissed() {
    teller.decided(alerts(resumed.missed(), resumed.judgedUntil()));
  }

  void start() {
    loop.start();
    saved.start();
  }

  JudgeLoop loop() {
    return loop;
  }

  @Override
  public <T> CompletionStage<T> ask(Function<Judge, T> question) {
    return loop.query(question);
  }
}
