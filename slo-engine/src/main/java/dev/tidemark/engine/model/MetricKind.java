package dev.tidemark.engine.model;

/** What a metric point's numbers mean. Names follow the OpenTelemetry metrics data model. */
public enum MetricKind {
  /** A value as it stood at the point's time. */
  GAUGE,
  /** The increase between start and time. */
  DELTA_SUM,
  /** The total since start, resetting when start moves or the value falls. */
  CUMULATIVE_SUM,
  /** A total that may also fall (an up-down counter), since start. */
  UPDOWN_SUM,
  /** Bucketed observations between start and time. */
  DELTA_HISTOGRAM,
  /** Bucketed observations since start. */
  CUMULATIVE_HISTOGRAM,
  /** Quantiles computed by the sender; sum and count since start. */
  SUMMARY;

  /** Returns whether values run on since a start and have to be turned into increases. */
  public boolean isCumulative() {
    return this == CUMULATIVE_SUM || this == CUMULATIVE_HISTOGRAM || this == SUMMARY;
  }
}
