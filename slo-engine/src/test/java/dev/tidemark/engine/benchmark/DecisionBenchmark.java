package dev.tidemark.engine.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.server.ServerProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Measures the time from the acknowledgement of a signal (its 200) to the decision that it makes,
 * seen from outside over HTTP, while other signals come at a steady rate. Three ways:
 *
 * <ol>
 *   <li>a late count for a slice that is judged already: until the objective's budget has it;
 *   <li>late bad events that make a page's condition hold: until the incident is open, which means
 *       durable;
 *   <li>bad events of the slice that goes on: until the incident is open. A slice is judged 5 s
 *       after its end, so the time from that moment, or from the acknowledgement where that is
 *       later, is what counts; the whole time is printed beside it.
 * </ol>
 *
 * Asking takes time itself, which is part of what is measured. Every wait is bounded.
 */
public final class DecisionBenchmark {
  private static final int PROBES = 200;
  private static final int INCIDENTS = 100;

  /** All of them are sent before the first can be due. */
  private static final int CURRENT = 40;

  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The probes' slices, short so that many of them end while this runs. */
  private static final Duration SLICE = Duration.ofSeconds(5);

  /** How long after its end a slice is judged; what the server does when nobody says otherwise. */
  private static final Duration JUDGING_DELAY = Duration.ofSeconds(5);

  /** Long enough ago that the slice is judged, and not before the server was there. */
  private static final Duration LATE = Duration.ofSeconds(18);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI base;
  private final SteadyLoad load;

  private DecisionBenchmark(PrintStream out, URI base, int rate) {
    this.out = out;
    this.base = base;
    this.load = SteadyLoad.start(client, base, rate);
  }

