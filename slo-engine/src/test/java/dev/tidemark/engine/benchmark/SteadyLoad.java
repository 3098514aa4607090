package dev.tidemark.engine.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends points at a steady rate over several connections until it is closed. A request that is
 * refused ends it, and is told by {@link #check}: a measurement beside a load that is not there
 * would say nothing. Thread-safe.
 */
final class SteadyLoad implements AutoCloseable {
  private static final int POINTS_PER_REQUEST = 500;
  private static final int SENDERS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient client;
  private final URI base;
  private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
  private final List<Future<?>> senders = new ArrayList<>();
  private final AtomicLong points = new AtomicLong();
  private volatile boolean running = true;

  private SteadyLoad(HttpClient client, URI base) {
    this.client = client;
    this.base = base;
  }

  /** Begins to send so many points a second. */
  static SteadyLoad start(HttpClient client, URI base, int pointsPerSecond) {
    SteadyLoad load = new SteadyLoad(client, base);
    long began = System.nanoTime();
    for (int i = 0; i < SENDERS; i++) {
      int sender = i;
      load.senders.add(
          load.threads.submit(
              () -> {
                load.send(sender, pointsPerSecond, began);
                return null;
              }));
    }
    return load;
  }

  private void send(int sender, int pointsPerSecond, long began) throws Exception {
    double secondsEach = (double) SENDERS * POINTS_PER_REQUEST / pointsPerSecond;
    for (int i = 0; running; i++) {
      long due = began + (long) ((i + (double) sender / SENDERS) * secondsEach * 1e9);
      long wait = due - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
      send(
          client,
          base,
          IngestBenchmark.request(i * SENDERS + sender, System.currentTimeMillis() * 1_000_000L));
      points.addAndGet(POINTS_PER_REQUEST);
    }
  }

  /** Returns how many points were acknowledged so far. */
  long points() {
    return points.get();
  }

  /**
   * Checks that all senders send still.
   *
   * @throws IOException when one of them was refused
   */
  void check() throws IOException, InterruptedException {
    for (Future<?> sender : senders) {
      if (sender.isDone()) {
        try {
          sender.get();
        } catch (ExecutionException e) {
          throw new IOException("the load ended: " + e.getCause(), e.getCause());
        }
        throw new IOException("the load ended");
      }
    }
  }

  /**
   * Sends one request and waits for its acknowledgement.
   *
   * @throws IOException when it is not acknowledged in time
   */
  static void send(HttpClient client, URI base, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(base.resolve("/v1/metrics"))
                .header("Content-Type", "application/x-protobuf")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          "a signal was answered with " + response.statusCode() + ": " + response.body());
    }
  }

  @Override
  public void close() {
    running = false;
    threads.shutdownNow();
  }
}
