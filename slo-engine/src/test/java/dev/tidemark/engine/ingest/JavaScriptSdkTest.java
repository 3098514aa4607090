package dev.tidemark.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.NodeProject;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import java.time.Clock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenTelemetry JavaScript SDK, which nobody here wrote, sends to us. Needs node and npm. */
final class JavaScriptSdkTest {
  @SuppressWarnings("NullAway.Init") // set before any test
  private static NodeProject project;

  @BeforeAll
  static void install() throws Exception {
    project = NodeProject.install("js-otel", "send.js");
  }

  @ParameterizedTest
  @CsvSource({"json", "proto", "grpc"})
  void everything_the_sdk_sends_arrives(String protocol) throws Exception {
    try (IngestServer server = new IngestServer(IngestLimits.DEFAULT, Clock.systemUTC())) {
      int port = protocol.equals("grpc") ? server.grpcPort : server.port;
      String output = project.run(protocol, "http://127.0.0.1:" + port);

      MetricPoint records = server.sink.points("tidemark.records").get(0);
      assertThat(records.series().pipeline()).isEqualTo("js-" + protocol);
      assertThat(records.series().kind()).isEqualTo(MetricKind.CUMULATIVE_SUM);
      assertThat(records.series().attributes()).containsEntry("dataset", "orders");
      assertThat(records.value()).isEqualTo(41d);
      assertThat(server.sink.points("in.flight").get(0).series().kind())
          .isEqualTo(MetricKind.UPDOWN_SUM);
      assertThat(server.sink.points("tidemark.watermark").get(0).value()).isEqualTo(1772366000d);
      MetricPoint lag = server.sink.points("tidemark.processing.lag").get(0);
      assertThat(lag.count()).isEqualTo(1);
      assertThat(lag.value()).isEqualTo(7d);
      MetricPoint age = server.sink.points("tidemark.queue.age").get(0);
      assertThat(age.series().kind()).isEqualTo(MetricKind.CUMULATIVE_HISTOGRAM);
      assertThat(age.count()).isEqualTo(2);
      assertThat(age.bucketCounts()).hasSize(age.bounds().length + 1);
      assertThat(server.sink.spans()).hasSize(1);
      assertThat(output).contains("sent " + server.sink.spans().get(0).traceId());
      assertThat(server.sink.spans().get(0).runId()).isEqualTo("r7");
      assertThat(server.sink.spans().get(0).status()).isEqualTo("ERROR");
      assertThat(server.sink.logs()).hasSize(1);
      assertThat(server.sink.logs().get(0).body()).isEqualTo("bad row");
      assertThat(server.sink.logs().get(0).severityNumber()).isEqualTo(17);
    }
  }
}
