package dev.tidemark.engine.benchmark;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the time from the acknowledgement of a signal to the decision that it changes, while
 * other signals come at a steady rate: a late count, for a slice that is judged already, is sent,
 * and the objective is asked over HTTP until its budget has it. Asking itself takes up to the
 * printed time of an answer, which is part of what is measured.
 */
public final class DecisionBenchmark {
  private static final int POINTS_PER_REQUEST = 500;
  private static final int PROBES = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private DecisionBenchmark() {}

  /** Runs it: points a second (default 50,000). */
  public static void main(String[] args) throws Exception {
    int rate = args.length > 0 ? Integer.parseInt(args[0]) : 50_000;
    PrintStream out = System.out;
    Path folder = Files.createTempDirectory("tidemark-decisions");
    StringBuilder definitions = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      definitions.append(dataset("dataset-" + i)).append("---\n");
    }
    definitions.append(dataset("probe"));
    Path file = Files.writeString(folder.resolve("definitions.yaml"), definitions);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong points = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(9);
    HttpClient client = HttpClient.newHttpClient();
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--definitions", file.toString())) {
      long began = System.nanoTime();
      for (int i = 0; i < 8; i++) {
        int sender = i;
        var unused =
            threads.submit(
                () -> {
                  steady(client, server.base(), sender, rate, began, stop, points);
                  return null;
                });
      }
      TimeUnit.SECONDS.sleep(15);
      List<Double> waits = new ArrayList<>();
      long measuredFrom = System.nanoTime();
      long pointsBefore = points.get();
      double asking = 0;
      for (int i = 0; i < PROBES; i++) {
        double before = total(client, server.base());
        send(
            client, server.base(), IngestBenchmark.single("probe", Instant.now().minusSeconds(90)));
        long acknowledged = System.nanoTime();
        while (total(client, server.base()) <= before) {
          TimeUnit.MILLISECONDS.sleep(2);
        }
        waits.add((System.nanoTime() - acknowledged) / 1e6);
        long asked = System.nanoTime();
        if (total(client, server.base()) <= before) {
          throw new IllegalStateException("a decision was taken back");
        }
        asking += (System.nanoTime() - asked) / 1e6;
        // Probes must not march in step with the ticks.
        TimeUnit.MILLISECONDS.sleep(17L * (i % 23));
      }
      double seconds = (System.nanoTime() - measuredFrom) / 1e9;
      double achieved = (points.get() - pointsBefore) / seconds;
      stop.set(true);
      waits.sort(null);
      out.printf(
          Locale.ROOT,
          "%,.0f points/s acknowledged meanwhile, %d probes, an answer takes %.0f ms%n",
          achieved,
          PROBES,
          asking / PROBES);
      out.printf(
          Locale.ROOT,
          "from acknowledged to decided: p50 %.0f ms, p99 %.0f ms, longest %.0f ms%n",
          waits.get(PROBES / 2),
          waits.get(PROBES * 99 / 100),
          waits.get(PROBES - 1));
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  private static String dataset(String name) {
    return """
        apiVersion: tidemark/v1
        kind: Dataset
        metadata: {name: %s}
        spec:
          owner: benchmark
          objectives: [{validity: {target: 99%%, window: 30d}}]
        """
        .formatted(name);
  }

  private static void steady(
      HttpClient client,
      URI base,
      int sender,
      int rate,
      long began,
      AtomicBoolean stop,
      AtomicLong points)
      throws Exception {
    double secondsEach = 8.0 * POINTS_PER_REQUEST / rate;
    for (int i = 0; !stop.get(); i++) {
      long due = began + (long) ((i + sender / 8.0) * secondsEach * 1e9);
      long wait = due - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
      send(
          client,
          base,
          IngestBenchmark.request(i * 8 + sender, System.currentTimeMillis() * 1_000_000L));
      points.addAndGet(POINTS_PER_REQUEST);
    }
  }

  private static void send(HttpClient client, URI base, byte[] body)
      throws IOException, InterruptedException {
    int status =
        client
            .send(
                HttpRequest.newBuilder(base.resolve("/v1/metrics"))
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.discarding())
            .statusCode();
    if (status != 200) {
      throw new IOException("a signal was answered with " + status);
    }
  }

  private static double total(HttpClient client, URI base)
      throws IOException, InterruptedException {
    return JSON.readTree(
            client
                .send(
                    HttpRequest.newBuilder(base.resolve("/api/v1/slos/probe-validity")).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body())
        .path("total")
        .asDouble();
  }
}
