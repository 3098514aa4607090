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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An HTTP endpoint on loopback that answers as told and keeps what it got. */
final class FakeEndpoint implements AutoCloseable {
  private final HttpServer server;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  volatile int status = 200;
  volatile String answer = "ok";
  volatile Map<String, String> headers = Map.of();
  volatile @Nullable String seenHeader;

  /** Answers instead of the fields above, when set. */
  volatile @Nullable Function<Request, Reply> vendor;

  /** What came in; {@code path} with its query, as it was written. */
  record Request(
      String method, String path, Map<String, String> headers, String text, JsonNode json) {
    /** The value of a header, empty when it is not there. */
    String header(String lowerCaseName) {
      return headers.getOrDefault(lowerCaseName, "");
    }
  }

  /** What goes out. */
  record Reply(int status, String body, Map<String, String> headers) {
    static Reply json(int status, String body) {
      return new Reply(status, body, Map.of("Content-Type", "application/json"));
    }
  }

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
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> seen = new java.util.HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> seen.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            seen,
            text,
            new ObjectMapper().readTree(text));
    requests.add(request);
    Function<Request, Reply> answers = vendor;
    Reply reply = answers == null ? new Reply(status, answer, headers) : answers.apply(request);
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  String root() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String url() {
    return root() + "/hook/s3cret";
  }

  JsonNode body() {
    return requests.remove().json();
  }

  Request request() {
    return requests.remove();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
