package dev.tidemark.agent;

import dev.tidemark.agent.names.SignalNames;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.time.Duration;
import java.time.Instant;

/** What a pipeline says about one dataset, or one partition of it. Thread-safe; never throws. */
public final class DatasetSignals {
  private final Instruments instruments;
  private final Guard guard;
  private final Attributes attributes;

  DatasetSignals(Instruments instruments, Guard guard, Attributes attributes) {
    this.instruments = instruments;
    this.guard = guard;
    this.attributes = attributes;
  }

  /** Returns the same dataset's signals for one partition. */
  public DatasetSignals partition(String partition) {
    return new DatasetSignals(instruments, guard, with(SignalNames.PARTITION, partition));
  }

  /** Event time up to which everything has been processed. */
  public void watermark(Instant eventTime) {
    guard.signal(() -> instruments.watermark().set(eventTime.toEpochMilli() / 1000.0, attributes));
  }

  /** Records that arrived; negative counts are ignored by the counter. */
  public void observed(long records) {
    records("observed", records);
  }

  /** Records that ought to have arrived. */
  public void expected(long records) {
    records("expected", records);
  }

  /** Records that were refused. */
  public void rejected(long records) {
    records("rejected", records);
  }

  /** Records that had been there before. */
  public void duplicate(long records) {
    records("duplicate", records);
  }

  /** Records that came after their time. */
  public void late(long records) {
    records("late", records);
  }

  /** Time from event to processing. */
  public void processingLag(Duration lag) {
    guard.signal(() -> instruments.processingLag().record(seconds(lag), attributes));
  }

  /** Time that a read took. */
  public void readLatency(Duration latency) {
    guard.signal(() -> instruments.readLatency().record(seconds(latency), attributes));
  }

  /** Time that a task waited before it started. */
  public void queueAge(Duration age) {
    guard.signal(() -> instruments.queueAge().record(seconds(age), attributes));
  }

  /** Bytes processed. */
  public void bytes(long bytes) {
    guard.signal(() -> instruments.bytes().add(Math.max(0, bytes), attributes));
  }

  /** Money spent, in currency units. */
  public void cost(double units) {
    guard.signal(() -> instruments.cost().add(Math.max(0, units), attributes));
  }

  /** Result of a check. */
  public void check(String check, boolean passed) {
    guard.signal(
        () ->
            instruments
                .checks()
                .add(
                    1,
                    with(SignalNames.CHECK, check).toBuilder()
                        .put(SignalNames.OUTCOME, passed ? "success" : "failure")
                        .build()));
  }

  /** Distance of a feature from its baseline. */
  public void drift(String feature, String method, double distance) {
    guard.signal(
        () ->
            instruments
                .drift()
                .set(
                    distance,
                    with(SignalNames.FEATURE, feature).toBuilder()
                        .put(SignalNames.METHOD, method)
                        .build()));
  }

  private void records(String outcome, long records) {
    guard.signal(
        () -> instruments.records().add(Math.max(0, records), with(SignalNames.OUTCOME, outcome)));
  }

  private Attributes with(String key, String value) {
    return attributes.toBuilder().put(AttributeKey.stringKey(key), value).build();
  }

  private static double seconds(Duration duration) {
    return Math.max(0, duration.toNanos() / 1e9);
  }
}
