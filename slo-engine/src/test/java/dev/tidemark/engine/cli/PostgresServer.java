package dev.tidemark.engine.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PostgreSQL in a folder of its own, on loopback. Debian's package is enough. */
final class PostgresServer implements AutoCloseable {
  private final Path folder;
  private final Process process;
  private final int port;

  PostgresServer() throws IOException, InterruptedException, SQLException {
    folder = Files.createTempDirectory("tidemark-postgres");
    run("chown", owner(), folder.toString());
    Path bin = bin();
    run(
        asOwner(
            bin.resolve("initdb").toString(),
            "-D",
            folder.resolve("data").toString(),
            "-U",
            "tidemark",
            "-A",
            "trust",
            "--no-sync"));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    process =
        new ProcessBuilder(
                asOwner(
                    bin.resolve("postgres").toString(),
                    "-D",
                    folder.resolve("data").toString(),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories="))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    awaitAnswer();
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), "tidemark", "");
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void awaitAnswer() throws SQLException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        execute("SELECT 1");
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > end || !process.isAlive()) {
          close();
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private static Path bin() throws IOException {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
          .max(Comparator.naturalOrder())
          .orElseThrow(() -> new IOException("there is no PostgreSQL; apt-get install postgresql"));
    }
  }

  /** PostgreSQL refuses to run as root. */
  private static String owner() {
    return System.getProperty("user.name").equals("root")
        ? "nobody"
        : System.getProperty("user.name");
  }

  private static List<String> asOwner(String... command) {
    List<String> all = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      all.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    }
    all.addAll(List.of(command));
    return all;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    run(List.of(command));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + output);
    }
  }

  @Override
  public void close() {
    // SIGQUIT would be PostgreSQL's immediate shutdown; what Java can send is a smart one.
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      run("rm", "-rf", folder.toString());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
