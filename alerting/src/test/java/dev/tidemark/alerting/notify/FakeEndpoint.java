package dev.tidemark.alerting.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** An HTTP endpoint on loopback that answers as told and keeps what it got. */
final class FakeEndpoint implements AutoCloseable {
  private final HttpServer server;
  private final BlockingQueue<JsonNode> bodies = new LinkedBlockingQueue<>();
  volatile int status = 200;
  volatile String answer = "ok";
  volatile Map<String, String> headers = Map.of();
  volatile @Nullable String seenHeader;

  FakeEndpoint() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    seenHeader = exchange.getRequestHeaders().getFirst("X-Token");
    bodies.add(new ObjectMapper().readTree(exchange.getRequestBody().readAllBytes()));
    headers.forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook/s3cret";
  }

  JsonNode body() {
    return bodies.remove();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
