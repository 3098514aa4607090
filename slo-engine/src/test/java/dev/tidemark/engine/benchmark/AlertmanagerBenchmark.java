package dev.tidemark.engine.benchmark;

import dev.tidemark.engine.alertmanager.AlertLoad;
import dev.tidemark.engine.server.ServerProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The same alerts to Tidemark and to Debian's Alertmanager: how fast they are accepted, how soon
 * the last group is told, how long a listing takes, and how many alerts are never told when the
 * process is killed before the group wait is over. The first alerts after a start meet a Java
 * program that is not compiled yet; so both are measured again and again, with the alerts of the
 * rounds before still firing.
 */
public final class AlertmanagerBenchmark {
  private static final int ALERTS = 10_000;
  private static final int GROUPS = 2_000;
  private static final int PER_REQUEST = 500;
  private static final int CONNECTIONS = 2;
  private static final int ROUNDS = 5;

  private AlertmanagerBenchmark() {}

  /** A server under test, in a folder of its own. */
  private interface Peer {
    void start() throws Exception;

    URI base();

    void kill() throws Exception;

    void stop() throws Exception;

    List<Long> processes();
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    out.printf(
        "%d alerts in %d groups, %d a request, %d connections; %d processors%n",
        ALERTS, GROUPS, PER_REQUEST, CONNECTIONS, Runtime.getRuntime().availableProcessors());
    out.printf(
        "%-14s %-6s %12s %16s %14s %12s%n",
        "", "round", "accepted/s", "last told, s", "listing, ms", "memory, MB");
    for (String name : List.of("Alertmanager", "Tidemark")) {
      measure(name, out);
    }
  }

  private static Peer peer(String name, Path folder, String receiver, String groupWait)
      throws IOException {
    return name.equals("Tidemark")
        ? new TidemarkPeer(folder, receiver, groupWait)
        : new AlertmanagerPeer(folder, receiver, groupWait);
  }

  private static void measure(String name, PrintStream out) throws Exception {
    try (AlertLoad load = new AlertLoad(ALERTS, GROUPS)) {
      Peer peer = peer(name, Files.createTempDirectory("peer"), load.receiverUrl(), "1s");
      peer.start();
      for (int round = 1; round <= ROUNDS; round++) {
        load.rename("Load" + round);
        long began = System.nanoTime();
        double accepted = ALERTS / load.send(peer.base(), PER_REQUEST, CONNECTIONS);
        await(load, ALERTS, 120);
        double last = (load.lastNanos() - began) / 1e9;
        double listing = Double.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
          listing = Math.min(listing, load.list(peer.base(), ALERTS));
        }
        double memory =
            peer.processes().stream().mapToDouble(AlertmanagerBenchmark::residentMb).sum();
        out.printf(
            "%-14s %-6d %12.0f %16.2f %14.0f %12.0f%n",
            name, round, accepted, last, listing * 1e3, memory);
      }
      peer.stop();
    }
    out.printf(
        "%-14s of %d alerts never told: %d after kill -9, %d after SIGTERM%n",
        name, ALERTS, lost(name, true), lost(name, false));
  }

  private static int lost(String name, boolean kill) throws Exception {
    try (AlertLoad load = new AlertLoad(ALERTS, GROUPS)) {
      Peer peer = peer(name, Files.createTempDirectory("peer"), load.receiverUrl(), "10s");
      peer.start();
      double sending = load.send(peer.base(), PER_REQUEST, CONNECTIONS);
      if (kill) {
        peer.kill();
      } else {
        peer.stop();
      }
      peer.start();
      // Group wait, and much more than it takes to tell everybody.
      await(load, ALERTS, 40 + sending);
      peer.stop();
      return ALERTS - load.notified();
    }
  }

  private static void await(AlertLoad load, int wanted, double seconds) throws Exception {
    long deadline = System.nanoTime() + (long) (seconds * 1e9);
    while (load.notified() < wanted && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static double residentMb(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .sum();
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static final class TidemarkPeer implements Peer {
    private final Path folder;
    private ServerProcess server;

    TidemarkPeer(Path folder, String receiver, String groupWait) throws IOException {
      this.folder = folder;
      Files.writeString(
          folder.resolve("routes.yaml"),
          """
          apiVersion: tidemark/v1
          kind: Receiver
          metadata: {name: hook}
          spec: {webhook: {url: "%s"}}
          ---
          apiVersion: tidemark/v1
          kind: Route
          metadata: {name: everything}
          spec: {receiver: hook, groupWait: %s}
          """
              .formatted(receiver, groupWait));
      this.server = begin();
    }

    private ServerProcess begin() throws IOException {
      // The heap that the launcher gives.
      return ServerProcess.startWithHeap(
          "2g", folder.resolve("data"), "--definitions", folder.resolve("routes.yaml").toString());
    }

    @Override
    public void start() throws IOException {
      if (!server.handle().isAlive()) {
        server = begin();
      }
    }

    @Override
    public URI base() {
      return server.base();
    }

    @Override
    public void kill() throws InterruptedException {
      server.kill();
    }

    @Override
    public void stop() {
      server.close();
    }

    @Override
    public List<Long> processes() {
      return Stream.concat(Stream.of(server.handle()), server.handle().descendants())
          .map(ProcessHandle::pid)
          .toList();
    }
  }

  private static final class AlertmanagerPeer implements Peer {
    private final Path folder;
    private final int port;
    private Process process;

    AlertmanagerPeer(Path folder, String receiver, String groupWait) throws IOException {
      this.folder = folder;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        this.port = socket.getLocalPort();
      }
      Files.writeString(
          folder.resolve("alertmanager.yml"),
          """
          route: {receiver: hook, group_by: [alertname, service], group_wait: %s}
          receivers:
          - name: hook
            webhook_configs: [{url: "%s"}]
          """
              .formatted(groupWait, receiver));
      this.process = begin();
    }

    private Process begin() throws IOException {
      return new ProcessBuilder(
              "prometheus-alertmanager",
              "--config.file=" + folder.resolve("alertmanager.yml"),
              "--storage.path=" + folder.resolve("data"),
              "--web.listen-address=127.0.0.1:" + port,
              "--cluster.listen-address=")
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("log").toFile())
          .start();
    }

    @Override
    public void start() throws Exception {
      if (!process.isAlive()) {
        process = begin();
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (!ready() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }

    private boolean ready() throws InterruptedException {
      try {
        return HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(URI.create(base() + "/-/ready")).build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode()
            == 200;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public URI base() {
      return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void kill() throws InterruptedException {
      process.destroyForcibly();
      int unused = process.waitFor();
    }

    @Override
    public void stop() throws InterruptedException {
      process.destroy();
      int unused = process.waitFor();
    }

    @Override
    public List<Long> processes() {
      return List.of(process.pid());
    }
  }
}
