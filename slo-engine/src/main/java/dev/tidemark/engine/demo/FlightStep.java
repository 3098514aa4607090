package dev.tidemark.engine.demo;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one of the demo's pipelines does, again and again. Not thread-safe. */
interface FlightStep {
  /** Which datasets it reads, in lineage. */
  List<String> inputs();

  /** What it does, in a few words, for the trace. */
  String work();

  /** Its columns, name and type, in the order of its lines. */
  List<String[]> columns();

  /** Takes what has come since the last time, and hands on what it made of it. */
  Progress advance() throws IOException;

  /** Numbers whose distribution is watched; empty for none. */
  default double[] watched() {
    return new double[0];
  }

  /**
   * What one advance did.
   *
   * @param expected records that the one before says there are
   * @param observed records taken
   * @param rejected records that could not be read
   * @param written records handed on
   * @param watermark event time up to which everything is handed on; null when nothing moved
   */
  record Progress(
      long expected, long observed, long rejected, long written, @Nullable Instant watermark) {
    static final Progress NONE = new Progress(0, 0, 0, 0, null);
  }
}
