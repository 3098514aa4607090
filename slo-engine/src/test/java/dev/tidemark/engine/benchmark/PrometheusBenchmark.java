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
 * Measures Debian's Prometheus with the usual 17 rules for each objective: CPU seconds of its
 * process for one evaluation of one objective, from its own counters, over freshly scraped series.
 * With only minutes of history its long windows are short, which flatters it. {@link TickBenchmark}
 * in the same run says what a tick of Tidemark costs.
 */
public final class PrometheusBenchmark {
  private static final String INTERVAL = "5s";
  private static final double RULES = 17;

  private PrometheusBenchmark() {}

  /** Runs it: objectives (default 300), seconds to measure (default 60). */
  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 300;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
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
    int port = freePort();
    Files.writeString(folder.resolve("rules.yml"), PrometheusRules.file(ids, 0.001, INTERVAL));
    Files.writeString(
        folder.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 5s, evaluation_interval: 5s}
        rule_files: [rules.yml]
        scrape_configs:
        - job_name: events
          static_configs: [{targets: ["127.0.0.1:%d"]}]
        """
            .formatted(exporter.getAddress().getPort()));
    Process prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      double[] first = counters(metrics);
      while (first[1] < RULES * count && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(500);
        first = counters(metrics);
      }
      TimeUnit.SECONDS.sleep(seconds);
      double[] last = counters(metrics);
      double evaluations = (last[1] - first[1]) / RULES;
      double cpu = last[0] - first[0];
      out.printf(
          Locale.ROOT,
          "Prometheus: %,d objectives every %s, %.0f evaluations of an objective in %.1f CPU s:"
              + " %.0f µs each%n%n",
          count,
          INTERVAL,
          evaluations,
          cpu,
          1e6 * cpu / evaluations);
    } finally {
      prometheus.destroy();
      if (!prometheus.waitFor(20, TimeUnit.SECONDS)) {
        prometheus.destroyForcibly();
      }
      exporter.stop(0);
    }
    TickBenchmark.main(new String[] {"1000"});
  }

  private static String exposition(List<String> ids) {
    long now = System.currentTimeMillis() / 1_000;
    StringBuilder text = new StringBuilder();
    for (String id : ids) {
      text.append("events_total{id=\"").append(id).append("\"} ").append(now * 100).append('\n');
      text.append("errors_total{id=\"").append(id).append("\"} ").append(now / 10).append('\n');
    }
    return text.toString();
  }

  /** CPU seconds of the process, and rules evaluated so far. */
  private static double[] counters(URI metrics) throws InterruptedException {
    double[] found = new double[2];
    try {
      String text =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(10)).build(),
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
        }
      }
    } catch (IOException e) {
      // Not up yet: nothing was evaluated.
      return new double[2];
    }
    return found;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
