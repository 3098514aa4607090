package dev.tidemark.engine.demo;

import dev.tidemark.agent.DatasetSignals;
import dev.tidemark.agent.PipelineRun;
import dev.tidemark.agent.RunStep;
import dev.tidemark.agent.TidemarkAgent;
import dev.tidemark.checks.drift.NumericBaseline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The demo's three pipelines, each run as a process of its own until it is ended. */
public final class FlightPipelines {
  private static final Duration FLUSH = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(400);
  private static final int ENOUGH = 100;

  /** What each prints when it could begin. */
  static final String READY = "ready";

  private final Map<String, String> options;
  private final Path folder;
  private final SimulatedClock clock;
  private final CountDownLatch started = new CountDownLatch(1);
  private Instant beat = Instant.EPOCH;
  private @Nullable NumericBaseline reference;

  private FlightPipelines(Map<String, String> options) {
    this.options = options;
    this.folder = Path.of(option("--dir"));
    this.clock =
        new SimulatedClock(
            Long.parseLong(option("--clock-base-sim")), Double.parseDouble(option("--speed")));
  }

  /** Runs {@code ingest}, {@code aggregate} or {@code features} with its options. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> options = new TreeMap<>();
    for (int i = 1; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    FlightPipelines pipelines = new FlightPipelines(options);
    pipelines.listenToTheDemo();
    pipelines.run(args.length == 0 ? "" : args[0]);
  }

  /**
   * The demo holds the other end of our input: it says when time begins to pass, and when it is
   * gone, however it went, so are we.
   */
  private void listenToTheDemo() {
    Thread watch =
        new Thread(
            () -> {
              try (BufferedReader demo =
                  new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line = demo.readLine(); line != null; line = demo.readLine()) {
                  clock.startAt(Long.parseLong(line.trim()));
                  started.countDown();
                }
              } catch (IOException e) {
                System.err.println("the demo cannot be heard any more: " + e.getMessage());
              }
              Runtime.getRuntime().halt(0);
            },
            "demo-watch");
    watch.setDaemon(true);
    watch.start();
  }

  /** After the first signals were sent: however slow the machine, all pipelines begin together. */
  private void awaitStart() throws InterruptedException {
    if (started.getCount() > 0) {
      System.out.println(READY);
      started.await();
    }
  }

  private void run(String mode) throws IOException, InterruptedException {
    Handover raw = new Handover(folder.resolve("raw"));
    Handover hourly = new Handover(folder.resolve("hourly"));
    switch (mode) {
      case "ingest" ->
          loop("flights_ingest", "flights_raw", new FlightConnector(folder.resolve("source"), raw));
      case "aggregate" ->
          loop("flights_hourly", "flights_hourly", new HourlyAggregate(raw, hourly));
      case "features" ->
          loop(
              "flight_delays",
              "flight_delays",
              new DelayFeatures(hourly, new Handover(folder.resolve("features"))));
      default ->
          throw new IllegalArgumentException("say ingest, aggregate or features, not " + mode);
    }
  }

  /** One run an hour; each takes what comes until the hour is over. */
  private void loop(String pipeline, String dataset, FlightStep step)
      throws IOException, InterruptedException {
    Lineage lineage =
        new Lineage(
            HttpClient.newHttpClient(),
            URI.create(option("--engine") + "/api/v1/lineage"),
            pipeline,
            step.inputs(),
            dataset,
            step.columns());
    try (TidemarkAgent agent =
        TidemarkAgent.forPipeline(pipeline)
            .domain("flights")
            .endpoint(option("--otlp"))
            .buffer(folder.resolve("buffer").resolve(pipeline), 16L << 20)
            .interval(Duration.ofDays(1))
            .clock(clock)
            .build()) {
      while (!Thread.currentThread().isInterrupted()) {
        hour(agent, dataset, step, lineage);
      }
    }
  }

  private void hour(TidemarkAgent agent, String dataset, FlightStep step, Lineage lineage)
      throws IOException, InterruptedException {
    DatasetSignals signals = agent.dataset(dataset);
    Instant hour = now().truncatedTo(ChronoUnit.HOURS);
    String id = UUID.randomUUID().toString();
    boolean told = lineage.tell("START", now(), id, 0);
    long written = 0;
    try (PipelineRun run = agent.startRun(id)) {
      do {
        if (step instanceof FlightConnector && !now().isBefore(beat.plusSeconds(60))) {
          beat = now();
          agent.heartbeat("flights-cdc");
        }
        RunStep part = run.step(step.work());
        FlightStep.Progress progress = step.advance();
        if (progress.observed() > 0) {
          // One that took nothing is never ended, so it does not fill the trace.
          part.note("records", Long.toString(progress.observed()));
          part.close();
        }
        Instant upTo = progress.watermark();
        if (upTo != null) {
          signals.expected(progress.expected());
          signals.observed(progress.observed());
          signals.rejected(progress.rejected());
          signals.processingLag(Duration.between(upTo, now()));
          signals.watermark(upTo);
          written += progress.written();
        }
        agent.flush(FLUSH);
        awaitStart();
        Thread.sleep(PAUSE.toMillis());
      } while (now().truncatedTo(ChronoUnit.HOURS).equals(hour));
      drift(step, signals);
      run.succeeded();
    }
    told &= lineage.tell("COMPLETE", now(), id, written);
    if (!told) {
      System.err.println(dataset + ": the engine did not take the lineage of run " + id);
    }
  }

  /** The first hours are the reference for those that follow. */
  private void drift(FlightStep step, DatasetSignals signals) {
    double[] values = step.watched();
    if (values.length < ENOUGH) {
      return;
    }
    if (reference == null) {
      reference = NumericBaseline.of(values, 10);
    } else {
      signals.drift("mean_delay", "psi", reference.psi(values));
    }
  }

  private Instant now() {
    return Instant.EPOCH.plusNanos(clock.now());
  }

  private String option(String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
