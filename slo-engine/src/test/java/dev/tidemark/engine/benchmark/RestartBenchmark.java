package dev.tidemark.engine.benchmark;

import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.NpmPackage;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.server.ServerProcess;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.engine.store.clickhouse.Migrations;
import dev.tidemark.engine.store.clickhouse.StoreException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures how long a server takes to be ready with many objectives, thirty days of minutes of each
 * in ClickHouse, and a signal of each for every minute of the last hour and a half: first with
 * nothing saved, so that all buckets are read, then after a clean stop, then after a {@code kill
 * -9}. CPU seconds are those of the server until then, for machines that have other things to do.
 */
public final class RestartBenchmark {
  private static final int OBJECTIVES_AT_ONCE = 200;
  private static final int SERIES_AT_ONCE = 2_000;
  private static final int SIGNAL_MINUTES = 90;
  private static final Duration MERGING = Duration.ofMinutes(8);

  private RestartBenchmark() {}

  /** Runs it: objectives (default 10,000), days (default 30). */
  public static void main(String[] args) throws Exception {
    int objectives = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int days = args.length > 1 ? Integer.parseInt(args[1]) : 30;
    PrintStream out = System.out;
    Path folder = Files.createTempDirectory("tidemark-restart");
    Path data = Files.createDirectories(folder.resolve("data"));
    StringBuilder definitions = new StringBuilder();
    for (int i = 0; i < objectives; i++) {
      definitions
          .append(i == 0 ? "" : "---\n")
          .append(
              """
              apiVersion: tidemark/v1
              kind: Dataset
              metadata: {name: %s}
              spec:
                owner: benchmark
                objectives: [{validity: {target: 99%%, window: 30d}}]
              """
                  .formatted(name(i)));
    }
    Path file = Files.writeString(folder.resolve("definitions.yaml"), definitions);
    fill(data, objectives, days, out);
    out.printf(
        Locale.ROOT,
        "%,d objectives, %d days of minutes, %d processors%n",
        objectives,
        days,
        Runtime.getRuntime().availableProcessors());
    try (ServerProcess server = measured("all buckets read", data, file, objectives, out)) {
      // Closing saves the windows.
      if (!server.handle().isAlive()) {
        throw new IllegalStateException();
      }
    }
    ServerProcess again = measured("after a clean stop", data, file, objectives, out);
    again.kill();
    try (ServerProcess server = measured("after kill -9", data, file, objectives, out)) {
      if (!server.handle().isAlive()) {
        throw new IllegalStateException();
      }
    }
  }

  /** Of one length, so that rows are made in the order in which they are stored. */
  private static String name(int i) {
    return String.format(Locale.ROOT, "d%06d", i);
  }

  private static void fill(Path data, int objectives, int days, PrintStream out) throws Exception {
    long began = System.nanoTime();
    try (EmbeddedClickHouse clickHouse =
            EmbeddedClickHouse.start(
                data.resolve("clickhouse"), NpmPackage.userCache(), line -> {});
        ClickHouseConnections connections =
            new ClickHouseConnections(
                clickHouse.jdbcUrl("default"), clickHouse.user(), clickHouse.password())) {
      connections.ensureDatabase("");
      new Migrations("", 30, 400).apply(connections);
      long minutes = days * 1_440L;
      for (int from = 0; from < objectives; from += OBJECTIVES_AT_ONCE) {
        int count = Math.min(OBJECTIVES_AT_ONCE, objectives - from);
        // Sorted and in large parts, as merges leave what has been there for long.
        connections.execute(
            """
            INSERT INTO objective_buckets
            SELECT objective, begin + toIntervalMinute(minute) AS start,
              if(minute < %d, 990 + minute %% 10, 1000), 1000, 0, 0, 1
            FROM (
              SELECT toLowCardinality(concat('d', leftPad(toString(number), 6, '0'), '-validity')) AS objective,
                toDateTime64(toStartOfMinute(now()), 3, 'UTC') - toIntervalMinute(%d) AS begin
              FROM numbers(%d, %d))
            ARRAY JOIN range(%d) AS minute
            SETTINGS min_insert_block_size_rows = 9000000, min_insert_block_size_bytes = 0,
              max_insert_threads = 1, max_threads = 2
            """
                .formatted(minutes - SIGNAL_MINUTES - 10, minutes, from, count, minutes));
        if ((from / OBJECTIVES_AT_ONCE) % 5 == 4 || from + count == objectives) {
          out.printf(
              Locale.ROOT,
              "filled %,d million buckets in %.0f s%n",
              (from + count) * minutes / 1_000_000,
              (System.nanoTime() - began) / 1e9);
        }
      }
      merge(connections, out);
      signals(connections, objectives);
      connections.execute(
          "INSERT INTO checkpoints SELECT 1, toStartOfMinute(now()), now64(3, 'UTC'),"
              + " toUnixTimestamp(now()) * 1000");
    }
    out.printf(Locale.ROOT, "filled in %.0f s%n", (System.nanoTime() - began) / 1e9);
  }

