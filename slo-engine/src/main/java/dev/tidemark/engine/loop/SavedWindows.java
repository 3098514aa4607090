package dev.tidemark.engine.loop;

import dev.tidemark.engine.condition.Judge;
import dev.tidemark.engine.condition.Resumption;
import dev.tidemark.engine.condition.Settled;
import dev.tidemark.engine.definition.Objective;
import dev.tidemark.engine.model.ObjectiveId;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the settled counts of all objectives now and then, on a thread of its own named {@code
 * tidemark-windows}, and gives them to a judge at the next start, which then need not read months
 * of buckets. What cannot be saved or read only costs that time. Thread-safe.
 */
public final class SavedWindows implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SavedWindows.class);
  private static final Duration EVERY = Duration.ofMinutes(15);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** So many objectives at a time: the judge has other things to do in between. */
  private static final int AT_ONCE = 100;

  private final WindowFile file;
  private final JudgeLoop loop;
  private final EngineMetrics metrics;
  private final Thread thread;
  private volatile boolean running = true;

  /** Prepares to save what the loop's judge counts; {@link #start} begins. */
  public SavedWindows(Path file, JudgeLoop loop, EngineMetrics metrics) {
    this.file = new WindowFile(file);
    this.loop = loop;
    this.metrics = metrics;
    this.thread = new Thread(this::run, "tidemark-windows");
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /**
   * Gives what was saved to a judge that resumes.
   *
   * @return for every objective that took it, from when on its buckets are still to be restored
   */
  static Map<ObjectiveId, Instant> load(Path file, Resumption resumption) {
    Map<ObjectiveId, Instant> taken = new HashMap<>();
    take(file, resumption, taken);
    // What was saved last does not fit when the last buckets did not reach the store before a
    // crash.
    take(new WindowFile(file).older(), resumption, taken);
    return taken;
  }

  private static void take(Path file, Resumption resumption, Map<ObjectiveId, Instant> taken) {
    try {
      boolean found =
          new WindowFile(file)
              .read(
                  settled -> {
                    if (!taken.containsKey(settled.id()) && resumption.adopt(settled)) {
                      taken.put(settled.id(), settled.before());
                    }
                  });
      if (!found) {
        LOG.debug("no windows were saved in {}", file);
      }
    } catch (IOException e) {
      LOG.warn(
          "the saved windows cannot be used, the start takes longer for it: {}", e.getMessage());
    }
  }

  private void run() {
    while (running) {
      try {
        TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      save();
    }
  }

  private void save() {
    try {
      file.write(
          entries -> {
            List<ObjectiveId> ids =
                ask(judge -> judge.definitions().objectives().stream().map(Objective::id).toList());
            for (int from = 0; from < ids.size(); from += AT_ONCE) {
              List<ObjectiveId> some = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
              for (Settled settled :
                  ask(
                      judge ->
                          some.stream().map(judge::settled).flatMap(Optional::stream).toList())) {
                entries.add(settled);
              }
            }
          });
    } catch (IOException | CompletionException | IllegalStateException e) {
      metrics.failed("windows");
      LOG.warn("the windows could not be saved, the next start takes longer: {}", e.getMessage());
    }
  }

  private <T> T ask(java.util.function.Function<Judge, T> question) {
    return loop.query(question)
        .toCompletableFuture()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /** Saves once more and stops; the loop has to run still. */
  @Override
  public void close() {
    running = false;
    thread.interrupt();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    save();
  }
}
