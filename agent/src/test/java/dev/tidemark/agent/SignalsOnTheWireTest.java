package dev.tidemark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, kinds, units and attributes as Tidemark's interfaces promise them. */
class SignalsOnTheWireTest {
  @Test
  void everything_has_the_promised_name_kind_and_attributes(@TempDir Path folder) throws Exception {
    try (Engine engine = new Engine()) {
      try (TidemarkAgent agent =
          TidemarkAgent.forPipeline("orders_ingest")
              .domain("payments")
              .endpoint(engine.address() + "/")
              .token("secret-token-0123456789")
              .buffer(folder, 1 << 20)
              .build()) {
        DatasetSignals orders = agent.dataset("orders");
        orders.watermark(Instant.ofEpochMilli(1_772_366_000_500L));
        orders.observed(5);
        orders.expected(6);
        orders.rejected(1);
        orders.duplicate(2);
        orders.late(3);
        orders.partition("eu").observed(7);
        orders.processingLag(Duration.ofMillis(1500));
        orders.readLatency(Duration.ofMillis(20));
        orders.queueAge(Duration.ofSeconds(4));
        orders.bytes(1024);
        orders.cost(0.25);
        orders.check("not_null", true);
        orders.check("not_null", false);
        orders.drift("amount", "psi", 0.31);
        agent.heartbeat("orders-cdc");
        agent.startRun("r1").succeeded();
        try (PipelineRun second = agent.startRun("r2", Map.of("dataset", "orders"))) {
          try (RunStep step = second.step("write")) {
            step.note("file", "orders.csv");
            step.failed("no space left");
          }
          second.failed("no space left");
        }
        assertThat(agent.flush(Duration.ofSeconds(10))).isTrue();
      }

      assertThat(engine.resource())
          .containsEntry("service.name", "orders_ingest")
          .containsEntry("tidemark.domain", "payments");
      assertThat(engine.tokens()).containsOnly("Bearer secret-token-0123456789");
      Metric watermark = engine.metrics("tidemark.watermark").get(0);
      assertThat(watermark.getUnit()).isEqualTo("s");
      assertThat(watermark.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(1_772_366_000.5);
      assertThat(Engine.attributes(watermark.getGauge().getDataPoints(0).getAttributesList()))
          .isEqualTo(Map.of("dataset", "orders"));
      Metric records = engine.metrics("tidemark.records").get(0);
      assertThat(records.getSum().getAggregationTemporality())
          .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
      assertThat(records.getSum().getIsMonotonic()).isTrue();
      assertThat(engine.sum("tidemark.records", "outcome", "observed")).isEqualTo(12);
      assertThat(engine.sum("tidemark.records", "partition", "eu")).isEqualTo(7);
      assertThat(engine.sum("tidemark.records", "outcome", "expected")).isEqualTo(6);
      assertThat(engine.sum("tidemark.records", "outcome", "rejected")).isEqualTo(1);
      assertThat(engine.sum("tidemark.records", "outcome", "duplicate")).isEqualTo(2);
      assertThat(engine.sum("tidemark.records", "outcome", "late")).isEqualTo(3);
      histogram(engine, "tidemark.processing.lag", 1.5);
      histogram(engine, "tidemark.read.latency", 0.02);
      histogram(engine, "tidemark.queue.age", 4);
      // The mission's targets: p95 of reads below 50 ms, of the lag below 2 min.
      assertThat(bounds(engine, "tidemark.read.latency")).contains(0.05);
      assertThat(bounds(engine, "tidemark.processing.lag")).contains(120.0);
      assertThat(engine.metrics("tidemark.bytes").get(0).getUnit()).isEqualTo("By");
      assertThat(engine.sum("tidemark.bytes", "dataset", "orders")).isEqualTo(1024);
      assertThat(engine.metrics("tidemark.cost").get(0).getSum().getDataPoints(0).getAsDouble())
          .isEqualTo(0.25);
      assertThat(engine.sum("tidemark.check", "outcome", "success")).isEqualTo(1);
      assertThat(engine.sum("tidemark.check", "outcome", "failure")).isEqualTo(1);
      assertThat(engine.sum("tidemark.check", "check", "not_null")).isEqualTo(2);
      Metric drift = engine.metrics("tidemark.drift").get(0);
      assertThat(drift.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(0.31);
      assertThat(Engine.attributes(drift.getGauge().getDataPoints(0).getAttributesList()))
          .isEqualTo(Map.of("dataset", "orders", "feature", "amount", "method", "psi"));
      assertThat(engine.sum("tidemark.heartbeat", "connector", "orders-cdc")).isEqualTo(1);
      assertThat(engine.sum("tidemark.runs", "outcome", "success")).isEqualTo(1);
      assertThat(engine.sum("tidemark.runs", "outcome", "failure")).isEqualTo(1);
      assertThat(engine.sum("tidemark.runs", "dataset", "orders")).isEqualTo(1);
      assertThat(engine.metrics("tidemark.run.duration").get(0).getUnit()).isEqualTo("s");
      assertThat(engine.spans())
          .extracting(span -> Engine.attributes(span.getAttributesList()).get("run.id"))
          .containsExactlyInAnyOrder("r1", "r2", "r2");
      Span failed =
          engine.spans().stream()
              .filter(
                  span -> "r2".equals(Engine.attributes(span.getAttributesList()).get("run.id")))
              .filter(span -> span.getName().equals("run"))
              .findFirst()
              .orElseThrow();
      assertThat(failed.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(failed.getStatus().getMessage()).isEqualTo("no space left");
      Span step =
          engine.spans().stream()
              .filter(span -> span.getName().equals("write"))
              .findFirst()
              .orElseThrow();
      assertThat(step.getParentSpanId()).isEqualTo(failed.getSpanId());
      assertThat(step.getTraceId()).isEqualTo(failed.getTraceId());
      assertThat(Engine.attributes(step.getAttributesList())).containsEntry("file", "orders.csv");
    }
  }

  private static List<Double> bounds(Engine engine, String name) {
    return engine.metrics(name).get(0).getHistogram().getDataPoints(0).getExplicitBoundsList();
  }

  private static void histogram(Engine engine, String name, double seconds) {
    Metric metric = engine.metrics(name).get(0);
    assertThat(metric.getUnit()).isEqualTo("s");
    assertThat(metric.getHistogram().getDataPoints(0).getCount()).isEqualTo(1);
    assertThat(metric.getHistogram().getDataPoints(0).getSum()).isEqualTo(seconds);
  }
}
