package dev.tidemark.engine.embedded;

import dev.tidemark.engine.embedded.NpmPackage.UnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * ClickHouse without a server: the engine in a child process, spoken to by the ordinary JDBC
 * driver. A child that dies is started again on the same port; {@link #failure()} tells while it is
 * away. Thread-safe.
 */
public final class EmbeddedClickHouse implements AutoCloseable {
  private static final String VERSION = "26.7.3-stable.1";
  private static final long NEEDED_BYTES = 800L << 20;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 60_000;
  private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path library;
  private final Path dataDir;
  private final Consumer<String> progress;
  private final String password;
  private final Thread watcher;
  private final AtomicLong restarts = new AtomicLong();
  private volatile ClickHouseChild child;
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
    this.child = ClickHouseChild.start(library, this.dataDir, 0, password);
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
        + child.port()
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
    return child.port();
  }

  /** The child's process id now. */
  public long pid() {
    return child.process().pid();
  }

  /** How often it was started again. */
  public long restarts() {
    return restarts.get();
  }

  /** Why it does not run just now; empty while it does. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Starts it again whenever it dies: at once at first, then ever more rarely, at most once a
   * minute. Signals wait in the spool meanwhile, so giving up would help nobody.
   */
  private void watch() {
    int quickDeaths = 0;
    long startedNanos = System.nanoTime();
    while (!closing) {
      try {
        int status = child.process().waitFor();
        if (closing) {
          return;
        }
        quickDeaths = System.nanoTime() - startedNanos < QUICK_NANOS ? quickDeaths + 1 : 0;
        long pause =
            Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(quickDeaths, 16));
        failure = "ClickHouse ended with status " + status + child.lastWords();
        progress.accept(failure + "; starting it again …");
        TimeUnit.MILLISECONDS.sleep(pause);
        startedNanos = System.nanoTime();
        restart();
        failure = null;
      } catch (InterruptedException e) {
        return;
      } catch (UnavailableException e) {
        failure = e.getMessage();
        progress.accept(failure + "; trying again …");
      }
    }
  }

  private synchronized void restart() throws UnavailableException {
    if (!closing) {
      child = ClickHouseChild.start(library, dataDir, child.port(), password);
      restarts.incrementAndGet();
    }
  }

  /** Lets it finish what it does, then ends it. */
  @Override
  public void close() {
    Process last;
    synchronized (this) {
      closing = true;
      last = child.process();
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
