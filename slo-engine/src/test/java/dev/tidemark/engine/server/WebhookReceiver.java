package dev.tidemark.engine.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Somebody's webhook on loopback: takes what is sent and remembers it. */
final class WebhookReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final List<JsonNode> messages = new ArrayList<>();

  WebhookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          JsonNode message = JSON.readTree(exchange.getRequestBody());
          synchronized (messages) {
            messages.add(message);
            messages.notifyAll();
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
  }

  /** Everything that came so far. */
  List<JsonNode> messages() {
    synchronized (messages) {
      return List.copyOf(messages);
    }
  }

  /** Waits until what came is enough, or the time is over; returns what came. */
  List<JsonNode> await(Predicate<List<JsonNode>> enough, Duration atMost)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (messages) {
      while (!enough.test(messages)) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          break;
        }
        messages.wait(left);
      }
      return List.copyOf(messages);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
