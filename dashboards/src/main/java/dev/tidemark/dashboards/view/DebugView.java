package dev.tidemark.dashboards.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one pipeline did.
 *
 * @param pipeline name
 * @param state such as running, failing, silent
 * @param owner team, may be empty
 * @param datasets what it writes
 * @param others the other pipelines, to jump to
 * @param runs newest first
 * @param selected the run whose logs and trace are shown, or null
 * @param partitions lag of each
 * @param skew records per partition over time, or null when it has no partitions
 * @param schemaChanges newest first
 */
public record DebugView(
    String pipeline,
    Badge state,
    String owner,
    List<Link> datasets,
    List<Link> others,
    List<Run> runs,
    @Nullable SelectedRun selected,
    List<Partition> partitions,
    @Nullable Heatmap skew,
    List<SchemaChange> schemaChanges) {

  /**
   * One run.
   *
   * @param run leads to its logs and trace
   * @param outcome such as success, failure, running
   * @param started or null when not known
   * @param duration such as {@code 4 min 12 s}, may be empty
   * @param records such as {@code 1.2 M records}, may be empty
   * @param error message of a failure, may be empty
   * @param selected whether its logs are shown below
   */
  public record Run(
      Link run,
      Badge outcome,
      @Nullable Instant started,
      String duration,
      String records,
      String error,
      boolean selected) {}

  /**
   * The run that is looked at.
   *
   * @param runId its id
   * @param traceId W3C trace id, may be empty
   * @param logs oldest first
   * @param moreLogs whether some were left off
   * @param spans in the order of the waterfall
   * @param traceDuration of the whole trace, with unit
   */
  public record SelectedRun(
      String runId,
      String traceId,
      List<LogLine> logs,
      boolean moreLogs,
      List<Span> spans,
      String traceDuration) {}

  /**
   * One line of a log.
   *
   * @param at event time
   * @param level such as {@code ERROR}
   * @param tone of the level
   * @param body text from the pipeline
   */
  public record LogLine(Instant at, String level, Tone tone, String body) {}

  /**
   * One bar of the waterfall.
   *
   * @param name of the span
   * @param service that made it
   * @param depth 0 for the root
   * @param offset begin within the trace, 0 to 1
   * @param width share of the trace's duration, 0 to 1
   * @param duration with unit
   * @param tone BAD for an error, otherwise NEUTRAL
   */
  public record Span(
      String name,
      String service,
      int depth,
      double offset,
      double width,
      String duration,
      Tone tone) {

    /** Returns the begin as an SVG percentage. */
    public String x() {
      return percent(Math.min(offset, 0.996));
    }

    /** Returns the width as an SVG percentage, at least a hair so that short spans are seen. */
    public String w() {
      return percent(Math.max(0.004, width));
    }

    /** Returns the indentation class, 0 to 8. */
    public int indent() {
      return Math.max(0, Math.min(8, depth));
    }

    private static String percent(double share) {
      return Math.round(Math.max(0, Math.min(1, share)) * 1000) / 10.0 + "%";
    }
  }

  /**
   * How far a partition is behind.
   *
   * @param partition key
   * @param lag compared with the worst one
   * @param newest event time of its newest record, or null
   * @param records in the last hour, with unit, may be empty
   */
  public record Partition(String partition, Meter lag, @Nullable Instant newest, String records) {}

  /**
   * Rows of cells in five strengths.
   *
   * @param legend what the strengths mean
   * @param columns heads
   * @param rows one per partition
   */
  public record Heatmap(String legend, List<String> columns, List<Row> rows) {
    /**
     * One row.
     *
     * @param label partition
     * @param cells one per column
     */
    public record Row(String label, List<Cell> cells) {}

    /**
     * One cell.
     *
     * @param level 0 (nothing) to 5 (most)
     * @param text the number
     */
    public record Cell(int level, String text) {}
  }

  /**
   * A change of a schema.
   *
   * @param at when it was seen
   * @param dataset whose
   * @param change such as {@code column amount: int → string}
   * @param compatible verdict
   */
  public record SchemaChange(Instant at, Link dataset, String change, Badge compatible) {}
}
