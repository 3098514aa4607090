package dev.tidemark.engine.catalog;

import dev.tidemark.engine.store.SignalSink;
import dev.tidemark.engine.telemetry.EngineMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the catalogue at the end of every period and sends the counts the way of all signals, so
 * that a {@code catalog} objective needs no job from outside. Periods are {@code [n·every,
 * (n+1)·every)} since the epoch; one in which Tidemark was away is left out. One thread of its own.
 */
public final class CatalogReporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogReporter.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final CatalogCoverage coverage;
  private final SignalSink sink;
  private final InstantSource clock;
  private final long everyMillis;
  private final EngineMetrics metrics;
  private final ScheduledExecutorService thread;
  private long period;

  /**
   * Prepares it; {@link #start()} runs it.
   *
   * @param clock engine time
   * @param every length of a period, engine time; at least a second
   */
  public CatalogReporter(
      CatalogCoverage coverage,
      SignalSink sink,
      InstantSource clock,
      Duration every,
      EngineMetrics metrics) {
    this.coverage = coverage;
    this.sink = sink;
    this.clock = clock;
    this.everyMillis = Math.max(1_000, every.toMillis());
    this.metrics = metrics;
    this.period = Math.floorDiv(clock.millis(), everyMillis);
    this.thread =
        Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "tidemark-catalog"));
  }

  /** Starts the thread. */
  public void start() {
    long millis = LOOK_EVERY.toMillis();
    Future<?> unused =
        thread.scheduleAtFixedRate(this::look, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      long now = Math.floorDiv(clock.millis(), everyMillis);
      if (now <= period) {
        return;
      }
      Instant end = Instant.ofEpochMilli(now * everyMillis);
      period = now;
      sink.append(coverage.counts(end.minusMillis(everyMillis), end))
          .whenComplete(
              (stored, failure) -> {
                if (failure != null) {
                  failed(failure);
                }
              });
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(Throwable failure) {
    metrics.failed("catalog");
    LOG.warn("the catalogue could not be counted for this period", failure);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
