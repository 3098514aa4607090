package dev.tidemark.engine.demo;

import dev.tidemark.agent.DatasetSignals;
import dev.tidemark.agent.PipelineRun;
import dev.tidemark.agent.TidemarkAgent;
import dev.tidemark.checks.drift.NumericBaseline;
import io.opentelemetry.sdk.common.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** The demo's three pipelines, each run as a process of its own until it is ended. */
public final class FlightPipelines {
  private static final Duration FLUSH = Duration.ofMillis(500);

  private final Map<String, String> options;
  private final Path folder;
  private final Clock clock;

  private FlightPipelines(Map<String, String> options) {
    this.options = options;
    this.folder = Path.of(option("--dir"));
    this.clock =
        new SimulatedClock(
            Long.parseLong(option("--clock-base-real")),
            Long.parseLong(option("--clock-base-sim")),
            Double.parseDouble(option("--speed")));
  }

  /** Runs {@code ingest}, {@code aggregate} or {@code features} with its options. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> options = new TreeMap<>();
    for (int i = 1; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    new FlightPipelines(options).run(args.length == 0 ? "" : args[0]);
  }

  private void run(String mode) throws IOException, InterruptedException {
    switch (mode) {
      case "ingest" -> loop("flights_ingest", "flights_raw", List.of("flights_source"), "raw");
      case "aggregate" ->
          loop("flights_hourly", "flights_hourly", List.of("flights_raw"), "hourly");
      case "features" ->
          loop("flight_delays", "flight_delays", List.of("flights_hourly"), "features");
      default ->
          throw new IllegalArgumentException("say ingest, aggregate or features, not " + mode);
    }
  }

  private void loop(String pipeline, String dataset, List<String> inputs, String part)
      throws IOException, InterruptedException {
    FlightData data = FlightData.read(Path.of(option("--data")));
    double[] delays = data.flights().stream().mapToDouble(FlightData.Flight::delay).toArray();
    NumericBaseline baseline = NumericBaseline.of(delays, 10);
    Lineage lineage =
        new Lineage(
            HttpClient.newHttpClient(),
            URI.create(option("--engine") + "/api/v1/lineage"),
            pipeline,
            inputs,
            dataset);
    Path out = Files.createDirectories(folder.resolve(part));
    try (TidemarkAgent agent =
        TidemarkAgent.forPipeline(pipeline)
            .domain("flights")
            .endpoint(option("--otlp"))
            .buffer(folder.resolve("buffer").resolve(pipeline), 16L << 20)
            .interval(Duration.ofDays(1))
            .clock(clock)
            .build()) {
      DatasetSignals signals = agent.dataset(dataset);
      Instant read = now().minus(1, ChronoUnit.HOURS);
      Instant beat = Instant.EPOCH;
      while (!Thread.currentThread().isInterrupted()) {
        Instant hour = now().truncatedTo(ChronoUnit.HOURS);
        String id = UUID.randomUUID().toString();
        boolean told = lineage.tell("START", now(), id);
        try (PipelineRun run = agent.startRun(id)) {
          do {
            Instant upTo = part.equals("raw") ? now() : upstream(part);
            if (part.equals("raw") && !now().isBefore(beat.plusSeconds(60))) {
              beat = now();
              agent.heartbeat("flights-cdc");
            }
            if (upTo.isAfter(read)) {
              List<FlightData.Flight> flights = data.between(read, upTo);
              write(out, part, flights, upTo);
              signals.expected(flights.size());
              signals.observed(flights.size());
              signals.processingLag(Duration.between(upTo, now()));
              signals.watermark(upTo);
              read = upTo;
            }
            agent.flush(FLUSH);
            Thread.sleep(150);
          } while (now().truncatedTo(ChronoUnit.HOURS).equals(hour));
          if (part.equals("features")) {
            double[] recent =
                data.between(read.minus(Duration.ofDays(7)), read).stream()
                    .mapToDouble(FlightData.Flight::delay)
                    .toArray();
            if (recent.length >= 100) {
              signals.drift("delay", "psi", baseline.psi(recent));
            }
          }
          run.succeeded();
        }
        told &= lineage.tell("COMPLETE", now(), id);
        if (!told) {
          System.err.println(pipeline + ": the engine did not take the lineage of run " + id);
        }
      }
    }
  }

  private void write(Path out, String part, List<FlightData.Flight> flights, Instant upTo)
      throws IOException {
    Map<String, List<String>> lines = new TreeMap<>();
    Map<String, List<Integer>> delays = new TreeMap<>();
    for (FlightData.Flight flight : flights) {
      String hour = flight.time().toString().substring(0, 13);
      delays
          .computeIfAbsent(hour + "," + flight.origin(), key -> new ArrayList<>())
          .add(flight.delay());
      if (part.equals("raw")) {
        lines
            .computeIfAbsent(hour, key -> new ArrayList<>())
            .add(flight.time() + "," + flight.origin() + "," + flight.delay());
      }
    }
    if (!part.equals("raw")) {
      delays.forEach(
          (key, values) ->
              lines
                  .computeIfAbsent(key.substring(0, 13), hour -> new ArrayList<>())
                  .add(key + "," + values.size() + "," + mean(values)));
    }
    for (Map.Entry<String, List<String>> entry : lines.entrySet()) {
      Files.write(
          out.resolve(entry.getKey() + ".csv"),
          entry.getValue(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    Path staged = Files.writeString(out.resolve("watermark.part"), upTo.toString());
    Files.move(
        staged,
        out.resolve("watermark"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Instant upstream(String part) throws IOException {
    Path file = folder.resolve(part.equals("hourly") ? "raw" : "hourly").resolve("watermark");
    if (!Files.exists(file)) {
      return Instant.EPOCH;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().map(Instant::parse).orElse(Instant.EPOCH);
    }
  }

  private static double mean(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).average().orElse(Double.NaN);
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
