package dev.tidemark.engine.benchmark;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Measures Debian's Prometheus with the usual 17 rules for each objective, with thirty days of
 * history at 30 s ({@link PrometheusHistory}): CPU seconds of its process for one evaluation of one
 * objective, from its own counters, less what it uses while it only scrapes. Beside it, in the same
 * run, a tick of Tidemark over as many objectives, and over 1,000, whose windows hold thirty days
 * as well; there too CPU seconds count.
 */
public final class PrometheusBenchmark {
  private static final double RULES = 17;
  private static final Duration SETTLING = Duration.ofSeconds(40);
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final PrintStream out;
  private final Path folder;
  private final List<String> ids;
  private final URI base;

  private PrometheusBenchmark(PrintStream out, Path folder, List<String> ids, URI base) {
    this.out = out;
    this.folder = folder;
    this.ids = ids;
    this.base = base;
  }

  /** Runs it: objectives of Prometheus (default 40), evaluations to measure (default 5). */
  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 40;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    PrintStream out = System.out;
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("o" + i);
    }
    Path folder = Files.createTempDirectory("tidemark-prometheus");
    HttpServer exporter =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    exporter.createContext(
        "/metrics",
        exchange -> {
          byte[] body = exposition(ids).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    exporter.start();
    String target = "127.0.0.1:" + exporter.getAddress().getPort();
    URI base = URI.create("http://127.0.0.1:" + freePort());
    PrometheusBenchmark benchmark = new PrometheusBenchmark(out, folder, ids, base);
    try {
      long began = System.nanoTime();
      PrometheusHistory.write(
          ids,
          "instance=\"" + target + "\",job=\"events\"",
          System.currentTimeMillis() / 1_000,
          folder,
          Files.createDirectories(folder.resolve("data")));
      out.printf(
          Locale.ROOT,
          "thirty days of %,d objectives written in %.0f s%n",
          count,
          (System.nanoTime() - began) / 1e9);
      double prometheus = benchmark.measure(target, rounds);
      double same = TickBenchmark.tickSeconds(count, Duration.ofDays(30));
      double thousand = TickBenchmark.tickSeconds(1_000, Duration.ofDays(30));
      out.printf(Locale.ROOT, "%n%-45s %20s %10s%n", "", "objectives/CPU s", "ratio");
      out.printf(Locale.ROOT, "%-45s %,20.1f %10s%n", "Prometheus, " + count, 1 / prometheus, "1");
      out.printf(
          Locale.ROOT,
          "%-45s %,20.0f %,10.0f%n",
          "Tidemark, " + count + " counted objectives",
          1 / same,
          prometheus / same);
      out.printf(
          Locale.ROOT,
          "%-45s %,20.0f %,10.0f%n",
          "Tidemark, 1,000 counted objectives",
          1 / thousand,
          prometheus / thousand);
    } finally {
      exporter.stop(0);
    }
  }

  /** Returns CPU seconds for one evaluation of one objective. */
  private double measure(String target, int rounds) throws IOException, InterruptedException {
    Path rules = folder.resolve("rules.yml");
    Files.writeString(rules, "groups: []\n");
    String interval = PrometheusHistory.STEP.toSeconds() + "s";
    Files.writeString(
        folder.resolve("prometheus.yml"),
        """
        global: {scrape_interval: %s, evaluation_interval: %s}
        rule_files: [rules.yml]
        scrape_configs:
        - job_name: events
          static_configs: [{targets: ["%s"]}]
        """
            .formatted(interval, interval, target));
    Process prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--storage.tsdb.retention.time=60d",
                "--web.enable-lifecycle",
                "--web.listen-address=" + base.getAuthority())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      await(0, Duration.ofSeconds(60));
      TimeUnit.MILLISECONDS.sleep(SETTLING.toMillis());
      double[] idleFrom = counters();
      TimeUnit.MILLISECONDS.sleep(IDLE.toMillis());
      double idle = (counters()[0] - idleFrom[0]) / IDLE.toSeconds();
      Files.writeString(rules, PrometheusRules.file(ids, 0.001, interval));
      reload();
      // The first evaluation of every group reads what the later ones find in memory.
      await(RULES * ids.size(), Duration.ofMinutes(2));
      double[] first = counters();
      long from = System.nanoTime();
      await(
          first[1] + rounds * RULES * ids.size(), PrometheusHistory.STEP.multipliedBy(rounds + 4));
      double[] last = counters();
      double seconds = (System.nanoTime() - from) / 1e9;
      double evaluations = (last[1] - first[1]) / RULES;
      double cpu = last[0] - first[0] - idle * seconds;
      out.printf(
          Locale.ROOT,
          "Prometheus: %,.0f evaluations of an objective (17 rules) in %.1f CPU s beyond %.3f CPU s"
              + " a second when idle: %.1f ms each; failed %.0f; its own clock says %.1f ms%n",
          evaluations,
          cpu,
          idle,
          1e3 * cpu / evaluations,
          last[2],
          1e3 * (last[3] - first[3]) / evaluations);
      return cpu / evaluations;
    } finally {
      prometheus.destroy();
      if (!prometheus.waitFor(20, TimeUnit.SECONDS)) {
        prometheus.destroyForcibly();
      }
    }
  }

  private void reload() throws IOException, InterruptedException {
    int status =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(base.resolve("/-/reload"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.discarding())
            .statusCode();
    if (status != 200) {
      throw new IOException("Prometheus did not take the rules: " + status);
    }
  }

  private void await(double evaluations, Duration atMost) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      double[] now = counters();
      if (now[0] > 0 && now[1] >= evaluations) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "Prometheus evaluated %.0f rules, not %.0f, within %d s; see %s"
                .formatted(now[1], evaluations, atMost.toSeconds(), folder.resolve("log")));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static String exposition(List<String> ids) {
    long now = System.currentTimeMillis() / 1_000;
    StringBuilder text = new StringBuilder();
    for (String id : ids) {
      text.append("events_total{id=\"")
          .append(id)
          .append("\"} ")
          .append(PrometheusHistory.events(now))
          .append('\n');
      text.append("errors_total{id=\"")
          .append(id)
          .append("\"} ")
          .append(PrometheusHistory.errors(now))
          .append('\n');
    }
    return text.toString();
  }

  /** CPU seconds of the process; rules evaluated, failed, and seconds that groups took, so far. */
  private double[] counters() throws InterruptedException {
    double[] found = new double[4];
    try {
      String text =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(base.resolve("/metrics"))
                      .timeout(Duration.ofSeconds(10))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      for (String line : text.split("\n", -1)) {
        double value =
            line.startsWith("#") || line.isBlank()
                ? 0
                : Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        if (line.startsWith("process_cpu_seconds_total")) {
          found[0] = value;
        } else if (line.startsWith("prometheus_rule_evaluations_total")) {
          found[1] += value;
        } else if (line.startsWith("prometheus_rule_evaluation_failures_total")) {
          found[2] += value;
        } else if (line.startsWith("prometheus_rule_evaluation_duration_seconds_sum")) {
          found[3] = value;
        }
      }
    } catch (IOException e) {
      // Not up yet: nothing was evaluated.
      return new double[4];
    }
    return found;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
