package dev.tidemark.agent;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Sends what is in the spool, in order, until each is taken; owns its thread. Thread-safe. */
final class SpoolDrain implements AutoCloseable {
  private final Spool spool;
  private final String endpoint;
  private final String token;
  private final Guard guard;
  private final AtomicLong sent = new AtomicLong();
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(2))
          .version(HttpClient.Version.HTTP_1_1)
          .build();
  private final Thread thread;
  private volatile boolean closed;

  SpoolDrain(Spool spool, String endpoint, String token, Guard guard) {
    this.spool = spool;
    this.guard = guard;
    this.endpoint = endpoint;
    this.token = token;
    this.thread = new Thread(this::drain, "tidemark-agent-sender");
    thread.setDaemon(true);
    thread.start();
  }

  long sent() {
    return sent.get();
  }

  private void drain() {
    long pause = 100;
    try {
      while (!closed) {
        Spool.Entry entry = spool.first(200);
        if (entry == null) {
          continue;
        }
        if (delivered(entry)) {
          pause = 100;
        } else {
          Thread.sleep(pause);
          pause = Math.min(5_000, pause * 2);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean delivered(Spool.Entry entry) throws InterruptedException {
    try {
      if (!Files.exists(entry.file())) {
        spool.remove(entry);
        return true;
      }
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(endpoint + "/v1/" + entry.kind()))
              .timeout(Duration.ofSeconds(10))
              .header("Content-Type", "application/x-protobuf")
              .POST(HttpRequest.BodyPublishers.ofFile(entry.file()));
      if (!token.isEmpty()) {
        request.header("Authorization", "Bearer " + token);
      }
      int status =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status >= 200 && status < 300) {
        sent.incrementAndGet();
        spool.remove(entry);
        guard.over("Tidemark answers again at " + endpoint);
        return true;
      }
      if (status == 400 || status == 413 || status == 415 || status == 422) {
        // It will never be taken and would hold up all behind it.
        spool.countDropped();
        spool.remove(entry);
        guard.trouble(
            "Tidemark at " + endpoint + " refuses a request with " + status + "; it is given up");
        return true;
      }
      guard.trouble(
          status == 401 || status == 403
              ? "Tidemark at "
                  + endpoint
                  + " wants a token with the scope ingest (TIDEMARK_TOKEN); signals wait on disk"
              : "Tidemark at " + endpoint + " answers " + status + "; signals wait on disk");
      return false;
    } catch (IllegalArgumentException e) {
      // Its message may hold the token, so it is not told.
      guard.trouble(
          "'" + endpoint + "' is no address, or the token no token; signals wait on disk");
      return false;
    } catch (IOException e) {
      // Away; the request stays in the spool and is tried again.
      guard.trouble(
          "Tidemark cannot be reached at '" + endpoint + "' (" + e + "); signals wait on disk");
      return false;
    }
  }

  /** Waits at most so long for the spool to be empty. */
  @CanIgnoreReturnValue
  boolean awaitEmpty(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      while (spool.size() > 0) {
        if (System.nanoTime() >= end) {
          return false;
        }
        Thread.sleep(10);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
