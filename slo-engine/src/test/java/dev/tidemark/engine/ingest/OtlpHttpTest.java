package dev.tidemark.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.store.OverloadException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class OtlpHttpTest {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  /** 2026-03-01T11:59:00Z in nanoseconds. */
  private static final String TIME = "1772366340000000000";

  private static String metrics(String metric) {
    return """
        {"resourceMetrics":[{"resource":{"attributes":[
          {"key":"service.name","value":{"stringValue":"orders_ingest"}}]},
          "scopeMetrics":[{"metrics":[%s],"somethingNew":1}]}]}"""
        .formatted(metric);
  }

  private static String gauge(String value) {
    return metrics(
        """
        {"name":"tidemark.watermark","unit":"s","gauge":{"dataPoints":[
          {"timeUnixNano":"%s","attributes":[{"key":"dataset","value":{"stringValue":"orders"}}],%s}]}}"""
            .formatted(TIME, value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] protobuf(String json) throws Exception {
    ExportMetricsServiceRequest.Builder builder = ExportMetricsServiceRequest.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(json, builder);
    return builder.build().toByteArray();
  }

  private static byte[] gzip(byte[] body) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    }
    return out.toByteArray();
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void a_gauge_arrives_in_json_protobuf_and_gzip_as_the_same_series() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String json = gauge("\"asInt\":\"1772366000\"");
      HttpResponse<byte[]> first =
          server.post("/v1/metrics", utf8(json), "application/json; charset=utf-8");
      HttpResponse<byte[]> second = server.post("/v1/metrics", protobuf(json), PROTOBUF);
      HttpResponse<byte[]> third =
          server.post("/v1/metrics", gzip(protobuf(json)), PROTOBUF, "Content-Encoding", "gzip");

      assertThat(List.of(first.statusCode(), second.statusCode(), third.statusCode()))
          .containsOnly(200);
      assertThat(text(first)).isEqualTo("{}");
      assertThat(header(first, "content-type")).isEqualTo(JSON);
      assertThat(second.body()).isEmpty();
      assertThat(header(second, "content-type")).isEqualTo(PROTOBUF);
      assertThat(server.sink.points()).hasSize(3);
      assertThat(server.sink.points().stream().map(MetricPoint::id).distinct()).hasSize(1);
      MetricPoint point = server.sink.points().get(0);
      assertThat(point.series().kind()).isEqualTo(MetricKind.GAUGE);
      assertThat(point.series().pipeline()).isEqualTo("orders_ingest");
      assertThat(point.series().attributes()).containsEntry("dataset", "orders");
      assertThat(point.value()).isEqualTo(1772366000d);
      assertThat(point.timeNanos()).isEqualTo(1772366340000000000L);
      assertThat(server.counter("tidemark_ingest_accepted_total", "otlp_http_metrics"))
          .isEqualTo(3);
    }
  }

  @Test
  void the_good_part_of_a_request_is_kept_and_the_rest_is_named() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String points =
          """
          {"name":"tidemark.records","sum":{"aggregationTemporality":1,"isMonotonic":true,
            "dataPoints":[
              {"timeUnixNano":%1$s,"startTimeUnixNano":%1$s,"asInt":5},
              {"asInt":6},
              {"timeUnixNano":"%1$s","asDouble":"NaN"},
              {"timeUnixNano":"%1$s","asInt":"-1"},
              {"timeUnixNano":"1772366340","asInt":"1"},
              {"timeUnixNano":"1803902340000000000","asInt":"1"}]}},
          {"name":"a.sum","sum":{"dataPoints":[{"timeUnixNano":"%1$s","asInt":1}]}},
          {"name":"","gauge":{"dataPoints":[{"timeUnixNano":"%1$s","asInt":1}]}},
          {"name":"a.hollow","gauge":{}}"""
              .formatted(TIME);
      HttpResponse<byte[]> response = server.post("/v1/metrics", utf8(metrics(points)), JSON);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(server.sink.points()).hasSize(1);
      ExportMetricsServiceResponse.Builder answer = ExportMetricsServiceResponse.newBuilder();
      JsonFormat.parser().merge(text(response), answer);
      assertThat(answer.getPartialSuccess().getRejectedDataPoints()).isEqualTo(7);
      assertThat(answer.getPartialSuccess().getErrorMessage())
          .contains("has no timeUnixNano")
          .contains("has the value NaN")
          .contains("is monotonic but has the value -1")
          .contains("a day ahead")
          .contains("metric 'a.sum' has no aggregationTemporality")
          .contains("a metric has no name")
          .contains("metric 'a.hollow' has no data points");
      assertThat(
              server.counter("tidemark_ingest_rejected_total", "otlp_http_metrics", "absurd_time"))
          .isEqualTo(2);
    }
  }

  /** One record dated ahead, or milliseconds, would hold a freshness objective good for years. */
  @Test
  void a_watermark_that_cannot_be_the_time_of_a_record_is_named_and_not_taken() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String points =
          """
          {"name":"tidemark.watermark","gauge":{"dataPoints":[
            {"timeUnixNano":"%1$s","asDouble":1772366340},
            {"timeUnixNano":"%1$s","asDouble":1772366340000},
            {"timeUnixNano":"%1$s","asDouble":1803902340},
            {"timeUnixNano":"%1$s","asDouble":-5}]}}"""
              .formatted(TIME);
      HttpResponse<byte[]> response = server.post("/v1/metrics", utf8(metrics(points)), JSON);

      assertThat(server.sink.points("tidemark.watermark"))
          .extracting(point -> point.value())
          .containsExactly(1772366340d);
      assertThat(text(response))
          .contains("\"rejectedDataPoints\":\"3\"")
          .contains("it is in seconds since 1970");
    }
  }

  @Test
  void sums_and_histograms_keep_their_kind() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String all =
          """
          {"name":"up.down","sum":{"aggregationTemporality":2,
            "dataPoints":[{"timeUnixNano":"%1$s","asInt":"-3"}]}},
          {"name":"total","sum":{"aggregationTemporality":2,"isMonotonic":true,
            "dataPoints":[{"timeUnixNano":"%1$s","asInt":3}]}},
          {"name":"plain","histogram":{"aggregationTemporality":1,
            "dataPoints":[{"timeUnixNano":"%1$s","count":"3","sum":7.5,
              "explicitBounds":[1,5],"bucketCounts":["1","2","0"]}]}},
          {"name":"exponential","exponentialHistogram":{"aggregationTemporality":2,
            "dataPoints":[{"timeUnixNano":"%1$s","count":10,"sum":4,"scale":0,"zeroCount":"3",
              "positive":{"offset":1,"bucketCounts":["2","1"]},
              "negative":{"offset":-1,"bucketCounts":["1","3"]}}]}},
          {"name":"short","summary":{"dataPoints":[{"timeUnixNano":"%1$s","count":4,"sum":2,
              "quantileValues":[{"quantile":0.5,"value":0.4}]}]}}"""
              .formatted(TIME);
      assertThat(text(server.post("/v1/metrics", utf8(metrics(all)), JSON))).isEqualTo("{}");

      assertThat(server.sink.points("up.down").get(0).series().kind())
          .isEqualTo(MetricKind.UPDOWN_SUM);
      assertThat(server.sink.points("total").get(0).series().kind())
          .isEqualTo(MetricKind.CUMULATIVE_SUM);
      MetricPoint plain = server.sink.points("plain").get(0);
      assertThat(plain.series().kind()).isEqualTo(MetricKind.DELTA_HISTOGRAM);
      assertThat(plain.bounds()).containsExactly(1, 5);
      assertThat(plain.bucketCounts()).containsExactly(1, 2, 0);
      // base 2: negatives (-2,-1] x3 and (-1,-0.5] x1, zero x3, positives (2,4] x2 and (4,8] x1
      MetricPoint exponential = server.sink.points("exponential").get(0);
      assertThat(exponential.bounds()).containsExactly(-2, -1, -0.5, 0, 2, 4, 8);
      assertThat(exponential.bucketCounts()).containsExactly(0, 3, 1, 3, 0, 2, 1, 0);
      MetricPoint summary = server.sink.points("short").get(0);
      assertThat(summary.count()).isEqualTo(4);
      assertThat(summary.bounds()).containsExactly(0.5);
    }
  }

  @Test
  void trace_and_span_ids_in_json_are_hex() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      String spans =
          """
          {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"p"}}]},
           "scopeSpans":[{"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C",
            "spanId":"EEE19B7EC3C1B174","parentSpanId":"EEE19B7EC3C1B173","name":"load","kind":2,
            "startTimeUnixNano":"%1$s","endTimeUnixNano":"%1$s","status":{"code":2,"message":"no"},
            "attributes":[{"key":"run.id","value":{"intValue":"7"}},
              {"key":"list","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":1.5}]}}}]}]}]}]}"""
              .formatted(TIME);
      String logs =
          """
          {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"observedTimeUnixNano":"%1$s",
            "severityNumber":17,"body":{"stringValue":"bad row"},
            "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"}]}]}]}"""
              .formatted(TIME);
      assertThat(text(server.post("/v1/traces", utf8(spans), JSON))).isEqualTo("{}");
      assertThat(text(server.post("/v1/logs", utf8(logs), JSON))).isEqualTo("{}");

      assertThat(server.sink.spans()).hasSize(1);
      assertThat(server.sink.spans().get(0).traceId())
          .isEqualTo("5b8efff798038103d269b633813fc60c");
      assertThat(server.sink.spans().get(0).parentSpanId()).isEqualTo("eee19b7ec3c1b173");
      assertThat(server.sink.spans().get(0).status()).isEqualTo("ERROR");
      assertThat(server.sink.spans().get(0).runId()).isEqualTo("7");
      assertThat(server.sink.spans().get(0).attributes()).containsEntry("list", "[true, 1.5]");
      assertThat(server.sink.logs().get(0).spanId()).isEqualTo("eee19b7ec3c1b174");
      assertThat(server.sink.logs().get(0).timeNanos()).isEqualTo(1772366340000000000L);
    }
  }

  @Test
  void garbage_gets_a_reason_and_never_a_500() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      Random random = new Random(7);
      byte[] noise = new byte[300];
      List<HttpResponse<byte[]>> answers = new ArrayList<>();
      for (String path : List.of("/v1/metrics", "/v1/traces", "/v1/logs")) {
        random.nextBytes(noise);
        noise[0] = 0x0a;
        noise[1] = (byte) 0xff;
        answers.add(server.post(path, noise, PROTOBUF));
        answers.add(server.post(path, noise, JSON));
        answers.add(
            server.post(
                path,
                utf8("{\"resourceMetrics\":7,\"resourceSpans\":7,\"resourceLogs\":7}"),
                JSON));
        answers.add(server.post(path, utf8("[".repeat(5000)), JSON));
        answers.add(server.post(path, new byte[0], JSON));
        answers.add(server.post(path, noise, PROTOBUF, "Content-Encoding", "gzip"));
      }
      assertThat(answers).allMatch(answer -> answer.statusCode() == 400);
      assertThat(answers).allMatch(answer -> answer.body().length > 10);
      assertThat(server.post("/v1/metrics", noise, "text/plain").statusCode()).isEqualTo(415);
      assertThat(server.post("/v1/metrics", noise, null).statusCode()).isEqualTo(415);
      assertThat(server.post("/v1/metrics", noise, PROTOBUF, "Content-Encoding", "br").statusCode())
          .isEqualTo(415);
      HttpResponse<byte[]> got = server.send("GET", "/v1/metrics", new byte[0], null);
      assertThat(got.statusCode()).isEqualTo(405);
      assertThat(header(got, "allow")).isEqualTo("POST");
      assertThat(server.sink.points()).isEmpty();
    }
  }

  @Test
  void too_much_is_refused_before_it_is_held() throws Exception {
    try (IngestServer server =
        IngestServer.start(IngestLimits.DEFAULT.withBodies(10_000, 50_000))) {
      HttpResponse<byte[]> large = server.post("/v1/metrics", new byte[20_000], PROTOBUF);
      assertThat(large.statusCode()).isEqualTo(413);
      byte[] bomb = gzip(new byte[5_000_000]);
      assertThat(bomb.length).isLessThan(10_000);
      HttpResponse<byte[]> exploded =
          server.post("/v1/metrics", bomb, PROTOBUF, "Content-Encoding", "gzip");
      assertThat(exploded.statusCode()).isEqualTo(413);
      assertThat(text(exploded)).contains("50000 bytes once decompressed");
    }
  }

  @Test
  void overload_and_an_absent_store_tell_when_to_come_back() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      server.sink.failWith(new OverloadException("the spool is full", Duration.ofMillis(2500)));
      HttpResponse<byte[]> full =
          server.post("/v1/metrics", utf8(gauge("\"asInt\":1772366000")), JSON);
      assertThat(full.statusCode()).isEqualTo(429);
      assertThat(header(full, "retry-after")).isEqualTo("3");
      assertThat(text(full)).contains("\"code\":8").contains("the spool is full");

      server.sink.failWith(new IllegalStateException("secret place"));
      HttpResponse<byte[]> away =
          server.post("/v1/metrics", utf8(gauge("\"asInt\":1772366000")), JSON);
      assertThat(away.statusCode()).isEqualTo(503);
      assertThat(text(away)).contains("\"code\":14").doesNotContain("secret");
    }
  }

  @Test
  void a_pipeline_with_too_many_series_is_named() throws Exception {
    try (IngestServer server = IngestServer.start(IngestLimits.DEFAULT.withSeriesPerPipeline(1))) {
      String other = gauge("\"asInt\":1772366000").replace("orders\"", "bills\"");
      assertThat(text(server.post("/v1/metrics", utf8(gauge("\"asInt\":1772366000")), JSON)))
          .isEqualTo("{}");
      assertThat(text(server.post("/v1/metrics", utf8(other), JSON)))
          .contains("has its limit of 1 series");
      assertThat(text(server.post("/v1/metrics", utf8(gauge("\"asInt\":1772366001")), JSON)))
          .isEqualTo("{}");
      assertThat(server.sink.points()).hasSize(2);
    }
  }

  @Test
  void a_sender_over_its_rate_waits() throws Exception {
    try (IngestServer server = IngestServer.start(IngestLimits.DEFAULT.withRecordsPerSecond(1))) {
      byte[] body = utf8(gauge("\"asInt\":1772366000"));
      for (int i = 0; i < 10; i++) {
        assertThat(server.post("/v1/metrics", body, JSON).statusCode()).isEqualTo(200);
      }
      HttpResponse<byte[]> over = server.post("/v1/metrics", body, JSON);
      assertThat(over.statusCode()).isEqualTo(429);
      assertThat(header(over, "retry-after")).isEqualTo("1");
    }
  }
}
