package dev.tidemark.engine.embedded;

import com.sun.jna.Native;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The child process: loads ClickHouse's engine and serves ClickHouse's HTTP interface on loopback.
 * Its parent writes the password as the first line to its standard input and ends it by closing
 * that; it prints {@code ready PORT} or one line that begins with {@code failed }.
 */
public final class ClickHouseProcess {
  private static final int THREADS = 8;

  private ClickHouseProcess() {}

  /**
   * Runs until standard input ends.
   *
   * @param args library file, data folder, port (0 for a free one)
   */
  public static void main(String[] args) throws Exception {
    // Without this a small answer waits 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    PrintStream out = System.out;
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String password = in.readLine();
    if (password == null || args.length != 3) {
      out.println("failed to start: this program is started by Tidemark, not by hand");
      System.exit(2);
    }
    Path data = Path.of(args[1]);
    Files.createDirectories(data);
    try (FileChannel channel =
            FileChannel.open(
                data.resolve("tidemark.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        out.println(
            "failed: another process uses "
                + data
                + "; stop it, or choose another folder with --data-dir");
        System.exit(3);
      }
      serve(args[0], data.resolve("store"), Integer.parseInt(args[2]), password, out, in);
    }
    // The engine's own threads would keep the process; what is committed is on disk.
    Runtime.getRuntime().halt(0);
  }

  private static void serve(
      String libraryFile, Path store, int port, String password, PrintStream out, BufferedReader in)
      throws IOException {
    Chdb library;
    try {
      library = Native.load(libraryFile, Chdb.class);
    } catch (UnsatisfiedLinkError e) {
      out.println("failed: the engine cannot be loaded: " + e.getMessage());
      Runtime.getRuntime().halt(4);
      return;
    }
    library.chdb_set_signal_handlers_enabled(0);
    // The first connection opens the store and stays, so that the store does.
    try (ChdbStatement first = new ChdbStatement(library, store.toString())) {
      first.run("SELECT 1");
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
      AtomicInteger number = new AtomicInteger();
      ExecutorService threads =
          Executors.newFixedThreadPool(
              THREADS, task -> new Thread(task, "clickhouse-http-" + number.incrementAndGet()));
      server.setExecutor(threads);
      server.createContext("/", new HttpInterface(library, store.toString(), password));
      server.start();
      out.println("ready " + server.getAddress().getPort());
      while (in.readLine() != null) {
        // The parent says nothing more; its end is what we wait for.
      }
      server.stop(0);
      threads.shutdown();
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (BindException e) {
      out.println("failed: port " + port + " is taken: " + e.getMessage());
      Runtime.getRuntime().halt(5);
    } catch (ChdbStatement.ClickHouseException e) {
      out.println("failed: " + String.valueOf(e.getMessage()).replace('\n', ' '));
      Runtime.getRuntime().halt(6);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
