package dev.tidemark.engine.loop;

import dev.tidemark.engine.planned.PlanBook;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has recurring work told to the judge again several times within {@link Plans#AHEAD}, on a thread
 * of its own named {@code tidemark-plans}: a rule has no end, what the judge knows of it has one.
 */
public final class Reminder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reminder.class);
  private static final Duration EVERY = Plans.AHEAD.dividedBy(8);
  private static final Duration LOOKED_EVERY = Duration.ofMinutes(1);

  private final PlanBook plans;
  private final Clock clock;
  private final EngineMetrics metrics;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "tidemark-plans"));

  private Instant told;

  /**
   * Prepares; {@link #start} begins.
   *
   * @param clock engine time, which may run faster than true time
   */
  public Reminder(PlanBook plans, Clock clock, EngineMetrics metrics) {
    this.plans = plans;
    this.clock = clock;
    this.told = clock.instant();
    this.metrics = metrics;
  }

  /** Starts the thread. */
  public void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::remind, LOOKED_EVERY.toMillis(), LOOKED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void remind() {
    Instant now = clock.instant();
    if (now.isBefore(told.plus(EVERY))) {
      return;
    }
    try {
      plans.remind();
      told = now;
    } catch (RuntimeException e) {
      metrics.failed("plans");
      LOG.warn("the planned work ahead could not be told, it is tried again", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
