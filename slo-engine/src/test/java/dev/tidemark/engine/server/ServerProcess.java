package dev.tidemark.engine.server;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, as a user starts it; can be killed like one. */
public final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final List<String> output = new ArrayList<>();
  private boolean ended;

  private ServerProcess(Process process) {
    this.process = process;
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(
                      new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  said(line, false);
                }
                said("(it ended)", true);
              } catch (IOException e) {
                said("(output ended: " + e.getMessage() + ")", true);
              }
            },
            "server-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void said(String line, boolean last) {
    synchronized (output) {
      output.add(line);
      ended |= last;
      output.notifyAll();
    }
  }

  /** Starts a server on free ports and waits until it says that it is ready. */
  public static ServerProcess start(Path dataDir, String... more) throws IOException {
    return startWithHeap("512m", dataDir, more);
  }

  /** The same with a heap of another size, such as {@code 4g}. */
  public static ServerProcess startWithHeap(String heap, Path dataDir, String... more)
      throws IOException {
    ServerProcess server = launch(heap, dataDir, more);
    try {
      server.awaitLine("ready ", PATIENCE);
      return server;
    } catch (IOException | RuntimeException e) {
      server.process.destroyForcibly();
      throw e;
    }
  }

  /** Starts a server and does not wait. */
  public static ServerProcess launch(Path dataDir, String... more) throws IOException {
    return launch("512m", dataDir, more);
  }

  private static ServerProcess launch(String heap, Path dataDir, String... more)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As the launcher has it.
                "-XX:+UseParallelGC",
                "-XX:Tier4InvocationThreshold=20000",
                "-XX:Tier4MinInvocationThreshold=5000",
                "-XX:Tier4CompileThreshold=60000",
                "-XX:Tier4BackEdgeThreshold=160000",
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidemark.engine.cli.Main",
                "serve",
                "--otlp-http-port",
                "-1",
                "--data-dir",
                dataDir.toString()));
    command.addAll(List.of(more));
    if (!command.contains("--port")) {
      command.addAll(List.of("--port", "0"));
    }
    if (!command.contains("--otlp-grpc-port")) {
      command.addAll(List.of("--otlp-grpc-port", "0"));
    }
    return new ServerProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /**
   * Waits until it has printed a line that begins so, and returns the newest such line.
   *
   * @throws IOException when it ends before, or the time is over
   */
  @CanIgnoreReturnValue
  public String awaitLine(String beginning, Duration atMost) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (output) {
      while (true) {
        for (int i = output.size() - 1; i >= 0; i--) {
          if (output.get(i).startsWith(beginning)) {
            return output.get(i);
          }
        }
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (ended || left <= 0) {
          throw new IOException(
              "the server did not say '" + beginning + "': " + String.join("\n", output));
        }
        try {
          output.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }
    }
  }

  /** Where it answers. */
  public URI base() {
    try {
      return URI.create(awaitLine("ready ", PATIENCE).substring(6).trim());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Everything that it has printed so far. */
  public List<String> output() {
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  /** The ClickHouse process that it started. */
  public ProcessHandle clickHouse() {
    return process.toHandle().children().findFirst().orElseThrow();
  }

  /** The server's own process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** {@code kill -9}, and waits until it and its ClickHouse are gone. */
  public void kill() throws InterruptedException {
    List<ProcessHandle> children = process.toHandle().descendants().toList();
    process.destroyForcibly();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server survived kill -9");
    }
    for (ProcessHandle child : children) {
      try {
        child.onExit().get(20, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        child.destroyForcibly();
        throw new IllegalStateException("ClickHouse outlived its server", e);
      }
    }
  }

  /** Ctrl-C, and waits; kills what does not end in time. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
        throw new IllegalStateException("the server did not stop within 30 s: " + output());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
