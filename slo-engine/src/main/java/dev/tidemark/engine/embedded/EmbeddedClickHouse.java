package dev.tidemark.engine.embedded;

import dev.tidemark.engine.embedded.NpmPackage.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * ClickHouse without a server: the engine in a child process, spoken to by the ordinary JDBC
 * driver. A child that dies is started again on the same port; one that dies too often is given up,
 * which {@link #failure()} tells. Thread-safe.
 */
public final class EmbeddedClickHouse implements AutoCloseable {
  private static final String VERSION = "26.7.3-stable.1";
  private static final long NEEDED_BYTES = 800L << 20;
  private static final int QUICK_DEATHS_AT_MOST = 5;
  private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path library;
  private final Path dataDir;
  private final Consumer<String> progress;
  private final String password;
  private final Thread watcher;
  private volatile Process process;
  private volatile int port;
  private volatile boolean closing;
  private volatile @Nullable String failure;

  private EmbeddedClickHouse(Path library, Path dataDir, Consumer<String> progress)
      throws UnavailableException {
    this.library = library;
    // ClickHouse doubles a relative path when it fsyncs a part's folder.
    this.dataDir = dataDir.toAbsolutePath();
    this.progress = progress;
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    this.password = HexFormat.of().formatHex(secret);
    this.process = spawn();
    this.watcher = new Thread(this::watch, "tidemark-clickhouse-watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  /**
   * Fetches the engine if need be, and starts it.
   *
   * @param dataDir its data; one process at a time
   * @param cacheDir where the engine itself is kept, such as {@link NpmPackage#userCache()}
   * @param progress a line for people now and then
   * @throws UnavailableException with one sentence: the reason and the way out
   */
  public static EmbeddedClickHouse start(Path dataDir, Path cacheDir, Consumer<String> progress)
      throws UnavailableException {
    String platform = platform();
    Path modules;
    try {
      modules =
          new NpmPackage(
                  "/clickhouse-library/" + platform,
                  "ClickHouse's engine (about 150 MB)",
                  cacheDir.resolve("clickhouse-" + VERSION),
                  NEEDED_BYTES)
              .install(progress);
    } catch (UnavailableException e) {
      throw new UnavailableException(
          e.getMessage()
              + ", or use a ClickHouse server: TIDEMARK_CLICKHOUSE_URL=jdbc:clickhouse://…",
          e);
    }
    Path file = modules.resolve("@chdb/lib-" + platform + "/libchdb.so");
    return new EmbeddedClickHouse(file, dataDir, progress);
  }

  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    if (os.contains("mac")) {
      return arm ? "darwin-arm64" : "darwin-x64";
    }
    if (!os.contains("linux")) {
      return "none-for-" + os.replace(' ', '-');
    }
    return arm ? "linux-arm64-gnu" : "linux-x64-gnu";
  }

  /** The JDBC URL of a database in it; stays the same when the child is started again. */
  public String jdbcUrl(String database) {
    return "jdbc:clickhouse://127.0.0.1:"
        + port
        + "/"
        + database
        + "?compress=false&decompress=false";
  }

  /** The account's name. */
  public String user() {
    return "default";
  }

  /** The account's password, made up at start. */
  public String password() {
    return password;
  }

  /** The HTTP port on loopback. */
  public int port() {
    return port;
  }

  /** The child's process id now. */
  public long pid() {
    return process.pid();
  }

  /** Why it was given up, or empty while it is watched over. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  private Process spawn() throws UnavailableException {
    Path javaHome = Path.of(System.getProperty("java.home"));
    ProcessBuilder builder =
        new ProcessBuilder(
            javaHome.resolve("bin/java").toString(),
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            ClickHouseProcess.class.getName(),
            library.toString(),
            dataDir.toString(),
            Integer.toString(port));
    Map<String, String> environment = builder.environment();
    Path chaining = javaHome.resolve("lib/libjsig.so");
    if (Files.exists(chaining)) {
      environment.put("LD_PRELOAD", chaining.toString());
    } else {
      environment.put("DYLD_INSERT_LIBRARIES", javaHome.resolve("lib/libjsig.dylib").toString());
    }
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process started = builder.start();
      OutputStream in = started.getOutputStream();
      in.write((password + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
      String line = out.readLine();
      if (line == null || !line.startsWith("ready ")) {
        started.destroyForcibly();
        throw new UnavailableException(
            "ClickHouse did not start in "
                + dataDir
                + ": "
                + (line == null ? "it ended at once" : line.replaceFirst("^failed:? ?", "")));
      }
      port = Integer.parseInt(line.substring(6).trim());
      return started;
    } catch (IOException e) {
      throw new UnavailableException(
          "ClickHouse's process cannot be started: " + e.getMessage(), e);
    }
  }

  private void watch() {
    int quickDeaths = 0;
    long startedNanos = System.nanoTime();
    while (!closing) {
      try {
        int status = process.waitFor();
        if (closing) {
          return;
        }
        quickDeaths = System.nanoTime() - startedNanos < QUICK_NANOS ? quickDeaths + 1 : 0;
        if (quickDeaths > QUICK_DEATHS_AT_MOST) {
          failure = "ClickHouse died " + quickDeaths + " times shortly after its start";
          return;
        }
        progress.accept("ClickHouse ended with status " + status + "; starting it again …");
        TimeUnit.MILLISECONDS.sleep(200L << Math.min(quickDeaths, 5));
        startedNanos = System.nanoTime();
        restart();
      } catch (InterruptedException e) {
        return;
      } catch (UnavailableException e) {
        quickDeaths++;
        failure = quickDeaths > QUICK_DEATHS_AT_MOST ? e.getMessage() : null;
        if (failure != null) {
          return;
        }
        progress.accept(String.valueOf(e.getMessage()));
      }
    }
  }

  private synchronized void restart() throws UnavailableException {
    if (!closing) {
      process = spawn();
    }
  }

  /** Lets it finish what it does, then ends it. */
  @Override
  public void close() {
    Process last;
    synchronized (this) {
      closing = true;
      last = process;
    }
    watcher.interrupt();
    try {
      last.getOutputStream().close();
    } catch (IOException e) {
      last.destroyForcibly();
    }
    try {
      if (!last.waitFor(15, TimeUnit.SECONDS)) {
        last.destroyForcibly();
      }
      watcher.join(5_000);
    } catch (InterruptedException e) {
      last.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
