package dev.tidemark.engine.store.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.MetricKind;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.model.SpanRecord;
import dev.tidemark.engine.store.PipelineHistory.Amount;
import dev.tidemark.engine.store.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the debug page asks of a real ClickHouse. */
class PipelineHistoryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:30:00Z");
  private static final Instant DAY = NOW.minus(Duration.ofDays(1));

  private static FreshStore store;
  private static ClickHousePipelineHistory history;

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L;
  }

  private static SpanRecord span(
      String pipeline, String trace, String id, String parent, int second) {
    long begin = nanos(NOW.minusSeconds(600).plusSeconds(second));
    return new SpanRecord(
        trace, id, parent, "work", pipeline, "r1", begin, begin + 5, "OK", "", Map.of());
  }

  private static LogRecord log(String pipeline, String run, String trace, int second) {
    return new LogRecord(
        nanos(NOW.minusSeconds(600).plusSeconds(second)),
        pipeline,
        run,
        trace,
        "",
        9,
        "INFO",
        "line " + second,
        Map.of());
  }

  private static LineageEvent event(String job, String run, int second) {
    return new LineageEvent(
        "RUN",
        "START",
        nanos(NOW.minusSeconds(600).plusSeconds(second)),
        run,
        job,
        "",
        List.of(),
        List.of(),
        List.of(),
        "{}");
  }

  private static Series series(String metric, MetricKind kind, String partition, String outcome) {
    return Series.of(
        metric,
        kind,
        "1",
        Map.of("service.name", "load"),
        Map.of("dataset", "orders", "partition", partition, "outcome", outcome));
  }

  @BeforeAll
  static void fill(@TempDir Path folder) throws Exception {
    store = new FreshStore();
    history = new ClickHousePipelineHistory(store.connections());
    Series eu = series("tidemark.watermark", MetricKind.GAUGE, "eu", "");
    Series us = series("tidemark.watermark", MetricKind.GAUGE, "us", "");
    Series delta = series("tidemark.records", MetricKind.DELTA_SUM, "eu", "observed");
    Series total = series("tidemark.records", MetricKind.CUMULATIVE_SUM, "us", "observed");
    Series late = series("tidemark.records", MetricKind.DELTA_SUM, "eu", "late");
    List<MetricPoint> points = new ArrayList<>();
    points.add(MetricPoint.number(eu, 0, nanos(NOW.minusSeconds(60)), 1_772_366_000));
    points.add(MetricPoint.number(eu, 0, nanos(NOW.minusSeconds(30)), 1_772_366_100));
    points.add(MetricPoint.number(us, 0, nanos(NOW.minusSeconds(30)), 1_772_360_000));
    // 11 o'clock: 3 + 4 in eu, from 10 to 25 in us; 12 o'clock: 5 in eu.
    points.add(MetricPoint.number(delta, 0, nanos(NOW.minusSeconds(4_000)), 3));
    points.add(MetricPoint.number(delta, 0, nanos(NOW.minusSeconds(3_000)), 4));
    points.add(MetricPoint.number(delta, 0, nanos(NOW.minusSeconds(60)), 5));
    points.add(MetricPoint.number(late, 0, nanos(NOW.minusSeconds(60)), 99));
    points.add(MetricPoint.number(total, 1, nanos(NOW.minusSeconds(4_000)), 10));
    points.add(MetricPoint.number(total, 1, nanos(NOW.minusSeconds(3_000)), 25));
    SignalBatch batch =
        new SignalBatch(
            points,
            List.of(
                span("load", "t1", "root", "", 0),
                span("spark", "t1", "child", "root", 2),
                span("load", "t2", "root2", "", 10),
                span("other", "t3", "root3", "", 20)),
            List.of(
                log("load", "r1", "", 3),
                log("load", "", "t1", 1),
                log("load", "r2", "", 2),
                log("other", "r1", "", 4)),
            List.of(
                event("ns/load", "r1", 0),
                event("load", "r2", 1),
                event("ns/reload", "r3", 2),
                event("ns/other", "r4", 3)),
            List.of());
    try (ClickHouseSignalSink sink =
        new ClickHouseSignalSink(
            store.connections(),
            new Spool(folder.resolve("spool"), 1 << 20),
            InstantSource.fixed(NOW),
            (stored, at) -> {})) {
      sink.append(batch).toCompletableFuture().get(30, TimeUnit.SECONDS);
      // The same again changes nothing.
      sink.append(batch).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void root_spans_are_those_of_the_pipeline_newest_first() {
    assertThat(history.rootSpans("load", DAY, 10))
        .extracting(SpanRecord::spanId)
        .containsExactly("root2", "root");
    assertThat(history.rootSpans("load", DAY, 1)).hasSize(1);
    assertThat(history.rootSpans("load", NOW, 10)).isEmpty();
    assertThat(history.rootSpans("it's", DAY, 10)).isEmpty();
  }

  @Test
  void a_trace_crosses_pipelines() {
    assertThat(history.trace("t1", DAY, 10))
        .extracting(SpanRecord::pipeline)
        .containsExactly("load", "spark");
  }

  @Test
  void a_run_leads_to_its_trace_before_its_root_span_came() {
    assertThat(history.traceOf("spark", "r1", DAY)).contains("t1");
    assertThat(history.traceOf("spark", "r1", NOW)).isEmpty();
    assertThat(history.traceOf("spark", "r2", DAY)).isEmpty();
  }

  @Test
  void run_events_are_those_of_the_job_whatever_its_namespace() {
    assertThat(history.runEvents("load", DAY, 10))
        .extracting(LineageEvent::runId)
        .containsExactly("r2", "r1");
  }

  @Test
  void logs_belong_to_a_run_by_its_id_or_its_trace() {
    assertThat(history.logs("load", "r1", "t1", DAY, 10))
        .extracting(LogRecord::body)
        .containsExactly("line 1", "line 3");
    assertThat(history.logs("load", "r1", "", DAY, 10))
        .extracting(LogRecord::body)
        .containsExactly("line 3");
  }

  @Test
  void every_partition_has_its_newest_watermark() {
    assertThat(history.watermarks("load", DAY))
        .containsExactly(
            Map.entry("eu", Instant.ofEpochSecond(1_772_366_100)),
            Map.entry("us", Instant.ofEpochSecond(1_772_360_000)));
    assertThat(history.watermarks("nobody", DAY)).isEmpty();
  }

  @Test
  void records_are_counted_per_partition_and_step() {
    Instant eleven = Instant.parse("2026-03-01T11:00:00Z");
    assertThat(history.records("load", DAY, Duration.ofHours(1)))
        .containsExactly(
            new Amount("eu", eleven, 7),
            new Amount("eu", eleven.plus(Duration.ofHours(1)), 5),
            new Amount("us", eleven, 15));
  }
}
