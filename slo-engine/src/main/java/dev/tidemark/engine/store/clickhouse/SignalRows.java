package dev.tidemark.engine.store.clickhouse;

import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.PingRecord;
import dev.tidemark.engine.model.Series;
import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.model.SpanRecord;
import java.time.Instant;
import java.util.Collection;

/** Signals as rows; columns in the order of the migrations. */
final class SignalRows {
  private SignalRows() {}

  static RowBinary series(Collection<Series> all, Instant seen) {
    RowBinary rows = new RowBinary();
    for (Series series : all) {
      rows.row();
      rows.int64(series.id());
      rows.text(series.metric());
      rows.text(series.kind().name());
      rows.text(series.unit());
      rows.text(series.pipeline());
      rows.map(series.resource());
      rows.map(series.attributes());
      rows.int64(seen.toEpochMilli());
    }
    return rows;
  }

  static RowBinary points(SignalBatch batch, Instant receivedAt) {
    RowBinary rows = new RowBinary();
    for (MetricPoint point : batch.points()) {
      rows.row();
      rows.int64(point.series().id());
      rows.int64(point.startNanos());
      rows.int64(point.timeNanos());
      rows.int64(receivedAt.toEpochMilli());
      rows.float64(point.value());
      rows.int64(point.count());
      rows.length(point.bounds().length);
      for (double bound : point.bounds()) {
        rows.float64(bound);
      }
      rows.length(point.bucketCounts().length);
      for (long count : point.bucketCounts()) {
        rows.int64(count);
      }
      rows.int64(point.id());
    }
    return rows;
  }

  static RowBinary spans(SignalBatch batch, Instant receivedAt) {
    RowBinary rows = new RowBinary();
    for (SpanRecord span : batch.spans()) {
      rows.row();
      rows.text(span.traceId());
      rows.text(span.spanId());
      rows.text(span.parentSpanId());
      rows.text(span.name());
      rows.text(span.pipeline());
      rows.text(span.runId());
      rows.int64(span.startNanos());
      rows.int64(span.endNanos());
      rows.text(span.status());
      rows.text(span.statusMessage());
      rows.map(span.attributes());
      rows.int64(receivedAt.toEpochMilli());
    }
    return rows;
  }

  static RowBinary logs(SignalBatch batch, Instant receivedAt) {
    RowBinary rows = new RowBinary();
    for (LogRecord log : batch.logs()) {
      rows.row();
      rows.int64(log.timeNanos());
      rows.text(log.pipeline());
      rows.text(log.runId());
      rows.text(log.traceId());
      rows.text(log.spanId());
      rows.int8(log.severityNumber());
      rows.text(log.severityText());
      rows.text(log.body());
      rows.map(log.attributes());
      rows.int64(receivedAt.toEpochMilli());
    }
    return rows;
  }

  static RowBinary lineage(SignalBatch batch, Instant receivedAt) {
    RowBinary rows = new RowBinary();
    for (LineageEvent event : batch.lineage()) {
      rows.row();
      rows.text(event.kind());
      rows.text(event.eventType());
      rows.int64(event.eventTimeNanos());
      rows.text(event.runId());
      rows.text(event.job());
      rows.text(event.parentRunId());
      rows.texts(event.inputs());
      rows.texts(event.outputs());
      rows.texts(event.remarks());
      rows.text(event.json());
      rows.int64(receivedAt.toEpochMilli());
    }
    return rows;
  }

  static RowBinary pings(SignalBatch batch, Instant receivedAt) {
    RowBinary rows = new RowBinary();
    for (PingRecord ping : batch.pings()) {
      rows.row();
      rows.text(ping.key());
      rows.text(ping.kind());
      rows.int32(ping.exitCode());
      rows.int64(ping.timeNanos());
      rows.text(ping.runId());
      rows.text(ping.body());
      rows.int64(receivedAt.toEpochMilli());
    }
    return rows;
  }
}
