package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Sends signals as senders do that do not use our agent: through the doors, over the wire. */
final class SignalSender implements AutoCloseable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI base;
  private final int grpcPort;
  private final Vertx vertx = Vertx.vertx();
  private final io.vertx.core.http.HttpClient grpc;

  SignalSender(URI base, int grpcPort) {
    this.base = base;
    this.grpcPort = grpcPort;
    this.grpc =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
  }

  /** A counter's increase, OTLP/HTTP with JSON. */
  void counter(String metric, double increase, Map<String, String> attributes, Instant at)
      throws Exception {
    counter("by-hand", metric, increase, attributes, at);
  }

  /** The same from a pipeline. */
  void counter(
      String pipeline, String metric, double increase, Map<String, String> attributes, Instant at)
      throws Exception {
    metric(
        pipeline,
        metric,
        """
        "sum": {"aggregationTemporality": 1, "isMonotonic": true, "dataPoints": [%s]}"""
            .formatted(point(increase, attributes, at)));
  }

  /** A counter's increases at several moments in one request, OTLP/HTTP with JSON. */
  void counter(String metric, Map<Instant, Double> increases, Map<String, String> attributes)
      throws Exception {
    metric(
        "by-hand",
        metric,
        """
        "sum": {"aggregationTemporality": 1, "isMonotonic": true, "dataPoints": [%s]}"""
            .formatted(
                increases.entrySet().stream()
                    .map(each -> point(each.getValue(), attributes, each.getKey()))
                    .collect(Collectors.joining(", "))));
  }

  /** A gauge's value, OTLP/HTTP with JSON. */
  void gauge(String metric, double value, Map<String, String> attributes, Instant at)
      throws Exception {
    metric(
        "by-hand",
        metric,
        "\"gauge\": {\"dataPoints\": [%s]}".formatted(point(value, attributes, at)));
  }

  private static String point(double value, Map<String, String> attributes, Instant at) {
    String said =
        attributes.entrySet().stream()
            .map(
                each ->
                    "{\"key\": \"%s\", \"value\": {\"stringValue\": \"%s\"}}"
                        .formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining(", "));
    return "{\"timeUnixNano\": \"%d\", \"asDouble\": %s, \"attributes\": [%s]}"
        .formatted(nanos(at), value, said);
  }

  private void metric(String pipeline, String name, String data) throws Exception {
    post(
        "/v1/metrics",
        """
        {"resourceMetrics": [{"resource": {"attributes": [{"key": "service.name",
          "value": {"stringValue": "%s"}}]}, "scopeMetrics": [{"metrics": [
          {"name": "%s", %s}]}]}]}
        """
            .formatted(pipeline, name, data));
  }

  /** Observations of one length, OTLP/gRPC. */
  void observations(String metric, String dataset, double seconds, long count, double... bounds)
      throws Exception {
    HistogramDataPoint.Builder point =
        HistogramDataPoint.newBuilder()
            .setTimeUnixNano(nanos(Instant.now()))
            .setCount(count)
            .setSum(count * seconds)
            .addAttributes(
                KeyValue.newBuilder()
                    .setKey("dataset")
                    .setValue(AnyValue.newBuilder().setStringValue(dataset)));
    boolean placed = false;
    for (double bound : bounds) {
      point.addExplicitBounds(bound).addBucketCounts(!placed && seconds <= bound ? count : 0);
      placed |= seconds <= bound;
    }
    point.addBucketCounts(placed ? 0 : count);
    byte[] message =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .addMetrics(
                                Metric.newBuilder()
                                    .setName(metric)
                                    .setUnit("s")
                                    .setHistogram(
                                        Histogram.newBuilder()
                                            .setAggregationTemporality(
                                                AggregationTemporality
                                                    .AGGREGATION_TEMPORALITY_DELTA)
                                            .addDataPoints(point)))))
            .build()
            .toByteArray();
    String status =
        grpc.request(
                HttpMethod.POST,
                grpcPort,
                "127.0.0.1",
                "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")
            .compose(
                request ->
                    request
                        .putHeader("content-type", "application/grpc")
                        .putHeader("te", "trailers")
                        .send(
                            Buffer.buffer()
                                .appendByte((byte) 0)
                                .appendInt(message.length)
                                .appendBytes(message)))
            .compose(answer -> answer.body().map(body -> answer.getTrailer("grpc-status")))
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    assertThat(status).isEqualTo("0");
  }

  /** A run from its START to its end, OpenLineage. */
  void run(String job, Instant start, String endType, String runFacets) throws Exception {
    String run = UUID.randomUUID().toString();
    lineage("START", start, run, job, runFacets, "");
    lineage(endType, Instant.now(), run, job, "", "");
  }

  /** One OpenLineage event without inputs. */
  void lineage(String type, Instant at, String run, String job, String runFacets, String outputs)
      throws Exception {
    lineage(type, at, run, job, runFacets, "", outputs);
  }

  /** One OpenLineage event. */
  void lineage(
      String type,
      Instant at,
      String run,
      String job,
      String runFacets,
      String inputs,
      String outputs)
      throws Exception {
    post(
        "/api/v1/lineage",
        """
        {"eventType": "%s", "eventTime": "%s", "producer": "https://example.org/scheduler",
         "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
         "run": {"runId": "%s", "facets": {%s}}, "job": {"namespace": "nightly", "name": "%s"},
         "inputs": [%s], "outputs": [%s]}
        """
            .formatted(type, at, run, runFacets, job, inputs, outputs));
  }

  /** A ping, as from curl. */
  void ping(String key) throws Exception {
    HttpResponse<String> answer = get("/ping/" + key);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(60)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void post(String path, String json) throws Exception {
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }

  @Override
  public void close() {
    grpc.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
