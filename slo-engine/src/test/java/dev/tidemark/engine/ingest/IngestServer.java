package dev.tidemark.engine.ingest;

import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The doors on free loopback ports, with a recording sink behind them. */
public final class IngestServer implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  public final RecordingSink sink = new RecordingSink();
  final CollectorRegistry registry = new CollectorRegistry();
  final IngestRoutes routes;
  public final int port;
  final int grpcPort;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public IngestServer(IngestLimits limits, Clock clock) {
    routes = new IngestRoutes(vertx, sink, limits, new PrometheusIngestMetrics(registry), clock);
    Router router = Router.router(vertx);
    routes.mount(router);
    port = listen(vertx.createHttpServer(onLoopback()).requestHandler(router));
    grpcPort = listen(vertx.createHttpServer(onLoopback()).requestHandler(routes.grpc().handler()));
  }

  static IngestServer start() {
    return start(IngestLimits.DEFAULT);
  }

  static IngestServer start(IngestLimits limits) {
    return new IngestServer(limits, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static HttpServerOptions onLoopback() {
    return new HttpServerOptions().setHost("127.0.0.1").setPort(0);
  }

  private static int listen(HttpServer server) {
    try {
      return server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS)
          .actualPort();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("no port on loopback", e);
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpResponse<byte[]> send(
      String method, String path, byte[] body, @Nullable String type, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (type != null) {
      request.header("Content-Type", type);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> post(String path, byte[] body, @Nullable String type, String... headers)
      throws IOException, InterruptedException {
    return send("POST", path, body, type, headers);
  }

  double counter(String name, String... labels) {
    String[] keys =
        labels.length == 1 ? new String[] {"protocol"} : new String[] {"protocol", "reason"};
    Double value = registry.getSampleValue(name, keys, labels);
    return value == null ? 0 : value;
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the test server did not stop", e);
    }
  }
}