  /**
   * Months that were stored minute by minute have been merged long ago: so they are read faster.
   */
  private static void merge(ClickHouseConnections connections, PrintStream out)
      throws InterruptedException {
    long began = System.nanoTime();
    try {
      connections.execute("OPTIMIZE TABLE objective_buckets FINAL");
    } catch (StoreException e) {
      out.printf("merging takes longer than a statement may: %s%n", e.getMessage());
    }
    while (System.nanoTime() - began < MERGING.toNanos()) {
      try {
        connections.execute("SELECT throwIf(count() > 0, 'merging') FROM system.merges");
        out.printf(Locale.ROOT, "merged in %.0f s%n", (System.nanoTime() - began) / 1e9);
        return;
      } catch (StoreException e) {
        TimeUnit.SECONDS.sleep(2);
      }
    }
    out.printf("not merged after %d min; the first start is slower for it%n", MERGING.toMinutes());
  }

  private static void signals(ClickHouseConnections connections, int objectives) {
    for (int from = 0; from < objectives; from += SERIES_AT_ONCE) {
      String series =
          IntStream.range(from, Math.min(objectives, from + SERIES_AT_ONCE))
              .mapToObj(
                  i ->
                      "(toUInt64("
                          + Long.toUnsignedString(observed(name(i)).id())
                          + "),'"
                          + name(i)
                          + "')")
              .collect(Collectors.joining(","));
      connections.execute(
          ("INSERT INTO metric_series SELECT one.1, 'tidemark.records', 'DELTA_SUM', '',"
                  + " 'benchmark', map('service.name', 'benchmark'), map('dataset', one.2, 'outcome',"
                  + " 'observed'), now64(3, 'UTC') FROM (SELECT arrayJoin([%s]) AS one)")
              .formatted(series));
      connections.execute(
          ("INSERT INTO metric_points SELECT one.1, at - toIntervalSecond(30), at, at, 1000, 0, [],"
                  + " [], cityHash64(one.1, at) FROM (SELECT arrayJoin([%s]) AS one,"
                  + " toDateTime64(toStartOfMinute(now()), 9, 'UTC') - toIntervalSecond(30) -"
                  + " toIntervalMinute(arrayJoin(range(%d))) AS at)")
              .formatted(series, SIGNAL_MINUTES));
    }
  }

  private static Series observed(String dataset) {
    return Series.of(
        "tidemark.records",
        MetricKind.DELTA_SUM,
        "",
        Map.of("service.name", "benchmark"),
        Map.of("dataset", dataset, "outcome", "observed"));
  }

  private static ServerProcess measured(
      String what, Path data, Path file, int objectives, PrintStream out) throws Exception {
    long began = System.nanoTime();
    ServerProcess server =
        ServerProcess.startWithHeap("4g", data, "--definitions", file.toString());
    double seconds = (System.nanoTime() - began) / 1e9;
    double cpu = seconds(server.handle());
    double clickHouseCpu = seconds(server.clickHouse());
    String slo =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            server.base() + "/api/v1/slos/" + name(objectives - 1) + "-validity"))
                    .timeout(Duration.ofSeconds(60))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    out.printf(
        Locale.ROOT,
        "%-20s ready after %.1f s (CPU: server %.1f s, ClickHouse %.1f s); events in the window of"
            + " the last objective: %s%n",
        what,
        seconds,
        cpu,
        clickHouseCpu,
        slo.replaceFirst("(?s).*\"total\":([0-9.]+),\"burnRates.*", "$1"));
    return server;
  }

  private static double seconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }
}
