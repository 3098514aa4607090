package dev.tidemark.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

/**
 * Many signals of many moments in one request, OTLP/HTTP with protobuf. A signal is said in a few
 * words: {@code watermark}, {@code beat}, {@code drift 0.1}, {@code 2 cost} (of a terabyte), {@code
 * 1000 records 990} (expected and observed), {@code 10 check query failure}, {@code 20
 * processing.lag 300} (so many observations of so many seconds), {@code -} for none.
 */
final class SignalBatch {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final double[] BOUNDS = {0.05, 120, 600, 4 * 3_600};

  private final ExportMetricsServiceRequest.Builder request =
      ExportMetricsServiceRequest.newBuilder();

  /** Adds what is said of a dataset. */
  void add(String dataset, String signal, Instant at) {
    String[] words = signal.split(" ", -1);
    switch (words[0]) {
      case "-" -> {}
      case "watermark" -> gauge(dataset, "tidemark.watermark", (double) at.getEpochSecond(), at);
      case "beat" -> sum(dataset, "tidemark.heartbeat", 1, at, "connector", dataset + "-cdc");
      case "drift" ->
          gauge(
              dataset,
              "tidemark.drift",
              Double.parseDouble(words[1]),
              at,
              "feature",
              "amount",
              "method",
              "psi");
      default -> counted(dataset, words, at);
    }
  }

  private void counted(String dataset, String[] words, Instant at) {
    double count = Double.parseDouble(words[0]);
    switch (words[1]) {
      case "check" ->
          sum(dataset, "tidemark.check", count, at, "check", words[2], "outcome", words[3]);
      case "records" -> {
        double observed = Double.parseDouble(words[2]);
        sum(dataset, "tidemark.records", count, at, "outcome", "expected");
        sum(dataset, "tidemark.records", observed, at, "outcome", "observed");
      }
      case "cost" -> {
        sum(dataset, "tidemark.cost", count, at);
        sum(dataset, "tidemark.bytes", 1e12, at);
      }
      default -> observations(dataset, words[1], Double.parseDouble(words[2]), (long) count, at);
    }
  }

  private void gauge(String dataset, String name, double value, Instant at, String... more) {
    NumberDataPoint.Builder point =
        NumberDataPoint.newBuilder().setTimeUnixNano(nanos(at)).setAsDouble(value);
    point.addAttributes(attribute("dataset", dataset));
    for (int i = 0; i < more.length; i += 2) {
      point.addAttributes(attribute(more[i], more[i + 1]));
    }
    metric(
        dataset,
        Metric.newBuilder().setName(name).setGauge(Gauge.newBuilder().addDataPoints(point)));
  }

  private void sum(String dataset, String name, double value, Instant at, String... more) {
    NumberDataPoint.Builder point =
        NumberDataPoint.newBuilder().setTimeUnixNano(nanos(at)).setAsDouble(value);
    point.addAttributes(attribute("dataset", dataset));
    for (int i = 0; i < more.length; i += 2) {
      point.addAttributes(attribute(more[i], more[i + 1]));
    }
    metric(
        dataset,
        Metric.newBuilder()
            .setName(name)
            .setSum(
                Sum.newBuilder()
                    .setIsMonotonic(true)
                    .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                    .addDataPoints(point)));
  }

  private void observations(String dataset, String name, double seconds, long count, Instant at) {
    HistogramDataPoint.Builder point =
        HistogramDataPoint.newBuilder()
            .setTimeUnixNano(nanos(at))
            .setCount(count)
            .setSum(count * seconds)
            .addAttributes(attribute("dataset", dataset))
            .addAttributes(attribute("run.type", "backfill"));
    boolean placed = false;
    for (double bound : BOUNDS) {
      point.addExplicitBounds(bound).addBucketCounts(!placed && seconds <= bound ? count : 0);
      placed |= seconds <= bound;
    }
    point.addBucketCounts(placed ? 0 : count);
    metric(
        dataset,
        Metric.newBuilder()
            .setName("tidemark." + name)
            .setUnit("s")
            .setHistogram(
                Histogram.newBuilder()
                    .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                    .addDataPoints(point)));
  }

  private void metric(String dataset, Metric.Builder metric) {
    request.addResourceMetrics(
        ResourceMetrics.newBuilder()
            .setResource(
                Resource.newBuilder().addAttributes(attribute("service.name", dataset + "_job")))
            .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)));
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  /** Sends all of it; every single one has to be taken. */
  void send(URI base) throws Exception {
    HttpResponse<byte[]> answer =
        CLIENT.send(
            HttpRequest.newBuilder(base.resolve("/v1/metrics"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.build().toByteArray()))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    // Nothing is said of a part that was refused.
    assertThat(answer.body()).isEmpty();
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }
}
