package dev.tidemark.engine.benchmark;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.engine.embedded.EmbeddedClickHouse;
import dev.tidemark.engine.embedded.SharedClickHouse;
import dev.tidemark.engine.server.ServerProcess;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures what a {@code kill -9} of the leader costs: two servers on one ClickHouse, an alert that
 * is accepted and not yet told, the kill, and then how long until the other one is ready, and until
 * the page about the alert arrives. Next round the other one is killed.
 */
public final class TakeOverBenchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long LOOK_MILLIS = 10;
  private static final String DEFINITIONS =
      """
      apiVersion: tidemark/v1
      kind: Receiver
      metadata: {name: hook}
      spec: {webhook: {url: "URL"}}
      ---
      apiVersion: tidemark/v1
      kind: Route
      metadata: {name: everything}
      spec: {receiver: hook, groupWait: 2s}
      """;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path folder;
  private final int[] ports = new int[4];
  private final ServerProcess[] servers = new ServerProcess[2];
  private final Map<String, Long> toldAtNanos = new ConcurrentHashMap<>();

  private TakeOverBenchmark(Path folder) {
    this.folder = folder;
  }

  /** Runs it: rounds (default 5). */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    new TakeOverBenchmark(Files.createTempDirectory("tidemark-take-over")).run(rounds, System.out);
    System.exit(0);
  }

  private void run(int rounds, PrintStream out) throws Exception {
    HttpServer hook =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hook.createContext(
        "/",
        exchange -> {
          String text =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          for (int round = 1; round <= rounds; round++) {
            if (text.contains(alert(round))) {
              Object unused = toldAtNanos.putIfAbsent(alert(round), System.nanoTime());
            }
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    hook.start();
    Files.writeString(
        folder.resolve("definitions.yaml"),
        DEFINITIONS.replace("URL", "http://127.0.0.1:" + hook.getAddress().getPort() + "/"));
    freePorts();
    String database = SharedClickHouse.freshDatabase();
    servers[0] = launch(0, database);
    servers[0].awaitLine("ready ", PATIENCE);
    servers[1] = launch(1, database);
    out.printf(
        Locale.ROOT,
        "%d rounds of kill -9, %d processors%n| round | other one ready | page told |%n|---|---|---|%n",
        rounds,
        Runtime.getRuntime().availableProcessors());
    List<Double> ready = new ArrayList<>();
    List<Double> told = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      int leads = (round - 1) % 2;
      servers[1 - leads].awaitLine("standby: ", PATIENCE);
      accept(leads, alert(round));
      long killedNanos = System.nanoTime();
      servers[leads].kill();
      servers[1 - leads].awaitLine("ready ", PATIENCE);
      ready.add((System.nanoTime() - killedNanos) / 1e9);
      told.add((told(alert(round)) - killedNanos) / 1e9);
      out.printf(
          Locale.ROOT,
          "| %d | %.1f s | %.1f s |%n",
          round,
          ready.get(round - 1),
          told.get(round - 1));
      servers[leads] = launch(leads, database);
    }
    out.printf(Locale.ROOT, "| median | %.1f s | %.1f s |%n", median(ready), median(told));
    for (ServerProcess server : servers) {
      server.kill();
    }
    hook.stop(0);
  }

  private static String alert(int round) {
    return "TakeOverRound" + round + "End";
  }

  private long told(String alert) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!toldAtNanos.containsKey(alert)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(alert + " was never told");
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return toldAtNanos.getOrDefault(alert, 0L);
  }

  private static double median(List<Double> seconds) {
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }

  private void freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < ports.length; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      ports[i] = socket.getLocalPort();
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
  }

  private ServerProcess launch(int number, String database) throws IOException {
    EmbeddedClickHouse shared = SharedClickHouse.get();
    Path config = folder.resolve("tidemark-" + number + ".yaml");
    Files.writeString(
        config,
        """
        clickhouse: {url: "%s", user: %s, password: "%s"}
        cluster: {listen: "127.0.0.1:%d", peers: ["127.0.0.1:%d"], secret: tides}
        """
            .formatted(
                database, shared.user(), shared.password(), ports[number], ports[1 - number]));
    return ServerProcess.launch(
        folder.resolve("data-" + number),
        "--config",
        config.toString(),
        "--port",
        Integer.toString(ports[2 + number]),
        "--definitions",
        folder.resolve("definitions.yaml").toString());
  }

  private void accept(int number, String alert) throws Exception {
    int status =
        client
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + ports[2 + number] + "/api/v2/alerts"))
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "[{\"labels\":{\"alertname\":\"" + alert + "\"}}]"))
                    .build(),
                HttpResponse.BodyHandlers.discarding())
            .statusCode();
    if (status != 200) {
      throw new IllegalStateException("the leader answered " + status);
    }
  }
}
