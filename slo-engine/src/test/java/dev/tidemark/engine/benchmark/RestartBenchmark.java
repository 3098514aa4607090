package dev.tidemark.engine.benchmark;

import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.NpmPackage;
import dev.tidemark.engine.server.ServerProcess;
import dev.tidemark.engine.store.clickhouse.ClickHouseConnections;
import dev.tidemark.engine.store.clickhouse.Migrations;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Measures how long a server takes to be ready with many objectives and thirty days of minutes of
 * each in ClickHouse: first with nothing saved, so that all buckets are read, then after a clean
 * stop, then after a {@code kill -9}.
 */
public final class RestartBenchmark {
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
              metadata: {name: d%d}
              spec:
                owner: benchmark
                objectives: [{validity: {target: 99%%, window: 30d}}]
              """
                  .formatted(i));
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
      for (int day = 0; day < days; day++) {
        connections.execute(
            ("INSERT INTO objective_buckets SELECT concat('d', toString(intDiv(number, 1440)),"
                    + " '-validity'), toDateTime64(toStartOfMinute(now()), 3, 'UTC')"
                    + " - toIntervalMinute(%d - number %% 1440), 990 + number %% 10, 1000, 0, 0, 1"
                    + " FROM numbers(%d)")
                .formatted(minutes - day * 1_440L, objectives * 1_440L));
      }
      connections.execute(
          "INSERT INTO checkpoints SELECT 1, now64(3, 'UTC'), now64(3, 'UTC'), toUnixTimestamp(now()) * 1000");
    }
    out.printf(Locale.ROOT, "filled in %.0f s%n", (System.nanoTime() - began) / 1e9);
  }

  private static ServerProcess measured(
      String what, Path data, Path file, int objectives, PrintStream out) throws Exception {
    long began = System.nanoTime();
    ServerProcess server =
        ServerProcess.startWithHeap("4g", data, "--definitions", file.toString());
    double seconds = (System.nanoTime() - began) / 1e9;
    String slo =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            server.base() + "/api/v1/slos/d" + (objectives - 1) + "-validity"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    out.printf(
        Locale.ROOT,
        "%-20s ready after %.1f s; events in the window of the last objective: %s%n",
        what,
        seconds,
        slo.replaceFirst("(?s).*\"total\":([0-9.]+),\"burnRates.*", "$1"));
    return server;
  }
}
