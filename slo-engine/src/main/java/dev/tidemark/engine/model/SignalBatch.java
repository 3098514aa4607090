package dev.tidemark.engine.model;

import java.util.List;

/**
 * What one request brought, decoded. It is acknowledged as a whole, after all of it is durable.
 *
 * @param points for judging and for the record
 * @param spans for the debug page
 * @param logs for the debug page
 * @param lineage for the graph and the record
 * @param pings for the record; their meaning is in {@code points} too
 */
public record SignalBatch(
    List<MetricPoint> points,
    List<SpanRecord> spans,
    List<LogRecord> logs,
    List<LineageEvent> lineage,
    List<PingRecord> pings) {

  /** Returns a batch of points alone. */
  public static SignalBatch ofPoints(List<MetricPoint> points) {
    return new SignalBatch(points, List.of(), List.of(), List.of(), List.of());
  }

  /** Returns how many records it holds. */
  public int size() {
    return points.size() + spans.size() + logs.size() + lineage.size() + pings.size();
  }
}