  /** Runs it: points a second (default 50,000). */
  public static void main(String[] args) throws Exception {
    int rate = args.length > 0 ? Integer.parseInt(args[0]) : 50_000;
    Path folder = Files.createTempDirectory("tidemark-decisions");
    StringBuilder definitions = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      definitions.append(dataset("dataset-" + i, "")).append("---\n");
    }
    String slice = ", timeSlice: " + SLICE.toSeconds() + "s";
    for (int i = 0; i < INCIDENTS; i++) {
      definitions.append(dataset("late-" + i, slice)).append("---\n");
    }
    for (int i = 0; i < CURRENT; i++) {
      definitions.append(dataset("current-" + i, slice)).append("---\n");
    }
    definitions.append(dataset("probe", slice));
    Path file = Files.writeString(folder.resolve("definitions.yaml"), definitions);
    try (ServerProcess server =
        ServerProcess.startWithHeap(
            "2g", folder.resolve("data"), "--definitions", file.toString())) {
      DecisionBenchmark benchmark = new DecisionBenchmark(System.out, server.base(), rate);
      try (SteadyLoad load = benchmark.load) {
        TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
        long from = System.nanoTime();
        long before = load.points();
        benchmark.lateCounts();
        benchmark.lateIncidents();
        benchmark.currentIncidents();
        load.check();
        benchmark.out.printf(
            Locale.ROOT,
            "%,.0f points/s acknowledged meanwhile%n",
            (load.points() - before) / ((System.nanoTime() - from) / 1e9));
      }
    }
  }

  private static String dataset(String name, String more) {
    return """
    apiVersion: tidemark/v1
    kind: Dataset
    metadata: {name: %s}
    spec:
      owner: benchmark
      objectives: [{validity: {target: 99%%, window: 30d%s}}]
    """
        .formatted(name, more);
  }

  private void lateCounts() throws Exception {
    List<Double> waits = new ArrayList<>();
    double asking = 0;
    for (int i = 0; i < PROBES; i++) {
      load.check();
      double before = total();
      SteadyLoad.send(client, base, IngestBenchmark.single("probe", Instant.now().minus(LATE)));
      long acknowledged = System.nanoTime();
      while (total() <= before) {
        if (System.nanoTime() - acknowledged > PATIENCE.toNanos()) {
          throw new IllegalStateException(
              "late count %d was acknowledged and not in the budget after %d s: %s"
                  .formatted(i, PATIENCE.toSeconds(), answer("/api/v1/slos/probe-validity")));
        }
        TimeUnit.MILLISECONDS.sleep(2);
      }
      waits.add((System.nanoTime() - acknowledged) / 1e6);
      long asked = System.nanoTime();
      if (total() <= before) {
        throw new IllegalStateException("a decision was taken back");
      }
      asking += (System.nanoTime() - asked) / 1e6;
      // Probes must not march in step with the ticks.
      TimeUnit.MILLISECONDS.sleep(7L * (i % 13));
    }
    print("late count: acknowledged → in the budget", waits);
    out.printf(Locale.ROOT, "  (an answer of the API takes %.0f ms)%n", asking / PROBES);
  }

  private void lateIncidents() throws Exception {
    List<Double> waits = new ArrayList<>();
    for (int i = 0; i < INCIDENTS; i++) {
      load.check();
      SteadyLoad.send(
          client, base, IngestBenchmark.rejected("late-" + i, Instant.now().minus(LATE)));
      long acknowledged = System.nanoTime();
      while (!open().contains("late-" + i + "-validity")) {
        late(acknowledged, "late-" + i);
        TimeUnit.MILLISECONDS.sleep(5);
      }
      waits.add((System.nanoTime() - acknowledged) / 1e6);
      TimeUnit.MILLISECONDS.sleep(7L * (i % 13));
    }
    print("late bad events: acknowledged → incident open", waits);
  }

  private void currentIncidents() throws Exception {
    long[] acknowledged = new long[CURRENT];
    long[] due = new long[CURRENT];
    for (int i = 0; i < CURRENT; i++) {
      load.check();
      Instant at = Instant.now();
      SteadyLoad.send(client, base, IngestBenchmark.rejected("current-" + i, at));
      acknowledged[i] = System.currentTimeMillis();
      long end = (at.toEpochMilli() / SLICE.toMillis() + 1) * SLICE.toMillis();
      due[i] = Math.max(acknowledged[i], end + JUDGING_DELAY.toMillis());
      TimeUnit.MILLISECONDS.sleep(110);
    }
    List<Double> whole = new ArrayList<>();
    List<Double> waits = new ArrayList<>();
    boolean[] seen = new boolean[CURRENT];
    long began = System.nanoTime();
    while (waits.size() < CURRENT) {
      String open = open();
      long now = System.currentTimeMillis();
      for (int i = 0; i < CURRENT; i++) {
        if (!seen[i] && open.contains("current-" + i + "-validity")) {
          seen[i] = true;
          waits.add((double) Math.max(0, now - due[i]));
          whole.add((double) now - acknowledged[i]);
        } else if (!seen[i]) {
          late(began, "current-" + i);
        }
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    print("bad events now: slice is due → incident open", waits);
    print("bad events now: acknowledged → incident open (slice and delay included)", whole);
  }

  private void late(long since, String dataset) throws IOException, InterruptedException {
    if (System.nanoTime() - since > PATIENCE.toNanos()) {
      throw new IllegalStateException(
          "bad events of %s were acknowledged and no incident is open after %d s: %s"
              .formatted(
                  dataset, PATIENCE.toSeconds(), answer("/api/v1/slos/" + dataset + "-validity")));
    }
  }

  /** Percentiles by nearest rank. */
  private void print(String what, List<Double> millis) {
    millis.sort(null);
    out.printf(
        Locale.ROOT,
        "%-75s %4d times, p50 %,5.0f ms, p99 %,5.0f ms, longest %,5.0f ms%n",
        what,
        millis.size(),
        millis.get(millis.size() / 2),
        millis.get((int) Math.ceil(millis.size() * 0.99) - 1),
        millis.get(millis.size() - 1));
  }

  private double total() throws IOException, InterruptedException {
    JsonNode total = JSON.readTree(answer("/api/v1/slos/probe-validity")).findValue("total");
    return total == null ? 0 : total.asDouble();
  }

  private String open() throws IOException, InterruptedException {
    return answer("/api/v1/incidents?state=open");
  }

  private String answer(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + " was answered with " + response.statusCode());
    }
    return response.body();
  }
}
