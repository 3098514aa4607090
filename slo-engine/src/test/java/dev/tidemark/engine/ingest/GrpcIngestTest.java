package dev.tidemark.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.store.OverloadException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** gRPC written by hand over HTTP/2, frame by frame, so that wrong frames can be sent too. */
final class GrpcIngestTest {
  private static final String EXPORT =
      "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
  private static final Vertx VERTX = Vertx.vertx();

  /** What came back: status, its message, and the message without its five bytes of frame. */
  private record Answer(
      @Nullable String status, @Nullable String reason, @Nullable String details, Buffer message) {}

  @AfterAll
  static void stop() throws Exception {
    VERTX.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static byte[] request(long time) {
    NumberDataPoint point =
        NumberDataPoint.newBuilder().setTimeUnixNano(time).setAsDouble(4).build();
    NumberDataPoint timeless = NumberDataPoint.newBuilder().setAsDouble(4).build();
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(
                            Metric.newBuilder()
                                .setName("depth")
                                .setGauge(
                                    Gauge.newBuilder()
                                        .addDataPoints(point)
                                        .addDataPoints(timeless)))))
        .build()
        .toByteArray();
  }

  private static Buffer frame(byte[] message, boolean compressed) {
    return Buffer.buffer()
        .appendByte((byte) (compressed ? 1 : 0))
        .appendInt(message.length)
        .appendBytes(message);
  }

  private static Answer call(IngestServer server, String path, Buffer body, boolean gzip)
      throws Exception {
    HttpClient client =
        VERTX.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    return client
        .request(HttpMethod.POST, server.grpcPort, "127.0.0.1", path)
        .compose(
            request -> {
              request.putHeader("content-type", "application/grpc").putHeader("te", "trailers");
              if (gzip) {
                request.putHeader("grpc-encoding", "gzip");
              }
              return request.send(body);
            })
        .compose(
            response ->
                response
                    .body()
                    .map(
                        message -> {
                          String status = response.getTrailer("grpc-status");
                          return status == null
                              ? new Answer(
                                  response.getHeader("grpc-status"),
                                  response.getHeader("grpc-message"),
                                  response.getHeader("grpc-status-details-bin"),
                                  message)
                              : new Answer(
                                  status,
                                  response.getTrailer("grpc-message"),
                                  response.getTrailer("grpc-status-details-bin"),
                                  message);
                        }))
        .onComplete(done -> client.close())
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static byte[] gzip(byte[] body) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    }
    return out.toByteArray();
  }

  @Test
  void metrics_arrive_plain_and_compressed_with_partial_success() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      long time = 1772366340000000000L;
      Answer plain = call(server, EXPORT, frame(request(time), false), false);
      Answer packed = call(server, EXPORT, frame(gzip(request(time + 1)), true), true);
      for (Answer answer : new Answer[] {plain, packed}) {
        assertThat(answer.status()).isEqualTo("0");
        byte[] message = answer.message().getBytes(5, answer.message().length());
        assertThat(
                ExportMetricsServiceResponse.parseFrom(message)
                    .getPartialSuccess()
                    .getRejectedDataPoints())
            .isEqualTo(1);
      }
      assertThat(server.sink.points("depth")).hasSize(2);
    }
  }

  @Test
  void what_cannot_be_read_is_an_invalid_argument() throws Exception {
    try (IngestServer server =
        IngestServer.start(IngestLimits.DEFAULT.withBodies(10_000, 50_000))) {
      assertThat(call(server, EXPORT, frame(new byte[] {10, -1, 3}, false), false).status())
          .isEqualTo("3");
      assertThat(call(server, EXPORT, frame(new byte[] {1, 2}, true), true).status())
          .isEqualTo("3");
      Answer bomb = call(server, EXPORT, frame(gzip(new byte[5_000_000]), true), true);
      assertThat(bomb.status()).isEqualTo("3");
      assertThat(bomb.reason()).contains("decompressed");
      assertThat(call(server, EXPORT, frame(new byte[20_000], false), false).status())
          .isEqualTo("3");
      assertThat(call(server, EXPORT, Buffer.buffer(), false).status()).isEqualTo("3");
      assertThat(call(server, "/some.Other/Export", frame(new byte[0], false), false).status())
          .isEqualTo("12");
      assertThat(server.sink.points()).isEmpty();
    }
  }

  @Test
  void overload_is_resource_exhausted_with_retry_info() throws Exception {
    try (IngestServer server = IngestServer.start()) {
      server.sink.failWith(new OverloadException("full", Duration.ofSeconds(2)));
      Answer full = call(server, EXPORT, frame(request(1772366340000000000L), false), false);
      assertThat(full.status()).isEqualTo("8");
      assertThat(full.details()).isNotEmpty();
      server.sink.failWith(new IllegalStateException("away"));
      assertThat(call(server, EXPORT, frame(request(1772366340000000000L), false), false).status())
          .isEqualTo("14");
    }
  }
}
