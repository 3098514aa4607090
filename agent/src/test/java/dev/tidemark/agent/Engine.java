package dev.tidemark.agent;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands in for the engine: keeps what it is sent, and answers as a test wants. */
public final class Engine implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
  private final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  /** Starts it on a free port. */
  public Engine() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/v1/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          if (status == 200) {
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (exchange.getRequestURI().getPath().endsWith("metrics")) {
              metrics.add(ExportMetricsServiceRequest.parseFrom(body));
            } else {
              traces.add(ExportTraceServiceRequest.parseFrom(body));
            }
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  /** Answers with this status from now on; only 200 takes anything. */
  public void answer(int status) {
    this.status = status;
  }

  /** Where it listens. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Every Authorization header that came with something taken. */
  public List<String> tokens() {
    return tokens;
  }

  /** All metrics taken, in order. */
  public List<Metric> metrics() {
    return metrics.stream()
        .flatMap(request -> request.getResourceMetricsList().stream())
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .map(ScopeMetrics::getMetricsList)
        .flatMap(List::stream)
        .toList();
  }

  /** Attributes of the first resource that was told of. */
  public Map<String, String> resource() {
    ResourceMetrics first = metrics.get(0).getResourceMetrics(0);
    return attributes(first.getResource().getAttributesList());
  }

  /** All metrics of one name. */
  public List<Metric> metrics(String name) {
    return metrics().stream().filter(metric -> metric.getName().equals(name)).toList();
  }

  /** Sum of a delta counter's points with this attribute. */
  public long sum(String name, String key, String value) {
    return metrics(name).stream()
        .flatMap(metric -> metric.getSum().getDataPointsList().stream())
        .filter(point -> value.equals(attributes(point.getAttributesList()).get(key)))
        .mapToLong(point -> point.getAsInt())
        .sum();
  }

  /** All spans taken. */
  public List<Span> spans() {
    return traces.stream()
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  /** Attributes as text, sorted. */
  public static Map<String, String> attributes(List<KeyValue> list) {
    Map<String, String> map = new TreeMap<>();
    for (KeyValue entry : list) {
      map.put(
          entry.getKey(),
          entry.getValue().hasIntValue()
              ? Long.toString(entry.getValue().getIntValue())
              : entry.getValue().getStringValue());
    }
    return map;
  }

  /** Waits for something that has to come within 20 seconds. */
  public static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not come: " + what);
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
