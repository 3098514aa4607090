package dev.tidemark.engine.benchmark;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Measures ingest from outside: a server in a process of its own with the embedded ClickHouse takes
 * OTLP/HTTP protobuf requests of 500 points over loopback, each acknowledged after it is durable.
 * Prints points per second, acknowledgement latency, CPU seconds per million points of server and
 * ClickHouse, and resident memory.
 */
public final class IngestBenchmark {
  private static final int POINTS_PER_REQUEST = 500;
  private static final int SERIES = 5_000;

  private IngestBenchmark() {}

  /**
   * Runs it.
   *
   * @param args seconds to measure (default 20), connections (default 32)
   */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    int connections = args.length > 1 ? Integer.parseInt(args[1]) : 32;
    PrintStream out = System.out;
    Path data = Files.createTempDirectory("tidemark-benchmark");
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidemark.engine.cli.Main",
                "serve",
                "--port",
                "0",
                "--otlp-http-port",
                "-1",
                "--otlp-grpc-port",
                "-1",
                "--data-dir",
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      URI base = URI.create(readyAddress(server));
      out.printf("warming up …%n");
      Result warm = load(base, 5, connections);
      out.printf(Locale.ROOT, "%,.0f points/s while warming up%n", warm.points() / warm.seconds());
      Usage before = Usage.of(server.toHandle());
      Result result = load(base, seconds, connections);
      Usage after = Usage.of(server.toHandle());
      double millions = result.points() / 1e6;
      out.printf(Locale.ROOT, "%nOTLP/HTTP ingest, durable acknowledgement, %s%n", machine());
      out.printf(
          Locale.ROOT,
          "requests of %d points, %,d series, %d connections, %d s%n%n",
          POINTS_PER_REQUEST,
          SERIES,
          connections,
          seconds);
      out.printf(Locale.ROOT, "| measure | value |%n|---|---|%n");
      out.printf(
          Locale.ROOT,
          "| points acknowledged per second | %,.0f |%n",
          result.points() / result.seconds());
      out.printf(Locale.ROOT, "| requests refused (429/503) | %,d |%n", result.refused());
      out.printf(Locale.ROOT, "| acknowledgement p50 | %.0f ms |%n", result.percentileMillis(0.50));
      out.printf(Locale.ROOT, "| acknowledgement p99 | %.0f ms |%n", result.percentileMillis(0.99));
      out.printf(
          Locale.ROOT,
          "| CPU seconds per million points, server | %.2f |%n",
          (after.serverCpuSeconds - before.serverCpuSeconds) / millions);
      out.printf(
          Locale.ROOT,
          "| CPU seconds per million points, ClickHouse | %.2f |%n",
          (after.clickHouseCpuSeconds - before.clickHouseCpuSeconds) / millions);
      out.printf(Locale.ROOT, "| resident memory, server | %,d MB |%n", after.serverRssMegabytes);
      out.printf(
          Locale.ROOT, "| resident memory, ClickHouse | %,d MB |%n", after.clickHouseRssMegabytes);
    } finally {
      server.destroy();
      if (!server.waitFor(30, TimeUnit.SECONDS)) {
        server.destroyForcibly().waitFor();
      }
      delete(data);
    }
  }

  private static String readyAddress(Process server) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith("ready ")) {
        return line.substring(6).trim();
      }
    }
    throw new IOException("the server ended before it was ready");
  }

  private record Result(long points, long refused, double seconds, List<Long> latenciesNanos) {
    double percentileMillis(double share) {
      int rank =
          (int) Math.min(latenciesNanos.size() - 1L, Math.round(share * latenciesNanos.size()));
      return latenciesNanos.get(rank) / 1e6;
    }
  }

  private static Result load(URI base, int seconds, int connections) throws Exception {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    AtomicLong sequence = new AtomicLong(System.currentTimeMillis() * 1_000_000L);
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(seconds);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<Callable<long[][]>> senders = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        int sender = i;
        senders.add(() -> send(client, base, sender, sequence, end));
      }
      long points = 0;
      long refused = 0;
      List<long[]> latencies = new ArrayList<>();
      for (Future<long[][]> future : threads.invokeAll(senders)) {
        long[][] one = future.get();
        latencies.add(one[0]);
        points += (long) one[0].length * POINTS_PER_REQUEST;
        refused += one[1][0];
      }
      double took = (System.nanoTime() - begin) / 1e9;
      List<Long> all = latencies.stream().flatMapToLong(Arrays::stream).sorted().boxed().toList();
      if (all.isEmpty()) {
        throw new IOException("nothing was acknowledged");
      }
      return new Result(points, refused, took, all);
    } finally {
      threads.shutdownNow();
    }
  }

  private static long[][] send(
      HttpClient client, URI base, int sender, AtomicLong sequence, long end) throws Exception {
    List<Long> latencies = new ArrayList<>();
    long refused = 0;
    int offset = sender;
    while (System.nanoTime() < end) {
      byte[] body = request(offset++, sequence.addAndGet(1_000));
      HttpRequest request =
          HttpRequest.newBuilder(base.resolve("/v1/metrics"))
              .header("Content-Type", "application/x-protobuf")
              .timeout(Duration.ofSeconds(30))
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      long sent = System.nanoTime();
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() == 200) {
        latencies.add(System.nanoTime() - sent);
      } else if (response.statusCode() == 429 || response.statusCode() == 503) {
        refused++;
        TimeUnit.MILLISECONDS.sleep(100);
      } else {
        throw new IOException(
            response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8));
      }
    }
    return new long[][] {latencies.stream().mapToLong(Long::longValue).toArray(), {refused}};
  }

  /** Returns a request with one count of a hundred records, observed at that time. */
  static byte[] single(String dataset, Instant at) {
    return body(counts().addDataPoints(hundred(dataset, "observed", at)));
  }

  /** Returns a request with a hundred records, observed at that time and all of them rejected. */
  static byte[] rejected(String dataset, Instant at) {
    return body(
        counts()
            .addDataPoints(hundred(dataset, "observed", at))
            .addDataPoints(hundred(dataset, "rejected", at)));
  }

  private static NumberDataPoint.Builder hundred(String dataset, String outcome, Instant at) {
    long nanos = at.getEpochSecond() * 1_000_000_000L + at.getNano();
    return NumberDataPoint.newBuilder()
        .setStartTimeUnixNano(nanos - 1_000_000_000L)
        .setTimeUnixNano(nanos)
        .setAsInt(100)
        .addAttributes(attribute("dataset", dataset))
        .addAttributes(attribute("outcome", outcome));
  }

  private static Sum.Builder counts() {
    return Sum.newBuilder()
        .setIsMonotonic(true)
        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
  }

  /** Returns a request of counts of some of the series. */
  static byte[] request(int block, long timeNanos) {
    Sum.Builder sum = counts();
    for (int i = 0; i < POINTS_PER_REQUEST; i++) {
      int series = Math.floorMod(block * POINTS_PER_REQUEST + i, SERIES);
      sum.addDataPoints(
          NumberDataPoint.newBuilder()
              .setStartTimeUnixNano(timeNanos - 1_000_000_000L)
              .setTimeUnixNano(timeNanos + i)
              .setAsInt(i)
              .addAttributes(attribute("dataset", "dataset-" + series / 10))
              .addAttributes(attribute("outcome", series % 2 == 0 ? "observed" : "expected"))
              .addAttributes(attribute("partition", "p" + series % 10)));
    }
    return body(sum);
  }

  private static byte[] body(Sum.Builder sum) {
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(
                    Resource.newBuilder().addAttributes(attribute("service.name", "benchmark")))
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(Metric.newBuilder().setName("tidemark.records").setSum(sum))))
        .build()
        .toByteArray();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private record Usage(
      double serverCpuSeconds,
      double clickHouseCpuSeconds,
      long serverRssMegabytes,
      long clickHouseRssMegabytes) {
    static Usage of(ProcessHandle server) {
      double childCpu = 0;
      long childRss = 0;
      for (ProcessHandle child : server.descendants().toList()) {
        childCpu += cpuSeconds(child);
        childRss += rssMegabytes(child);
      }
      return new Usage(cpuSeconds(server), childCpu, rssMegabytes(server), childRss);
    }

    private static double cpuSeconds(ProcessHandle process) {
      return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    private static long rssMegabytes(ProcessHandle process) {
      try (Stream<String> lines =
          Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
        return lines
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
            .findFirst()
            .orElse(0);
      } catch (IOException e) {
        return 0;
      }
    }
  }

  private static String machine() {
    return String.format(
        Locale.ROOT,
        "%d cores %s, JDK %s",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.arch"),
        System.getProperty("java.version"));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
