package dev.tidemark.engine.ingest;

import dev.tidemark.engine.model.LineageEvent;
import dev.tidemark.engine.model.LogRecord;
import dev.tidemark.engine.model.MetricPoint;
import dev.tidemark.engine.model.PingRecord;
import dev.tidemark.engine.model.SignalBatch;
import dev.tidemark.engine.model.SpanRecord;
import dev.tidemark.engine.store.SignalSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Keeps what it is given, or fails as told. */
public final class RecordingSink implements SignalSink {
  private final List<SignalBatch> batches = new ArrayList<>();
  private @Nullable RuntimeException failure;

  @Override
  public synchronized CompletionStage<Void> append(SignalBatch batch) {
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    batches.add(batch);
    return CompletableFuture.completedFuture(null);
  }

  synchronized void failWith(@Nullable RuntimeException reason) {
    failure = reason;
  }

  public synchronized List<MetricPoint> points() {
    return batches.stream().flatMap(batch -> batch.points().stream()).toList();
  }

  public List<MetricPoint> points(String metric) {
    return points().stream().filter(point -> point.series().metric().equals(metric)).toList();
  }

  synchronized List<SpanRecord> spans() {
    return batches.stream().flatMap(batch -> batch.spans().stream()).toList();
  }

  synchronized List<LogRecord> logs() {
    return batches.stream().flatMap(batch -> batch.logs().stream()).toList();
  }

  synchronized List<LineageEvent> lineage() {
    return batches.stream().flatMap(batch -> batch.lineage().stream()).toList();
  }

  synchronized List<PingRecord> pings() {
    return batches.stream().flatMap(batch -> batch.pings().stream()).toList();
  }
}
