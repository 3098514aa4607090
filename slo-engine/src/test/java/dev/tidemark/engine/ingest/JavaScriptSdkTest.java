package dev.tidemark.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenTelemetry JavaScript SDK, which nobody here wrote, sends to us. Needs node and npm. */
final class JavaScriptSdkTest {
  private static final Path HOME = Path.of("target", "js-otel").toAbsolutePath();

  @BeforeAll
  static void install() throws Exception {
    Files.createDirectories(HOME);
    for (String name : List.of("package.json", "package-lock.json", "send.js")) {
      try (InputStream in =
          Objects.requireNonNull(
              JavaScriptSdkTest.class.getResourceAsStream("/js-otel/" + name), name)) {
        Files.copy(in, HOME.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!Files.exists(HOME.resolve("node_modules/.package-lock.json"))) {
      assertThat(run(240, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
          .contains("added");
    }
  }

  private static String run(int seconds, String... command)
      throws IOException, InterruptedException {
    File log = Files.createTempFile(HOME, "run", ".log").toFile();
    Process process =
        new ProcessBuilder(command)
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String output = Files.readString(log.toPath(), StandardCharsets.UTF_8);
    assertThat(ended).as("ended in time: %s", output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  @ParameterizedTest
  @CsvSource({"json", "proto", "grpc"})
  void everything_the_sdk_sends_arrives(String protocol) throws Exception {
    try (IngestServer server = new IngestServer(IngestLimits.DEFAULT, Clock.systemUTC())) {
      int port = protocol.equals("grpc") ? server.grpcPort : server.port;
      String output = run(60, "node", "send.js", protocol, "http://127.0.0.1:" + port);

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
