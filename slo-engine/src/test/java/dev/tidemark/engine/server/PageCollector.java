package dev.tidemark.engine.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Somebody who is told by webhook, and remembers it. Thread-safe. */
public final class PageCollector implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final ConcurrentLinkedQueue<JsonNode> pages = new ConcurrentLinkedQueue<>();

  /** Listens on a free port of loopback. */
  public PageCollector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          try {
            pages.add(JSON.readTree(body));
            exchange.sendResponseHeaders(200, -1);
          } catch (JsonProcessingException e) {
            exchange.sendResponseHeaders(400, -1);
          }
          exchange.close();
        });
    server.start();
  }

  /** Where to send to. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/page";
  }

  /** Everything that came, in the order of its coming. */
  public List<JsonNode> pages() {
    return List.copyOf(pages);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
