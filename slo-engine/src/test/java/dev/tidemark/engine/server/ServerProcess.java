package dev.tidemark.engine.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, as a user starts it; can be killed like one. */
public final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final URI base;
  private final Queue<String> output = new ConcurrentLinkedQueue<>();
  private final Thread reader;

  private ServerProcess(Process process) throws IOException {
    this.process = process;
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.base = ready(lines);
    this.reader =
        new Thread(
            () -> {
              try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  output.add(line);
                }
              } catch (IOException e) {
                output.add("(output ended: " + e.getMessage() + ")");
              }
            },
            "server-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a server on free ports and waits until it says that it is ready. */
  public static ServerProcess start(Path dataDir, String... more) throws IOException {
    return startWithHeap("512m", dataDir, more);
  }

  /** The same with a heap of another size, such as {@code 4g}. */
  public static ServerProcess startWithHeap(String heap, Path dataDir, String... more)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidemark.engine.cli.Main",
                "serve",
                "--port",
                "0",
                "--otlp-http-port",
                "-1",
                "--data-dir",
                dataDir.toString()));
    command.addAll(List.of(more));
    if (!command.contains("--otlp-grpc-port")) {
      command.addAll(List.of("--otlp-grpc-port", "0"));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      return new ServerProcess(process);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private URI ready(BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      output.add(line);
      if (line.startsWith("ready ")) {
        return URI.create(line.substring(6).trim());
      }
    }
    throw new IOException("the server ended before it was ready: " + String.join("\n", output));
  }

  /** Where it answers. */
  public URI base() {
    return base;
  }

  /** Everything that it has printed so far. */
  public List<String> output() {
    return List.copyOf(output);
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
        throw new IllegalStateException("the server did not stop within 30 s: " + output);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
