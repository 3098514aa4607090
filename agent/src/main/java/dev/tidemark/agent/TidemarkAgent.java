package dev.tidemark.agent;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemark.agent.names.SignalNames;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Says how a pipeline does. Signals wait on disk, bounded, while the engine is away, and are sent
 * again in order with the times they were made at. Thread-safe; signalling neither throws nor
 * waits.
 */
public final class TidemarkAgent implements AutoCloseable {
  private final Spool spool;
  private final Guard guard;
  private final SpoolDrain drain;
  private final SdkMeterProvider meters;
  private final SdkTracerProvider tracers;
  private final Tracer tracer;
  private final Instruments instruments;
  private final Clock clock;
  private final ScheduledExecutorService beats =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tidemark-agent-heartbeat");
            thread.setDaemon(true);
            return thread;
          });

  private TidemarkAgent(Builder settings, Spool spool) {
    this.spool = spool;
    this.clock = settings.clock;
    this.guard = settings.guard(spool);
    this.drain = new SpoolDrain(spool, settings.endpoint, settings.token, guard);
    Resource resource =
        Resource.create(
            Attributes.builder()
                .put(SignalNames.SERVICE_NAME, settings.pipeline)
                .put(SignalNames.DOMAIN, settings.domain)
                .build());
    this.meters =
        SdkMeterProvider.builder()
            .setResource(resource)
            .setClock(clock)
            .registerMetricReader(
                PeriodicMetricReader.builder(
                        OtlpHttpMetricExporter.builder()
                            .setComponentLoader(SpoolSender.loader(spool, "metrics", guard))
                            .setAggregationTemporalitySelector(
                                AggregationTemporalitySelector.deltaPreferred())
                            .build())
                    .setInterval(settings.interval)
                    .build())
            .build();
    this.tracers =
        SdkTracerProvider.builder()
            .setResource(resource)
            .setClock(clock)
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder()
                            .setComponentLoader(SpoolSender.loader(spool, "traces", guard))
                            .build())
                    .build())
            .build();
    this.tracer = tracers.get("dev.tidemark.agent");
    this.instruments = Instruments.of(meters.get("dev.tidemark.agent"));
    meters
        .get("dev.tidemark.agent")
        .counterBuilder(SignalNames.AGENT_DROPPED)
        .buildWithCallback(
            counter -> {
              if (spool.dropped() > 0) {
                counter.record(spool.dropped());
              }
            });
  }

  /** Starts to describe the agent of a pipeline. */
  public static Builder forPipeline(String pipeline) {
    return new Builder(pipeline, System.getenv());
  }

  /** Returns the signals of a dataset. */
  public DatasetSignals dataset(String dataset) {
    return new DatasetSignals(
        instruments, guard, Attributes.builder().put(SignalNames.DATASET, dataset).build());
  }

  /** Says once that a connector lives. */
  public void heartbeat(String connector) {
    guard.signal(
        () ->
            instruments
                .heartbeats()
                .add(1, Attributes.builder().put(SignalNames.CONNECTOR, connector).build()));
  }

  /**
   * Says so again and again, until the agent is closed.
   *
   * @param every at least a millisecond
   */
  public void heartbeat(String connector, Duration every) {
    guard.signal(
        () -> {
          ScheduledFuture<?> unused =
              beats.scheduleAtFixedRate(
                  () -> heartbeat(connector), 0, every.toMillis(), TimeUnit.MILLISECONDS);
        });
  }

  /** Starts a run with an id made up. */
  public PipelineRun startRun() {
    return startRun(UUID.randomUUID().toString(), Map.of());
  }

  /** Starts a run with this id. */
  public PipelineRun startRun(String id) {
    return startRun(id, Map.of());
  }

  /**
   * Starts a run.
   *
   * @param id of the run, as the scheduler calls it
   * @param attributes few and of few values, such as the dataset; on the run's signals and its span
   */
  public PipelineRun startRun(String id, Map<String, String> attributes) {
    AttributesBuilder all = Attributes.builder();
    attributes.forEach(all::put);
    Attributes own = all.build();
    Span span =
        tracer
            .spanBuilder("run")
            .setAllAttributes(own)
            .setAttribute(SignalNames.RUN_ID, id)
            .startSpan();
    return new PipelineRun(instruments, guard, own, clock, tracer, span, id);
  }

  /** Puts everything said so far into the buffer and waits at most so long for it to be sent. */
  @CanIgnoreReturnValue
  public boolean flush(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    collect(atMost);
    return drain.awaitEmpty(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
  }

  /** Returns what has become of the requests so far. */
  public AgentStats stats() {
    return new AgentStats(drain.sent(), spool.dropped(), spool.size(), guard.trouble());
  }

  private void collect(Duration atMost) {
    meters.forceFlush().join(atMost.toMillis(), TimeUnit.MILLISECONDS);
    tracers.forceFlush().join(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns the folder in which requests wait; empty when none could be written. */
  public Optional<Path> buffer() {
    return Optional.ofNullable(spool.folder());
  }

  /** Sends what it can within two seconds; the rest waits on disk for the next process. */
  @Override
  public void close() {
    beats.shutdownNow();
    // Ending them exports a last time, so only then is the buffer complete.
    meters.shutdown().join(300, TimeUnit.MILLISECONDS);
    tracers.shutdown().join(300, TimeUnit.MILLISECONDS);
    drain.awaitEmpty(Duration.ofMillis(1_400));
    drain.close();
    try {
      spool.close();
    } catch (IOException e) {
      guard.trouble("cannot let go of the agent's buffer: " + e);
    }
  }

  /** Describes an agent; not thread-safe. */
  public static final class Builder {
    private final String pipeline;
    private String domain = "";
    private String endpoint;
    private String token;
    private Path buffer;
    private long bufferBytes = 64L << 20;
    private Duration interval = Duration.ofSeconds(10);
    private Clock clock = Clock.getDefault();
    private String problem = "";

    private Builder(String pipeline, Map<String, String> environment) {
      this.pipeline = pipeline;
      this.endpoint =
          environment.getOrDefault(
              "TIDEMARK_ENDPOINT",
              environment.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"));
      this.token = environment.getOrDefault("TIDEMARK_TOKEN", "").strip();
      this.buffer =
          Path.of(
              System.getProperty("java.io.tmpdir", "."),
              "tidemark-agent-" + System.getProperty("user.name", "user"),
              pipeline.replaceAll("[^A-Za-z0-9_.-]", "_"));
    }

    /** Sets the domain that the pipeline belongs to. */
    @CanIgnoreReturnValue
    public Builder domain(String domain) {
      this.domain = domain;
      return this;
    }

    /** Sets the engine's OTLP address, such as {@code http://127.0.0.1:4318}. */
    @CanIgnoreReturnValue
    public Builder endpoint(String endpoint) {
      this.endpoint = endpoint;
      return this;
    }

    /** Sets the bearer token. */
    @CanIgnoreReturnValue
    public Builder token(String token) {
      // Read from a file, it often ends with a line feed.
      this.token = token.strip();
      return this;
    }

    /** Sets the folder and the size of the buffer on disk. */
    @CanIgnoreReturnValue
    public Builder buffer(Path folder, long maxBytes) {
      this.buffer = folder;
      this.bufferBytes = maxBytes;
      return this;
    }

    /** Sets how often signals are sent; an interval of nothing leaves it as it was. */
    @CanIgnoreReturnValue
    public Builder interval(Duration interval) {
      if (interval.isNegative() || interval.isZero()) {
        problem =
            "signals cannot be sent every " + interval + "; they leave every " + this.interval;
      } else {
        this.interval = interval;
      }
      return this;
    }

    /** Sets the clock that times the signals. */
    @CanIgnoreReturnValue
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Starts the agent. Without a writable buffer folder it takes a temporary one; without any,
     * signals are given up and counted. Both are logged, and nothing is thrown.
     */
    public TidemarkAgent build() {
      endpoint = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
      return new TidemarkAgent(this, open());
    }

    private Spool open() {
      try {
        return Spool.open(buffer, bufferBytes);
      } catch (IOException e) {
        problem = "the agent's buffer " + buffer + " cannot be used (" + e + ")";
      }
      try {
        Spool temporary = Spool.open(Files.createTempDirectory("tidemark-agent"), bufferBytes);
        problem += "; what is not sent when this process ends is lost";
        return temporary;
      } catch (IOException e) {
        problem += ", and no temporary one either (" + e + "); signals are lost";
        return Spool.nowhere();
      }
    }

    private Guard guard(Spool spool) {
      Guard guard = new Guard(spool);
      if (!problem.isEmpty()) {
        guard.trouble(problem);
      }
      return guard;
    }
  }
}
