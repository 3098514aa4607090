package dev.tidemark.engine.embedded;

import dev.tidemark.engine.embedded.NpmPackage.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the child process. Its last words are kept, for who asks why it died. Thread-safe.
 */
final class ClickHouseChild {
  private static final Logger LOG = LoggerFactory.getLogger(ClickHouseChild.class);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LAST_WORDS = 5;

  private final Process process;
  private final int port;
  private final Deque<String> lastWords;

  private ClickHouseChild(Process process, int port, Deque<String> lastWords) {
    this.process = process;
    this.port = port;
    this.lastWords = lastWords;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param port 0 for a free one
   * @throws UnavailableException with the reason, and its last words when it had some
   */
  static ClickHouseChild start(Path library, Path dataDir, int port, String password)
      throws UnavailableException {
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
    Process started;
    try {
      started = builder.start();
    } catch (IOException e) {
      throw new UnavailableException(
          "ClickHouse's process cannot be started: " + e.getMessage(), e);
    }
    Deque<String> lastWords = new ArrayDeque<>();
    listen(started.getErrorStream(), lastWords);
    CompletableFuture<@Nullable String> answer = firstLine(started);
    String line;
    try (Guard guard = new Guard(started)) {
      OutputStream in = started.getOutputStream();
      in.write((password + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      line = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (line != null && line.startsWith("ready ")) {
        guard.keep();
        return new ClickHouseChild(started, Integer.parseInt(line.substring(6).trim()), lastWords);
      }
    } catch (TimeoutException e) {
      throw new UnavailableException(
          "ClickHouse did not start in "
              + dataDir
              + " within "
              + PATIENCE.toMinutes()
              + " minutes"
              + said(lastWords),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while ClickHouse started", e);
    } catch (IOException | java.util.concurrent.ExecutionException e) {
      throw new UnavailableException(
          "ClickHouse did not start in " + dataDir + ": it ended at once" + said(lastWords), e);
    }
    throw new UnavailableException(
        "ClickHouse did not start in "
            + dataDir
            + ": "
            + (line == null
                ? "it ended at once" + said(lastWords)
                : line.replaceFirst("^failed:? ?", "")));
  }

  /** Ends a child that did not get as far as to answer. */
  private static final class Guard implements AutoCloseable {
    private @Nullable Process process;

    Guard(Process process) {
      this.process = process;
    }

    void keep() {
      process = null;
    }

    @Override
    public void close() {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private static CompletableFuture<@Nullable String> firstLine(Process started) {
    CompletableFuture<@Nullable String> answer = new CompletableFuture<>();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    thread(
        "tidemark-clickhouse-out",
        () -> {
          try {
            answer.complete(out.readLine());
            for (String line = out.readLine(); line != null; line = out.readLine()) {
              LOG.info("ClickHouse: {}", line);
            }
          } catch (IOException e) {
            answer.completeExceptionally(new CompletionException(e));
          }
        });
    return answer;
  }

  private static void listen(InputStream errors, Deque<String> lastWords) {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(errors, StandardCharsets.UTF_8));
    thread(
        "tidemark-clickhouse-err",
        () -> {
          try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              LOG.warn("ClickHouse: {}", line);
              synchronized (lastWords) {
                lastWords.addLast(line);
                if (lastWords.size() > LAST_WORDS) {
                  lastWords.removeFirst();
                }
              }
            }
          } catch (IOException e) {
            throw new UncheckedIOException("what ClickHouse says cannot be read any more", e);
          }
        });
  }

  private static void thread(String name, Runnable work) {
    // Ends with the child, whose pipes it reads.
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static String said(Deque<String> lastWords) {
    synchronized (lastWords) {
      return lastWords.isEmpty() ? "" : "; it said: " + String.join(" | ", lastWords);
    }
  }

  Process process() {
    return process;
  }

  int port() {
    return port;
  }

  /** {@code "; it said: …"}, or nothing. */
  String lastWords() {
    return said(lastWords);
  }
}
